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
 * otherwise give the same keys: `a.md` beside `a.txt` and `a.md.txt`, `x/1.txt` beside the lines of `x.jsonl`.
 */
export function keysOf(names: readonly string[]): Map<string, string> {
  const keys = new Map(names.map((name) => [name, bare(name)]));
  // A key that becomes longer may meet another one. No two names are equal, so this ends.
  for (let clashes: string[]; ; ) {
    const holders = new Map<string, string[]>();
    for (const [name, key] of keys) holders.set(key, [...(holders.get(key) ?? []), name]);
    const parents = new Set([...keys].filter(([name]) => !WHOLE.has(formatOf(name)!)).map(([, key]) => key));
    clashes = [...keys]
      .filter(([name, key]) => key !== name && (holders.get(key)!.length > 1 || isRecordOf(parents, key)))
      .map(([name]) => name);
    if (clashes.length === 0) return keys;
    for (const name of clashes) keys.set(name, name);
  }
}

/** Formats of which a file is one document; of the others each record has its number behind the file's key. */
const WHOLE: ReadonlySet<Format> = new Set(['text', 'markdown', 'html']);

function isRecordOf(parents: ReadonlySet<string>, key: string): boolean {
  const parent = /^(.*)\/\d+$/.exec(key)?.[1];
  return parent !== undefined && parents.has(parent);
}

function bare(name: string): string {
  return name.replace(ENDINGS.find(([ending]) => ending.test(name))?.[0] ?? '', '');
}
