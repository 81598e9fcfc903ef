export {
  bool,
  type FloatTensor,
  f32,
  i32s,
  type Metadata,
  type MetadataValue,
  string,
  strings,
  type TensorSource,
  u32,
  writeGguf,
} from '@lucie/inference';
export { dataCard } from './cards/data-card.ts';
export { modelCard, type ReleaseIdentity } from './cards/model-card.ts';
export { type RunFacts, readRunFacts } from './cards/run-facts.ts';
export { writeChecksums } from './checksums.ts';
export { architectureMetadata } from './gguf/architecture.ts';
export { convertToGguf } from './gguf/convert.ts';
export { permuteRows } from './gguf/permute-rows.ts';
export { ggufName, tensorSources } from './gguf/tensors.ts';
export { vocabularyMetadata } from './gguf/vocabulary.ts';
export { OriginalModel } from './original-model.ts';
export { type ReleaseOptions, type ReleaseOptionsInput, releaseOptionsShape, releaseStage } from './stage.ts';
export { type Format, formats, type Thresholds, thresholds } from './thresholds.ts';
export { type FileVerification, refuseUnfaithful, verifyFiles } from './verification.ts';
