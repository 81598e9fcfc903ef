export type { ChatMessage } from './chat/chat-prompt.ts';
export { Engine, type EngineOptions, type ModelInfo } from './engine.ts';
export type { Chunk, FinishReason, GenerateOptions, Generation } from './generation.ts';
export { GGML_TYPES, type GgufHeader, type GgufTensor, type GgufValue, readGguf } from './gguf/gguf-file.ts';
export { type QuantizationType, quantize } from './gguf/quantize.ts';
export { idleCores, physicalCores } from './models/idle-cores.ts';
export { findLibllama, libllamaFacts } from './native/libllama.ts';
export { type LogSink, setNativeLog } from './native/native-log.ts';
export { type SamplingOptions, samplingDefaults } from './sampling/sampling.ts';
