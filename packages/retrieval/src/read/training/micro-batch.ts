/** Token sequences of one pass: rows of equal length, padded at their ends. */
export interface MicroBatch {
  /** Row-major. */
  ids: BigInt64Array;
  /** Rows, and tokens per row. */
  shape: [number, number];
  /** Real tokens of each row. */
  lengths: number[];
  /** Which sequence each row is. */
  rows: number[];
}

/**
 * Packs sequences into micro-batches of about `tokens` tokens each, the short with the short, so that little is padded.
 * Every sequence is in exactly one.
 */
export function microBatches(
  sequences: readonly (readonly number[])[],
  { tokens, pad }: { tokens: number; pad: number },
): MicroBatch[] {
  const order = sequences
    .map((_, i) => i)
    .sort((a, b) => sequences[a]!.length - sequences[b]!.length || a - b);
  const batches: MicroBatch[] = [];
  let rows: number[] = [];
  const close = () => {
    if (rows.length > 0) batches.push(pack(sequences, rows, pad));
    rows = [];
  };
  for (const row of order) {
    if ((rows.length + 1) * sequences[row]!.length > tokens) close();
    rows.push(row);
  }
  close();
  return batches;
}

function pack(sequences: readonly (readonly number[])[], rows: number[], pad: number): MicroBatch {
  const lengths = rows.map((row) => sequences[row]!.length);
  const time = Math.max(...lengths);
  const ids = new BigInt64Array(rows.length * time).fill(BigInt(pad));
  for (const [at, row] of rows.entries())
    for (const [i, id] of sequences[row]!.entries()) ids[at * time + i] = BigInt(id);
  return { ids, shape: [rows.length, time], lengths, rows };
}
