import { join } from 'node:path';
import { BinaryReader } from './binary-file.ts';
import type { UnitIndex } from './corpus-index.ts';
import { ENTRY, RUN_HEADER, SLICES, signatureFiles } from './signature-files.ts';

/**
 * The entries of one slice of keys, of all units in their order: keys in halves and the number of the document. The
 * arrays are used anew for the next slice.
 */
export interface Slice {
  count: number;
  low: Uint32Array;
  high: Uint32Array;
  document: Uint32Array;
}

interface Part {
  /** Number of the unit's first document. */
  first: number;
  /** Where each slice begins in `entries`, and where the last one ends; in entries. */
  starts: Uint32Array;
  entries: Uint32Array;
}

/**
 * Reads the slices from `from` to before `to`, one after another, as many at a time as fit into the memory given. How
 * many that are never shows in what comes out.
 */
export function* readSlices(
  units: readonly UnitIndex[],
  range: { from: number; to: number },
  memoryBytes: number,
): Generator<Slice> {
  const entries = units.reduce((sum, unit) => sum + unit.entries, 0);
  const perSlice = (2 * 4 * ENTRY * entries) / SLICES;
  const gathered = emptySlice(256);
  const step = Math.max(1, Math.floor(memoryBytes / Math.max(1, perSlice)));
  for (let from = range.from; from < range.to; from += step) {
    const to = Math.min(range.to, from + step);
    const parts = units.flatMap((unit) => readParts(unit, from, to));
    for (let slice = from; slice < to; slice++) {
      gather(parts, slice - from, gathered);
      yield gathered;
    }
  }
}

function readParts(unit: UnitIndex, from: number, to: number): Part[] {
  const file = new BinaryReader(join(unit.dir, signatureFiles.bands));
  const parts: Part[] = [];
  try {
    for (let position = 0; 4 * position < file.bytes; ) {
      const header = file.integers(position, RUN_HEADER);
      const start = header[from]!;
      const entries = file.integers(position + RUN_HEADER + ENTRY * start, ENTRY * (header[to]! - start));
      const starts = header.slice(from, to + 1).map((at) => at - start);
      if (entries.length > 0) parts.push({ first: unit.first, starts, entries });
      position += RUN_HEADER + ENTRY * header[SLICES]!;
    }
  } finally {
    file.close();
  }
  return parts;
}

function gather(parts: readonly Part[], slice: number, into: Slice): void {
  let count = 0;
  for (const { starts } of parts) count += starts[slice + 1]! - starts[slice]!;
  if (count > into.low.length) Object.assign(into, emptySlice(2 * count));
  const { low, high, document } = into;
  let to = 0;
  for (const { first, starts, entries } of parts) {
    const end = ENTRY * starts[slice + 1]!;
    for (let at = ENTRY * starts[slice]!; at < end; at += ENTRY) {
      low[to] = entries[at]!;
      high[to] = entries[at + 1]!;
      document[to++] = first + entries[at + 2]!;
    }
  }
  into.count = count;
}

function emptySlice(room: number): Slice {
  return {
    count: 0,
    low: new Uint32Array(room),
    high: new Uint32Array(room),
    document: new Uint32Array(room),
  };
}
