import { join } from 'node:path';
import { BinaryReader } from '../duplicates/binary-file.ts';
import { PAIR, pairsFile } from '../duplicates/pairs.ts';
import { firstPass } from '../duplicates/pass.ts';
import { seniorityFiles } from '../duplicates/seniority.ts';
import type { UnitContext } from '../steps/step.ts';

const { seniority, pairs } = firstPass;
/** Integers read at a time; a multiple of what a pair takes. */
const BATCH = PAIR << 16;
const NONE = 0xffffffff;

/**
 * Documents with the text of one of those given, by rank: word for word, or alike as the step `pairs` has found, be
 * they in one cluster or not: what is alike is one text with its copy, whichever of them stands and whoever else is
 * alike too. Holds eight bytes per document.
 * @param named - ranks of the documents given
 * @returns rank, and that of the one that it resembles; those given are not among them
 */
export function* sameTexts(
  named: readonly number[],
  context: Pick<UnitContext, 'units' | 'dir' | 'signal'>,
): Generator<[rank: number, twin: number]> {
  const senior = context.dir(seniority, seniorityFiles.unit);
  const documents = integersIn(join(senior, seniorityFiles.ranks));
  /** By rank: the least of those given whose words the document has, and of those that it resembles. */
  const same = new Uint32Array(documents).fill(NONE);
  const alike = new Uint32Array(documents).fill(NONE);
  for (const rank of named) same[rank] = rank;
  const least = (to: Uint32Array, rank: number, twin: number) => {
    if (twin < to[rank]!) to[rank] = twin;
  };
  const exact = join(senior, seniorityFiles.exact);
  // Only the most senior of equal documents stands in pairs, for all of them.
  for (const [junior, first] of tuples(exact, 2, context)) least(same, first!, same[junior!]!);
  for (const unit of context.units(pairs)) {
    for (const [one, other] of tuples(join(context.dir(pairs, unit), pairsFile), PAIR, context)) {
      least(alike, other!, same[one!]!);
      least(alike, one!, same[other!]!);
    }
  }
  for (const [junior, first] of tuples(exact, 2, context)) {
    least(same, junior!, same[first!]!);
    least(alike, junior!, alike[first!]!);
  }
  const given = new Set(named);
  for (let rank = 0; rank < documents; rank++) {
    const twin = same[rank] === NONE ? alike[rank]! : same[rank]!;
    if (twin !== NONE && !given.has(rank)) yield [rank, twin];
  }
}

function integersIn(path: string): number {
  const file = new BinaryReader(path);
  file.close();
  return file.bytes / 4;
}

/** Runs of so many integers of a file. */
function* tuples(
  path: string,
  length: number,
  { signal }: Pick<UnitContext, 'signal'>,
): Generator<Uint32Array> {
  const file = new BinaryReader(path);
  try {
    const integers = file.bytes / 4;
    for (let at = 0; at < integers; at += BATCH) {
      signal.throwIfAborted();
      const batch = file.integers(at, Math.min(BATCH, integers - at));
      for (let i = 0; i < batch.length; i += length) yield batch.subarray(i, i + length);
    }
  } finally {
    file.close();
  }
}
