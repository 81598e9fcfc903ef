import { TILE } from './sizes.ts';

/** With fewer rows, or less to attend to, tiles have never paid. */
const LEAST_ROWS = 12;
const LEAST_CELLS = 768;
/** Steps of each kind before one is preferred. */
const TRIES = 2;
/** Of so many steps one is of the other kind: machines get busier and idler. */
const AGAIN = 64;
const NEWS = 0.3;

interface Kind {
  steps: number;
  /** Milliseconds per thousand cells, smoothed: within a group memory fills up. */
  cost: number;
}

/**
 * Decides whether a step is filled up with rows that nobody needs, so that attention takes its quicker way: with
 * thirty answers over one course of 2,000 tokens a step of 64 rows takes less time than one of 30. Whether it pays
 * depends on model and processor, so both are tried and the quicker one is kept.
 */
export class BatchWidth {
  /** By number of rows, in eights, and of cells, in powers of two. */
  #groups = new Map<number, { plain: Kind; wide: Kind }>();

  /**
   * @param rows - tokens of the step
   * @param cells - cells in use
   * @returns rows to add, mostly 0
   */
  fillers(rows: number, cells: number): number {
    if (!mayPay(rows, cells)) return 0;
    const { plain, wide } = this.#group(rows, cells);
    if (plain.steps < TRIES) return 0;
    if (wide.steps < TRIES) return TILE - rows;
    const other = (plain.steps + wide.steps) % AGAIN === 0;
    return wide.cost < plain.cost !== other ? TILE - rows : 0;
  }

  measured(ms: number, step: { rows: number; fillers: number; cells: number }): void {
    if (!mayPay(step.rows, step.cells)) return;
    const group = this.#group(step.rows, step.cells);
    const kind = step.fillers > 0 ? group.wide : group.plain;
    const cost = (1000 * ms) / step.cells;
    kind.cost = kind.steps === 0 ? cost : kind.cost + NEWS * (cost - kind.cost);
    kind.steps++;
  }

  #group(rows: number, cells: number): { plain: Kind; wide: Kind } {
    const key = 8 * Math.floor(Math.log2(cells)) + (rows >> 3);
    const group = this.#groups.get(key) ?? { plain: { steps: 0, cost: 0 }, wide: { steps: 0, cost: 0 } };
    this.#groups.set(key, group);
    return group;
  }
}

function mayPay(rows: number, cells: number): boolean {
  return rows >= LEAST_ROWS && rows < TILE && cells >= LEAST_CELLS;
}
