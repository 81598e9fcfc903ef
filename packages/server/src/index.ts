export type { ErrorBody } from './api-error.ts';
export type { ChatMessage, ChatModel, ModelAnswer, ModelRequest, ServedModel } from './chat-model.ts';
export { createServer, type LucieServer, type ServerOptions } from './create-server.ts';
export type { Curve } from './curve.ts';
export type { Listening, ListenOptions } from './listen.ts';
export { type RunReport, readRunReport, type StageReport } from './run-report.ts';
export type { Score } from './score-rows.ts';
export { type ModelFile, serve } from './serve.ts';
export type { Source } from './source-rows.ts';
