import type { Document } from '../src/document.ts';
import { normalisedWords } from '../src/duplicates/words.ts';
import { licenceRank } from '../src/licences/rank.ts';

/** A pair of places in a list of documents, and the exact Jaccard similarity of their runs of words. */
export interface TruePair {
  a: number;
  b: number;
  similarity: number;
}

/** The definition: runs of `length` words as strings. */
export function runsOf(text: string, length = 5): Set<string> {
  const words = normalisedWords(text).split(' ');
  if (words.length < length) return new Set([words.join(' ')]);
  return new Set(words.slice(length - 1).map((_, i) => words.slice(i, i + length).join(' ')));
}

/**
 * Every pair of documents at `threshold` or more, by brute force on the definition: each run knows all its documents,
 * so that every pair with anything in common is counted.
 */
export function truePairs(documents: readonly Document[], threshold: number): TruePair[] {
  const holders = new Map<string, number[]>();
  const sizes = documents.map(({ text }, i) => {
    const runs = runsOf(text);
    for (const run of runs) {
      const list = holders.get(run);
      if (list) list.push(i);
      else holders.set(run, [i]);
    }
    return runs.size;
  });
  const common = new Map<number, number>();
  for (const list of holders.values())
    for (let i = 0; i < list.length; i++)
      for (let j = i + 1; j < list.length; j++) {
        const key = list[i]! * documents.length + list[j]!;
        common.set(key, (common.get(key) ?? 0) + 1);
      }
  const pairs: TruePair[] = [];
  for (const [key, count] of common) {
    const [a, b] = [Math.floor(key / documents.length), key % documents.length];
    const similarity = count / (sizes[a]! + sizes[b]! - count);
    if (similarity >= threshold) pairs.push({ a, b, similarity });
  }
  return pairs;
}

/** Places by seniority: oldest date (undated last), freest licence, id. */
export function bySeniority(documents: readonly Document[]): number[] {
  const key = ({ date, licence, id }: Document) => [date || '9999', licenceRank(licence), id] as const;
  const keys = documents.map(key);
  return documents
    .map((_, i) => i)
    .sort((i, j) => {
      const [a, b] = [keys[i]!, keys[j]!];
      for (const field of [0, 1, 2] as const) {
        if (a[field] < b[field]) return -1;
        if (a[field] > b[field]) return 1;
      }
      return 0;
    });
}

/** Who falls, asked by seniority: whoever makes a true pair with a senior that stands. Ids. */
export function trueFalls(documents: readonly Document[], pairs: readonly TruePair[]): Set<string> {
  const rank: number[] = [];
  for (const [at, place] of bySeniority(documents).entries()) rank[place] = at;
  const seniors = new Map<number, number[]>();
  for (const { a, b } of pairs) {
    const [senior, junior] = rank[a]! < rank[b]! ? [a, b] : [b, a];
    seniors.set(junior, [...(seniors.get(junior) ?? []), senior]);
  }
  const fallen = new Set<number>();
  for (const place of bySeniority(documents))
    if (seniors.get(place)?.some((senior) => !fallen.has(senior))) fallen.add(place);
  return new Set([...fallen].map((place) => documents[place]!.id));
}
