import type { BenchmarkFindings } from '../contamination/contamination-report.ts';
import type { Amount, Funnel } from '../funnel.ts';
import type { Licence } from '../licences.ts';
import type { Mix } from '../mix/mix-file.ts';

import type { DuplicatesReport } from './duplicates.ts';
import type { Sample } from './samples.ts';

export interface Share extends Amount {
  /** Part of the bytes of the training documents. */
  share: number;
  /** Estimated from the bytes, by language: the tokens stage counts. */
  tokens: number;
}

/** Final documents that are alike in everything that one may ask for. */
export interface Cell extends Amount {
  heldOut: boolean;
  source: string;
  language: string;
  licence: string;
  /** Four digits, or empty where nobody knows. */
  year: string;
  /** An estimate, not rounded: sums are. */
  tokens: number;
}

/** A source that left at least one document behind, in training, held out or rejected. */
export interface SourceReport extends Funnel {
  source: string;
  origin: Record<string, string>;
  attribution: string;
  homepage: string;
  licences: string[];
  languages: string[];
  /** Training documents. */
  kept: Amount;
  heldOut: Amount;
  /** Part of the bytes of all training documents. */
  share: number;
  tokens: number;
  /** First and last date of the training documents; empty where none has one. */
  dates: { first: string; last: string };
  /** What the counts cannot explain; nothing but zero is right. */
  unaccounted: Amount;
}

/** `report.json`: what was read, what each rule took, what stayed, and what it is. */
export interface CorpusReport {
  format: 2;
  /** Training documents. */
  documents: Amount;
  heldOut: Amount;
  read: Amount;
  /** Tokens of the training documents, each seen once: an estimate. */
  tokens: number;
  /** All sources together: rules in the order in which they were asked. */
  rules: { rule: string; removed: Amount; changed: Amount }[];
  /** Shares of the training documents. */
  languages: Record<string, Share>;
  licences: Record<string, Share & Licence>;
  /** By year of the document; `''` for those without a date. */
  years: Record<string, Share>;
  sources: SourceReport[];
  /** Sources of the recipe that are not in this corpus, and why. */
  absent: { source: string; why: string }[];
  /** Kinds of personal data found and replaced, by source. */
  personalData: Record<string, Record<string, number>>;
  duplicates: DuplicatesReport;
  /** What was found of each benchmark that the recipe names, and where. */
  contamination: BenchmarkFindings[];
  /** What training makes of it. */
  mix: Mix;
  /** Final documents by source, language, licence and year: what every other share is the sum of. */
  composition: Cell[];
  /** Of each rule some refusals, drawn among all of them. */
  samples: Sample[];
}
