import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { Step, UnitContext } from '../steps/step.ts';
import { BinaryReader, BinaryWriter } from './binary-file.ts';
import { compareBucket } from './bucket.ts';
import { unitIndexes } from './corpus-index.ts';
import { KeyGroups } from './group-keys.ts';
import { commonFrom } from './jaccard.ts';
import type { DuplicatesOptions } from './options.ts';
import { PairMemo } from './pair-memo.ts';
import { firstPass, type Pass } from './pass.ts';
import { REPEATS, seniorityFiles } from './seniority.ts';
import { SetReader } from './set-reader.ts';
import { SLICES } from './signature-files.ts';
import { readSlices } from './slices.ts';

/** The first pass's. */
export const PAIRS = firstPass.pairs;

/**
 * File of a unit of the step `pairs`: four integers of 32 bits per pair of documents that count as the same: rank of
 * the senior, rank of the junior, runs in common, runs of both.
 */
export const pairsFile = 'pairs.bin';
export const PAIR = 4;

/** Keys that one unit looks at, so that a large corpus can be shared. Follows from the corpus alone. */
const UNIT_ENTRIES = 1 << 23;

/**
 * Units are ranges of keys: finds documents with an equal band, compares them on their exact sets of runs, and writes
 * the pairs that reach the threshold. A pair may stand in more than one unit.
 */
export function pairsStep(options: DuplicatesOptions, pass: Pass): Step {
  return {
    name: pass.pairs,
    version: 1,
    options: { threshold: options.threshold },
    units(before) {
      const entries = unitIndexes(before, pass.signatures).reduce((sum, unit) => sum + unit.entries, 0);
      const count = Math.min(SLICES, Math.max(1, Math.ceil(entries / UNIT_ENTRIES)));
      return Array.from({ length: count }, (_, i) => ({
        name: String(i).padStart(4, '0'),
        key: { from: Math.floor((i * SLICES) / count), to: Math.floor(((i + 1) * SLICES) / count) },
        reads: [pass.signatures, `${pass.seniority}/${seniorityFiles.unit}`],
      }));
    },
    run: (unit, context) =>
      findPairs(unit.key as { from: number; to: number }, { ...options, pass }, context),
  };
}

async function findPairs(
  range: { from: number; to: number },
  options: DuplicatesOptions & { pass: Pass },
  context: UnitContext,
): Promise<void> {
  const { memoryBytes, out, progress, signal } = context;
  const units = unitIndexes(context, options.pass.signatures);
  const ranks = readRanks(context.dir(options.pass.seniority, seniorityFiles.unit));
  const sets = new SetReader(units, memoryBytes / 2);
  const memo = new PairMemo();
  const groups = new KeyGroups();
  const writer = new BinaryWriter(join(out, pairsFile));
  const pair = new Uint32Array(PAIR);
  let pairs = 0;

  const similar = (senior: number, junior: number): boolean => {
    const known = memo.get(ranks[senior]!, ranks[junior]!);
    if (known !== undefined) return known;
    const a = sets.read(senior);
    const b = sets.read(junior);
    const common = commonFrom(options.threshold, a, b);
    memo.set(ranks[senior]!, ranks[junior]!, common >= 0);
    if (common < 0) return false;
    pair[0] = ranks[senior]!;
    pair[1] = ranks[junior]!;
    pair[2] = common;
    pair[3] = a.length + b.length - common;
    writer.write(pair);
    pairs++;
    return true;
  };

  progress.start('near duplicates', range.to - range.from, 'slices of keys');
  try {
    let done = 0;
    for (const slice of readSlices(units, range, memoryBytes / 4)) {
      groups.find(
        slice,
        (document) => ranks[document] === REPEATS,
        (documents) => {
          documents.sort((a, b) => ranks[a]! - ranks[b]!);
          compareBucket(documents.length, (senior, junior) =>
            similar(documents[senior]!, documents[junior]!),
          );
        },
      );
      progress.update(++done, `${pairs} pairs`);
      if (done % 64 === 0) await setImmediate();
      signal.throwIfAborted();
    }
    writer.close();
  } finally {
    writer.abandon();
    sets.close();
  }
  progress.end(`${pairs} pairs`);
}

/** Rank of every document in the order of the corpus. */
function readRanks(dir: string): Uint32Array {
  const file = new BinaryReader(join(dir, seniorityFiles.ranks));
  try {
    return file.integers(0, file.bytes / 4);
  } finally {
    file.close();
  }
}
