import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Finished } from '../steps/step.ts';
import { type Counts, signatureFiles } from './signature-files.ts';

/** A unit of `signatures` and where its documents begin in the corpus. */
export interface UnitIndex extends Counts {
  name: string;
  dir: string;
  /** Number of its first document, counted over all units in the order of the corpus. */
  first: number;
}

/** All units of `signatures`, in the order of the corpus. */
export function unitIndexes(before: Finished, step: string): UnitIndex[] {
  let first = 0;
  return before.units(step).map((name) => {
    const dir = before.dir(step, name);
    const counts = JSON.parse(readFileSync(join(dir, signatureFiles.counts), 'utf8')) as Counts;
    const unit = { ...counts, name, dir, first };
    first += counts.documents;
    return unit;
  });
}

/** The last unit that begins at or before a document. */
export function unitOf(units: readonly UnitIndex[], document: number): UnitIndex {
  let low = 0;
  let high = units.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (units[middle]!.first <= document) low = middle;
    else high = middle;
  }
  return units[low]!;
}
