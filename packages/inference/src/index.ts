export type { ChatMessage } from './chat/chat-prompt.ts';
export { Engine } from './engine.ts';
export type { EngineOptions } from './engine-options.ts';
export type { GenerateOptions } from './generate-options.ts';
export type { Chunk, FinishReason, Generation } from './generation.ts';
export { GGML_TYPES, type GgufHeader, type GgufTensor, type GgufValue, readGguf } from './gguf/gguf-file.ts';
export {
  bool,
  f32,
  i32s,
  type Metadata,
  type MetadataValue,
  string,
  strings,
  u32,
} from './gguf/gguf-metadata.ts';
export { type FloatTensor, type PackedTensor, type TensorSource, writeGguf } from './gguf/gguf-writer.ts';
export { type QuantizationType, quantize } from './gguf/quantize.ts';
export type { JsonSchema } from './json-schema/json-schema.ts';
export { schemaToGbnf } from './json-schema/schema-to-gbnf.ts';
export type { ModelInfo } from './model-info.ts';
export { availableMemory } from './models/available-memory.ts';
export type { Embedded, EmbedOptions } from './models/embeddings.ts';
export { idleCores, physicalCores } from './models/idle-cores.ts';
export { type MemoryNeed, memoryNeed } from './models/memory-need.ts';
export {
  type ModelLease,
  ModelPool,
  type ModelPoolOptions,
  type PooledModel,
  type PooledModelInfo,
} from './models/model-pool.ts';
export { TokenEmbedder } from './models/token-embedder.ts';
export { setKoffiStacks } from './native/koffi-stacks.ts';
export { findLibllama, libllamaFacts } from './native/libllama.ts';
export { type LogSink, setNativeLog } from './native/native-log.ts';
export { type Sampled, Sampler, type SamplerVocabulary } from './sampling/sampler.ts';
export { type Grammar, type SamplingOptions, samplingDefaults } from './sampling/sampling-options.ts';
export type { Counters } from './scheduler/counters.ts';
export type { EngineStats, Warmed } from './scheduler/serving.ts';
