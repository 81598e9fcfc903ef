export { detectLanguage } from './clean/language.ts';
export type { RulesInput, RulesOptions } from './clean/rules/rules-shape.ts';
export { benchmarkFile } from './contamination/read-items.ts';
export { type CorpusStageOptions, corpusStage, corpusWorkDir } from './corpus-stage.ts';
export { corpusOrder, corpusSteps } from './corpus-steps.ts';
export {
  type Document,
  documentBytes,
  documentText,
  type Extra,
  parseExtra,
  type RejectedDocument,
} from './document.ts';
export { type DuplicatesInput, duplicateSteps, duplicatesShape } from './duplicates/index.ts';
export { normalisedWords } from './duplicates/words.ts';
export type { Absence } from './fetch/fetch-debian.ts';
export { tarballPath } from './fetch/fetch-packages.ts';
export { fetchSources } from './fetch/fetch-sources.ts';
export type { Amount, Funnel } from './funnel.ts';
export { joinText } from './join-text.ts';
export { layout } from './layout.ts';
export { type Licence, licenceRank, licences, parseLicence, type Use, uses } from './licences.ts';
export {
  type Composition,
  compose,
  type EpochRule,
  epochsOf,
  estimateTokens,
  languageGroup,
  type Mix,
  type MixInput,
  readMix,
} from './mix/index.ts';
export { readOptOuts } from './opt-out/list.ts';
export { describeOptOut } from './opt-out/match-opt-out.ts';
export type { CorpusVersion, TracedModel } from './opt-out/models-that-saw.ts';
export { type OptOutResult, optOutOf, optOutsPath } from './opt-out/opt-out.ts';
export type { OptOut } from './opt-out/options.ts';
export {
  type CorpusInput,
  type CorpusOptions,
  corpusOptions,
  type LocalSource,
  type PackageSource,
  type SourceOption,
} from './options.ts';
export { readDocuments, readRejected, writeDocuments, writeRejected } from './parquet.ts';
export {
  bytesText,
  type Cell,
  type Change,
  type CorpusReport,
  estimateText,
  figureText,
  languageName,
  type Measure,
  percentText,
  type RuleName,
  readReport,
  reportFiles,
  ruleName,
  type Share,
  type SourceReport,
  type WhatIf,
  type Wish,
  whatIf,
} from './report/index.ts';
export { localSource } from './sources/files/local-source.ts';
export { type RunStepsOptions, runSteps } from './steps/run-steps.ts';
export { parseShard, type Shard } from './steps/shard.ts';
export { type SlurmJob, submitToSlurm } from './steps/slurm.ts';
export type { Step, Unit, UnitContext } from './steps/step.ts';
