import type { PrefixTree } from '../prefix/prefix-tree.ts';
import { commonLength, remaining, type Slot } from './slot.ts';
import type { Work } from './work.ts';

/** Below this it is quicker to read the tokens oneself than to wait for somebody else to have read them. */
const WORTH_WAITING = 64;
/** Cells that an answer is sure to need soon. */
const RESERVE = 16;

/** Who of the line may begin, and with what of the tree. */
export class Admission {
  #tree: PrefixTree;
  #reuse: boolean;
  #held = new WeakMap<Work, { reader: Slot; until: number }>();

  constructor(tree: PrefixTree, opts: { reuse: boolean }) {
    this.#tree = tree;
    this.#reuse = opts.reuse;
  }

  /** True while somebody else is reading what this work begins with: thirty who ask at once read their course once. */
  heldBack(work: Work, slots: readonly Slot[]): boolean {
    if (!this.#reuse || !work.reuse) return false;
    const held = this.#held.get(work);
    if (held) {
      if (slots.includes(held.reader) && held.reader.branch.length < held.until) return true;
      this.#held.delete(work);
    }
    const last = work.tokens.length - 1;
    let matched: number | undefined;
    for (const slot of slots) {
      if (!slot.work.reuse || remaining(slot) <= 1 || !seenBy(work, slot)) continue;
      const common = commonLength(work.tokens, slot.work.tokens, last);
      if (common <= slot.branch.length) continue;
      matched ??= this.#tree.match(work.tokens, work.scope);
      if (common < matched + WORTH_WAITING) continue;
      this.#held.set(work, { reader: slot, until: common });
      return true;
    }
    return false;
  }

  /**
   * Gives the work a sequence that begins with what is known of it.
   * @returns undefined when there is no room while others are at work
   */
  admit(work: Work, slots: readonly Slot[]): Slot | undefined {
    const reuse = this.#reuse && work.reuse;
    const { tokens, scope } = work;
    const limit = work.asksNothing ? tokens.length : tokens.length - 1;
    const branch = this.#tree.acquire(tokens, { scope, reuse, limit });
    if (!branch) return undefined;
    branch.pinned = work.asksNothing;
    const slot = { work, branch, planned: 0 };
    let needed = RESERVE;
    for (const each of [...slots, slot]) needed += remaining(each);
    if (slots.length > 0 && this.#tree.heldByWork() + needed > this.#tree.capacity) {
      branch.pinned = false;
      this.#tree.keep(branch);
      return undefined;
    }
    return slot;
  }
}

function seenBy(work: Work, { work: other }: Slot): boolean {
  return other.scope === undefined || other.scope === work.scope;
}
