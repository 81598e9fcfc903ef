export type { Cell, CorpusReport, Share, SourceReport } from './corpus-report.ts';
export { languageName } from './language-name.ts';
export { bytesText, estimateText, figureText, percentText } from './page/say.ts';
export { readReport } from './read-report.ts';
export { type ReportOptions, reportFiles, reportStep, type SourceFacts } from './report-step.ts';
export { type RuleName, ruleName } from './rule-names.ts';
export { type Change, type Measure, type WhatIf, type Wish, whatIf } from './what-if.ts';
