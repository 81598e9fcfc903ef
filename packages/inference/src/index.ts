export type { ChatMessage } from './chat-prompt.ts';
export { Engine, type EngineOptions, type ModelInfo } from './engine.ts';
export type { Chunk, FinishReason, GenerateOptions, Generation } from './generation.ts';
export { GGML_TYPES, type GgufHeader, type GgufTensor, type GgufValue, readGguf } from './gguf-file.ts';
export { idleCores, physicalCores } from './idle-cores.ts';
export { findLibllama, libllamaFacts } from './libllama.ts';
export { type LogSink, setNativeLog } from './native-log.ts';
export { type QuantizationType, quantize } from './quantize.ts';
export { type SamplingOptions, samplingDefaults } from './sampling.ts';
