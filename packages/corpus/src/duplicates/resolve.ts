import type { BinaryReader } from './binary-file.ts';
import { PAIR } from './pairs.ts';

/** Pairs read at a time. */
const BATCH = 1 << 16;
const BINS = 1 << 16;

/** A document that falls, by rank, and the survivor that it resembles most. */
export interface Fall {
  junior: number;
  survivor: number;
  similarity: number;
}

/**
 * Who falls, given all pairs that count as the same: documents are asked by seniority, and one falls when it makes a
 * pair with a senior that stands. Only survivors count, so that no chain of small changes carries a document away.
 * Pairs come in any order, some more than once; they are read once to be counted and once more in windows of juniors
 * that fit into the memory given. Besides those, a byte per document is held.
 */
export function* resolve(
  files: readonly BinaryReader[],
  documents: number,
  memoryBytes: number,
): Generator<Fall> {
  const width = Math.max(1, Math.ceil(documents / BINS));
  const bins = new Float64Array(BINS + 1);
  for (const file of files)
    for (const pairs of batches(file))
      for (let at = 0; at < pairs.length; at += PAIR) bins[Math.floor(pairs[at + 1]! / width)]!++;
  const fallen = new Uint8Array(documents);
  for (const window of windows(bins, { width, documents, memoryBytes }))
    yield* resolveWindow(files, window, fallen);
}

interface Window {
  /** Ranks of juniors: from, and before which one. */
  from: number;
  to: number;
  pairs: number;
}

/** Cuts the ranks into windows: 20 bytes a pair, 4 a rank. A single bin is never cut. */
function* windows(
  bins: Float64Array,
  opts: { width: number; documents: number; memoryBytes: number },
): Generator<Window> {
  const { width, documents, memoryBytes } = opts;
  let from = 0;
  let pairs = 0;
  for (let bin = 0; bin * width < documents; bin++) {
    const start = bin * width;
    const bytes = 20 * (pairs + bins[bin]!) + 4 * (start + width - from);
    if (start > from && bytes > memoryBytes) {
      if (pairs > 0) yield { from, to: start, pairs };
      from = start;
      pairs = 0;
    }
    pairs += bins[bin]!;
  }
  if (pairs > 0) yield { from, to: documents, pairs };
}

function* resolveWindow(files: readonly BinaryReader[], window: Window, fallen: Uint8Array): Generator<Fall> {
  const { from, to } = window;
  const kept = new Uint32Array(PAIR * window.pairs);
  /** Junior → its last pair; pair → the one before it. */
  const last = new Int32Array(to - from).fill(-1);
  const before = new Int32Array(window.pairs);
  let count = 0;
  for (const file of files) {
    for (const pairs of batches(file)) {
      for (let at = 0; at < pairs.length; at += PAIR) {
        const junior = pairs[at + 1]!;
        if (junior < from || junior >= to) continue;
        kept.set(pairs.subarray(at, at + PAIR), PAIR * count);
        before[count] = last[junior - from]!;
        last[junior - from] = count++;
      }
    }
  }
  for (let junior = from; junior < to; junior++) {
    let survivor = -1;
    let similarity = 0;
    for (let pair = last[junior - from]!; pair >= 0; pair = before[pair]!) {
      const senior = kept[PAIR * pair]!;
      if (fallen[senior]) continue;
      const found = kept[PAIR * pair + 2]! / kept[PAIR * pair + 3]!;
      if (found > similarity || (found === similarity && senior < survivor)) {
        survivor = senior;
        similarity = found;
      }
    }
    if (survivor < 0) continue;
    fallen[junior] = 1;
    yield { junior, survivor, similarity };
  }
}

function* batches(file: BinaryReader): Generator<Uint32Array> {
  const integers = file.bytes / 4;
  for (let at = 0; at < integers; at += PAIR * BATCH)
    yield file.integers(at, Math.min(PAIR * BATCH, integers - at));
}
