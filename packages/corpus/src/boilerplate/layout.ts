/** Files of the steps that find boilerplate. */
export const boilerplateLayout = {
  /** Per `read` unit: `LineRow` of every document that is no duplicate, by row; how many there are. */
  lines: { step: 'lines', lines: 'lines.parquet', counts: 'counts.json' },
  /** Per part of all hashes: the lines in too many documents. */
  boilerplate: { step: 'boilerplate', repeated: 'repeated.parquet' },
} as const;

/** A line that may be boilerplate, once per document that holds it. */
export interface LineRow {
  /** `lineHashes`, 53 bits. */
  hash: number;
  /** Of the document: `seniority`. */
  seniority: string;
  unit: string;
  row: number;
}
