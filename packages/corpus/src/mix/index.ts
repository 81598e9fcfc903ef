export { type Composed, type ComposedSource, type Composition, compose, type Part } from './composition.ts';
export { epochsOf, temperatureFactors, type WeighedSource } from './epochs.ts';
export { bytesPerToken, estimateTokens } from './estimate-tokens.ts';
export { languageGroup, languagesOfPair } from './language-group.ts';
export { type Mix, readMix } from './mix-file.ts';
export { type EpochRule, type MixInput, type MixOptions, mixShape, mixSourceOptions } from './options.ts';
export { type ParallelOptions, parallelRules } from './parallel-text.ts';
export { type SelectOptions, type SelectSource, selectStep } from './select-step.ts';
export { writeStep } from './write-step.ts';
