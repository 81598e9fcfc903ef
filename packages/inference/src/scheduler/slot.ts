import type { Branch } from '../prefix/prefix-tree.ts';
import type { Work } from './work.ts';

/** Work under way: its sequence, and what the next step takes of it. */
export interface Slot {
  readonly work: Work;
  readonly branch: Branch;
  /** Tokens that the step under way decodes. */
  planned: number;
}

/** Tokens that have not been decoded yet. One is the rule while an answer is written; more are a prompt being read. */
export function remaining({ work, branch }: Slot): number {
  return work.tokens.length - branch.length;
}

/** How many tokens two sequences have in common at their beginning, at most `limit`. */
export function commonLength(a: ArrayLike<number>, b: ArrayLike<number>, limit: number): number {
  const most = Math.min(a.length, b.length, limit);
  let length = 0;
  while (length < most && a[length] === b[length]) length++;
  return length;
}
