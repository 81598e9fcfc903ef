import { normalisedWords } from '../../packages/corpus/src/duplicates/words.ts';
import type { MadeText } from './make-texts.ts';

/** What brute force says about made documents. */
export interface Truth {
  /** Ids of those that fall, in order: similarity of at least the threshold with an earlier one that stays. */
  fallen: string[];
  /** Ids of those that reach the threshold with any other document. */
  alike: string[];
}

/**
 * Compares every document with every earlier one of its family, by exact sets of runs of words: documents of different
 * families have nothing in common but chance runs of frequent words.
 */
export function truthOf(texts: readonly MadeText[], opts: { shingle: number; threshold: number }): Truth {
  const { shingle, threshold } = opts;
  const roots = new Map<string, string>();
  const families = new Map<string, { id: string; runs: Set<string>; stays: boolean }[]>();
  const fallen: string[] = [];
  const alike = new Set<string>();
  for (const { id, text, origin } of texts) {
    const root = origin === id ? id : roots.get(origin)!;
    roots.set(id, root);
    const family = families.get(root) ?? [];
    families.set(root, family);
    const runs = runsOf(text, shingle);
    let stays = true;
    for (const other of family) {
      if (similarity(runs, other.runs) < threshold) continue;
      alike.add(id).add(other.id);
      if (other.stays) stays = false;
    }
    if (!stays) fallen.push(id);
    family.push({ id, runs, stays });
  }
  return { fallen, alike: [...alike] };
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
