export type { ErrorBody } from './api/api-error.ts';
export type {
  ChatMessage,
  ChatModel,
  ModelAnswer,
  ModelChunk,
  ModelRequest,
  ModelUse,
  ServedModel,
} from './api/chat-model.ts';
export { type Gate, gateLabel, readGate } from './api/gate.ts';
export { fixedModel, pooledModel } from './api/served-model.ts';
export { createServer, type LucieServer, type ServerOptions } from './create-server.ts';
export { DEFAULT_SCOPES, type KeyRecord, keyState, SCOPES, type Scope } from './keys/key-record.ts';
export { KeyStore, type NewKey } from './keys/key-store.ts';
export { parseOrigin } from './listen/cors.ts';
export { type KeyPolicy, keysAsked } from './listen/exposure.ts';
export type { Listening, ListenOptions } from './listen/listen.ts';
export { openApiDocument } from './openapi/document.ts';
export type { Curve } from './page/curve.ts';
export { type RunReport, readRunReport, type StageReport } from './page/run-report.ts';
export type { Score } from './page/score-rows.ts';
export type { Source } from './page/source-rows.ts';
export { DEFAULT_ROOM_LIMITS, type RoomLimits } from './rooms/room-limits.ts';
export { type ModelFile, type ServeOptions, serve } from './serve.ts';
