import type { ParkedEnds } from './parked-ends.ts';
import {
  addChild,
  joinOnlyChild,
  longestMatch,
  newNode,
  type PrefixNode,
  removeChild,
  type Scope,
  splitNode,
} from './prefix-node.ts';

/** What the tree makes of a memory: llama.cpp's, or a model of it in tests. */
export interface Cells {
  /** Gives the first `length` tokens of a sequence to one that has none. */
  share(from: number, to: number, length: number): void;
  /** Takes a sequence's tokens from `from` on; false when only whole sequences can be taken. */
  forget(sequence: number, from: number): boolean;
}

/** A sequence in the tree: from the root to `tail`. */
export interface Branch {
  readonly sequence: number;
  /** Who sees what it adds. */
  readonly scope: Scope;
  tail: PrefixNode;
  /** Tokens that it has. */
  length: number;
  /** At work, or kept for those who come after. */
  running: boolean;
  /** The last to be given up. */
  pinned: boolean;
}

/**
 * Which sequences hold which tokens. A node stands for cells of the memory, so the tree knows how many are in use; a
 * sequence that begins like another one takes its cells over without copying. What ended work leaves is kept until its
 * room is needed, least recently used first, ends before beginnings.
 */
export class PrefixTree {
  readonly capacity: number;
  /** Cells in use. */
  cells = 0;
  #cells: Cells;
  #parked: ParkedEnds | undefined;
  #root: PrefixNode = newNode(undefined, 0, undefined);
  #free: number[];
  #branches = new Set<Branch>();
  #clock = 0;

  /**
   * @param opts.sequences - ids that the memory has, 0 … sequences - 1
   * @param opts.parked - takes what is given up, and gives it back
   */
  constructor(cells: Cells, opts: { capacity: number; sequences: number; parked?: ParkedEnds }) {
    this.#cells = cells;
    this.#parked = opts.parked;
    this.capacity = opts.capacity;
    this.#free = Array.from({ length: opts.sequences }, (_, i) => opts.sequences - 1 - i);
  }

