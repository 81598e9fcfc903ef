import type { Progress } from '@lucie/ledger';

/**
 * A unit's own progress as short notes, a few a second: a step may have thousands of units, and one line for all of
 * them is enough.
 */
export function unitNotes(tell: (note: string) => void): Progress {
  let shown = 0;
  let label = '';
  let total: number | undefined;
  return {
    start(newLabel, newTotal) {
      label = newLabel;
      total = newTotal;
    },
    update(done) {
      if (performance.now() - shown < 300) return;
      shown = performance.now();
      tell(`${label} ${total ? `${((100 * done) / total).toFixed(0)} %` : done}`);
    },
    end() {},
  };
}

/** `3 units`. */
export function countUnits(count: number): string {
  return `${count} ${count === 1 ? 'unit' : 'units'}`;
}
