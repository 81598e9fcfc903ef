export { architectureMetadata } from './gguf/architecture.ts';
export * from './gguf/metadata.ts';
export { permuteRows } from './gguf/permute-rows.ts';
export { ggufName, tensorSources } from './gguf/tensors.ts';
export { type TensorSource, writeGguf } from './gguf/write.ts';
