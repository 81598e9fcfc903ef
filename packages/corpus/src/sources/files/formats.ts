/** How a file is read. */
export type Format = 'text' | 'markdown' | 'html' | 'jsonl' | 'parquet' | 'warc' | 'wet';

/**
 * By the end of the file's name; the longest first where one ends in another. What holds bytes in order may be packed
 * (`readBytes`); Parquet packs itself.
 */
const ENDINGS: readonly (readonly [ending: RegExp, format: Format])[] = [
  [/\.(warc\.)?wet(\.gz|\.zst)?$/i, 'wet'],
  [/\.warc(\.gz|\.zst)?$/i, 'warc'],
  [/\.(jsonl|ndjson)(\.gz|\.zst)?$/i, 'jsonl'],
  // Datasets often call compressed JSON Lines so; one JSON value for a whole file cannot be streamed and is not read.
  [/\.json(\.gz|\.zst)$/i, 'jsonl'],
  [/\.parquet$/i, 'parquet'],
  [/\.html?(\.gz|\.zst)?$/i, 'html'],
  [/\.md(\.gz|\.zst)?$/i, 'markdown'],
  [/\.txt(\.gz|\.zst)?$/i, 'text'],
];

/** The format that a file's name tells, or undefined where it is none that is read. */
export function formatOf(name: string): Format | undefined {
  return ENDINGS.find(([ending]) => ending.test(name))?.[1];
}

/**
 * What begins the keys of a file's documents: its name without the ending, or with it where two files would
 * otherwise give the same keys.
 */
export function keysOf(names: readonly string[]): Map<string, string> {
  const bare = (name: string) => name.replace(ENDINGS.find(([ending]) => ending.test(name))?.[0] ?? '', '');
  const count = new Map<string, number>();
  for (const name of names) count.set(bare(name), (count.get(bare(name)) ?? 0) + 1);
  return new Map(names.map((name) => [name, count.get(bare(name)) === 1 ? bare(name) : name]));
}
