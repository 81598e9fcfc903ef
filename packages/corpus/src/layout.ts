/**
 * The steps of the corpus and the files of their units, below `runs/<recipe>/01-corpus.work/<step>/<unit>/`.
 * `read` has one unit per part of a source; the other steps that look at documents have the same units.
 */
export const layout = {
  /** Sources → documents that passed the rules that look at one document alone. */
  read: {
    step: 'read',
    documents: 'documents.parquet',
    rejected: 'rejected.parquet',
    /** `Funnel` as JSON. */
    funnel: 'funnel.json',
  },
  /** Which documents of a `read` unit repeat another: `<unit>.jsonl`, lines of `Duplicate`, by row; `clusters.parquet`. */
  survivors: { step: 'survivors', unit: 'all', clusters: 'clusters.parquet' },
  /** The same of what `apply` left, by its rows; its clusters are those of both. */
  finalSurvivors: { step: 'final-survivors', unit: 'all', clusters: 'clusters.parquet' },
  /** Lines that stand in too many documents; only the step `apply` reads them. */
  boilerplate: { step: 'boilerplate' },
  /** Which documents of a `read` unit hold text of a benchmark: lines of `Contamination`, by row. */
  contamination: { step: 'contamination', hits: 'hits.jsonl' },
  /** The documents of a `read` unit less duplicates, contamination, opt-outs and repeated lines. */
  apply: {
    step: 'apply',
    documents: 'documents.parquet',
    rejected: 'rejected.parquet',
    funnel: 'funnel.json',
    /** One row per document of `documents.parquet`: `IndexRow`. */
    index: 'index.parquet',
  },
  /** What is trained on, what is held out, in which order: `<source>.parquet` of `SelectionRow`, `mix.json`, `rejected.parquet`. */
  select: { step: 'select', unit: 'all', mix: 'mix.json', rejected: 'rejected.parquet' },
  /** Per source: the final files. */
  write: { step: 'write', documents: 'documents.parquet', heldOut: 'heldout.parquet' },
} as const;

/** A document of a `read` or `apply` unit that repeats another one. */
export interface Duplicate {
  /** Row in the unit's `documents.parquet`, from 0. */
  row: number;
  id: string;
  rule: 'exact-duplicate' | 'near-duplicate';
  /** Id of the document that stays. */
  survivor: string;
  /** Jaccard similarity with the survivor or with the member of the cluster that binds it. */
  similarity: number;
}

/** A document of a `read` unit that holds text of a benchmark. */
export interface Contamination {
  row: number;
  id: string;
  /** Name of the benchmark and the item in it. */
  benchmark: string;
  item: string;
  /** The first run of words found, for the eye. */
  words: string;
}

/** What the selection needs to know of a document of an `apply` unit. */
export interface IndexRow {
  row: number;
  id: string;
  source: string;
  licence: string;
  language: string;
  date: string;
  /** `documentBytes`. */
  bytes: number;
}

/** A document chosen, in the order in which its source is written. */
export interface SelectionRow {
  /** Unit of `apply` and row in it. */
  unit: string;
  row: number;
  heldOut: boolean;
}