  /** Length of the longest prefix of `tokens` that this scope may use. */
  match(tokens: ArrayLike<number>, scope: Scope): number {
    return longestMatch(this.#root, tokens, { limit: tokens.length, scope }).length;
  }

  /**
   * A new sequence that begins with what is there of `tokens`, at most `limit` of them (default: all but the last,
   * whose logits nobody has kept). Gives up kept sequences when the ids are all in use.
   * @returns undefined when every id is at work
   */
  acquire(
    tokens: ArrayLike<number>,
    opts: { scope: Scope; limit?: number; reuse?: boolean },
  ): Branch | undefined {
    while (this.#free.length === 0) {
      const oldest = this.#oldest((branch) => !branch.pinned) ?? this.#oldest(() => true);
      if (!oldest) return undefined;
      this.#park(oldest);
      this.release(oldest);
    }
    const limit = opts.reuse === false ? 0 : (opts.limit ?? tokens.length - 1);
    const match = longestMatch(this.#root, tokens, { limit, scope: opts.scope });
    let { node } = match;
    const into = match.length - node.start;
    if (into < node.tokens.length) node = splitNode(node, into);
    const sequence = this.#free.pop()!;
    if (match.length > 0) this.#cells.share(holder(node).sequence, sequence, match.length);
    const branch: Branch = {
      sequence,
      scope: opts.scope,
      tail: node,
      length: match.length,
      running: true,
      pinned: false,
    };
    this.#branches.add(branch);
    node.tails.add(branch);
    for (let at: PrefixNode | undefined = node; at; at = at.parent) at.holders++;
    this.#touch(branch);
    if (opts.reuse !== false) this.#lengthen(branch, tokens, limit);
    return branch;
  }

  /** Ends may have been parked in pieces, each behind the other. */
  #lengthen(branch: Branch, tokens: ArrayLike<number>, limit: number): void {
    if (!this.#parked) return;
    for (;;) {
      const { length, scope, sequence } = branch;
      const room = Math.min(limit, length + this.capacity - this.cells);
      const to = this.#parked.lengthen(sequence, tokens, { length, limit: room, scope });
      if (to === length) return;
      for (let i = length; i < to; i++) this.append(branch, tokens[i]!);
    }
  }

  /** The memory has taken one more token into this sequence. */
  append(branch: Branch, token: number): void {
    let { tail } = branch;
    if (tail === this.#root || tail.holders > 1 || tail.scope !== branch.scope) {
      const leaf = newNode(tail, branch.length, branch.scope);
      leaf.tokens.push(token);
      leaf.holders = 1;
      leaf.used = this.#clock;
      tail.tails.delete(branch);
      leaf.tails.add(branch);
      addChild(tail, leaf);
      branch.tail = tail = leaf;
    } else tail.tokens.push(token);
    branch.length++;
    this.cells++;
  }

  /** The work has ended: keeps what it leaves, unless others hold all of it anyway. */
  keep(branch: Branch): void {
    branch.running = false;
    this.#touch(branch);
    if (branch.length === 0 || (!branch.pinned && branch.tail.holders > 1)) {
      this.release(branch);
      return;
    }
    // Two that end in one place would each be held up by the other.
    for (const other of [...branch.tail.tails]) if (other !== branch && !other.running) this.release(other);
  }

  /** Forgets a sequence; what others hold of it stays. */
  release(branch: Branch): void {
    this.#cells.forget(branch.sequence, 0);
    branch.tail.tails.delete(branch);
    let left: PrefixNode | undefined;
    for (let at: PrefixNode | undefined = branch.tail; at; at = at.parent) {
      at.holders--;
      if (at.holders === 0 && at.parent) {
        removeChild(at.parent, at);
        this.cells -= at.tokens.length;
      } else left ??= at;
    }
    if (left) joinOnlyChild(left);
    this.#branches.delete(branch);
    this.#free.push(branch.sequence);
  }

  /**
   * Gives up the end of the kept sequence that was not used for longest, of a pinned one only when there is no other.
   * @returns cells that became free; 0 when nothing kept is left that would free any
   */
  evict(): number {
    const before = this.cells;
    const frees = ({ tail }: Branch) => tail.holders === 1;
    const branch = this.#oldest((each) => frees(each) && !each.pinned) ?? this.#oldest((each) => frees(each));
    if (branch) this.#trim(branch);
    return before - this.cells;
  }

  /** Parks ends of kept sequences, least recently used first, until at most `most` cells are nobody's. */
  park(most: number): void {
    if (!this.#parked) return;
    const frees = ({ tail, pinned }: Branch) =>
      tail.holders === 1 && !pinned && this.#parked!.isQuick(tail.tokens.length);
    for (let idle = this.cells - this.#heldBy(({ running, pinned }) => running || pinned); idle > most; ) {
      const branch = this.#oldest(frees);
      if (!branch) return;
      const before = this.cells;
      this.#trim(branch);
      idle -= before - this.cells;
    }
  }

  /** Cells that work under way holds: what eviction cannot free. */
  heldByWork(): number {
    return this.#heldBy(({ running }) => running);
  }

  #heldBy(counts: (branch: Branch) => boolean): number {
    const seen = new Set<PrefixNode>();
    let cells = 0;
    for (const branch of this.#branches) {
      if (!counts(branch)) continue;
      for (let at = branch.tail; at.parent && !seen.has(at); at = at.parent) {
        seen.add(at);
        cells += at.tokens.length;
      }
    }
    return cells;
  }

  /** A kept, pinned sequence of exactly these tokens, not one that is still being read. */
  findPinned(tokens: ArrayLike<number>): Branch | undefined {
    const { node, length } = longestMatch(this.#root, tokens, { limit: tokens.length, scope: undefined });
    if (length !== tokens.length) return undefined;
    const found = [...node.tails].find(
      (branch) => branch.pinned && !branch.running && branch.length === length,
    );
    if (found) this.#touch(found);
    return found;
  }

  /** Sequences kept for those who come after. */
  get kept(): number {
    let kept = 0;
    for (const { running } of this.#branches) if (!running) kept++;
    return kept;
  }

  #trim(branch: Branch): void {
    const { tail } = branch;
    const parent = tail.parent!;
    // What is above belongs to others as well, or is nothing: there is no use in holding on to it.
    const whole = branch.pinned || parent.holders > 1 || !parent.parent;
    this.#park(branch);
    if (whole || !this.#cells.forget(branch.sequence, tail.start)) {
      this.release(branch);
      return;
    }
    removeChild(parent, tail);
    this.cells -= tail.tokens.length;
    branch.tail = parent;
    branch.length = tail.start;
    parent.tails.add(branch);
  }

  /** What this sequence alone holds is about to be given up. Others find what is shared where it is. */
  #park(branch: Branch): void {
    const { tail, sequence, scope } = branch;
    if (!this.#parked || branch.pinned || tail.holders > 1 || tail === this.#root) return;
    this.#parked.put(sequence, { tokens: path(tail), from: tail.start, scope });
  }

  #oldest(fits: (branch: Branch) => boolean): Branch | undefined {
    let oldest: Branch | undefined;
    for (const branch of this.#branches) {
      if (branch.running || !fits(branch)) continue;
      if (!oldest || branch.tail.used < oldest.tail.used) oldest = branch;
    }
    return oldest;
  }

  #touch(branch: Branch): void {
    this.#clock++;
    for (let at: PrefixNode | undefined = branch.tail; at; at = at.parent) at.used = this.#clock;
  }
}

/** All tokens from the root to the end of a node. */
function path(node: PrefixNode): number[] {
  const parts: number[][] = [];
  for (let at: PrefixNode | undefined = node; at; at = at.parent) parts.push(at.tokens);
  return parts.reverse().flat();
}

/** A sequence that holds this node. */
function holder(node: PrefixNode): Branch {
  let at = node;
  for (;;) {
    const [tail] = at.tails;
    if (tail) return tail;
    at = at.children.values().next().value![0]!;
  }
}
