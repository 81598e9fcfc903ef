import { normalisedWords } from '@lucie/corpus';
import type { MadeText } from './make-texts.ts';

/** What brute force says about made documents. */
export interface Truth {
  /** Ids of those that fall: similarity of at least the threshold with an earlier one that stays. */
  fallen: string[];
  /** Ids of those that reach the threshold with any other document. */
  alike: string[];
}

/**
 * Compares every document with every earlier one of its family, by exact sets of runs of words: documents of different
 * families have nothing in common but chance runs of frequent words.
 */
export function truthOf(texts: readonly MadeText[], opts: { shingle: number; threshold: number }): Truth {
  const roots = new Map<string, string>();
  const families = new Map<string, MadeText[]>();
  for (const text of texts) {
    const root = text.origin === text.id ? text.id : roots.get(text.origin)!;
    roots.set(text.id, root);
    const family = families.get(root);
    if (family) family.push(text);
    else families.set(root, [text]);
  }
  const fallen: string[] = [];
  const alike = new Set<string>();
  for (const family of families.values()) {
    if (family.length === 1) continue;
    const before: { id: string; runs: Set<string>; stays: boolean }[] = [];
    for (const { id, text } of family) {
      const runs = runsOf(text, opts.shingle);
      let stays = true;
      for (const other of before) {
        if (similarity(runs, other.runs) < opts.threshold) continue;
        alike.add(id).add(other.id);
        if (other.stays) stays = false;
      }
      if (!stays) fallen.push(id);
      before.push({ id, runs, stays });
    }
  }
  return { fallen: fallen.sort(), alike: [...alike].sort() };
}

/** The definition of runs: `length` words in a row, or all words of a shorter text. */
export function runsOf(text: string, length: number): Set<string> {
  const words = normalisedWords(text).split(' ');
  if (words.length < length) return new Set([words.join(' ')]);
  return new Set(words.slice(length - 1).map((_, i) => words.slice(i, i + length).join(' ')));
}

export function similarity(a: Set<string>, b: Set<string>): number {
  const common = a.intersection(b).size;
  return common / (a.size + b.size - common);
}

/** Of what should be found, the part that is; of what is found, the part that should be. */
export function recallAndPrecision(
  found: readonly string[],
  expected: readonly string[],
  right: readonly string[] = expected,
): { recall: number; precision: number } {
  const [all, wanted, good] = [new Set(found), new Set(expected), new Set(right)];
  return {
    recall: wanted.size === 0 ? 1 : all.intersection(wanted).size / wanted.size,
    precision: all.size === 0 ? 1 : all.intersection(good).size / all.size,
  };
}
