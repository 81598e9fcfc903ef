import type { Scope } from './prefix-node.ts';

/** Where ends of sequences are taken from and put back: llama.cpp's memory, or a model of it in tests. */
export interface EndMemory {
  /** What the memory holds of a sequence from a position on. */
  saveEnd(sequence: number, from: number): Buffer<ArrayBuffer>;
  /** Gives a sequence, which has all before `from`, the positions `from` … `to` - 1 of a saved end; false when there is no room. */
  restoreEnd(state: Buffer, sequence: number, opts: { from: number; to: number }): boolean;
}

interface ParkedEnd {
  /** The whole sequence, of which the state holds what comes from `from` on. */
  tokens: readonly number[];
  from: number;
  scope: Scope;
  /** Alone in its memory. */
  state: Buffer<ArrayBuffer>;
}

/** Fewer tokens are as quickly read again. */
const LEAST = 32;
/** Larger ones take too long to be moved on the side; they go only when their room is needed. */
const MOST_BYTES = 16 << 20;

/**
 * Ends of sequences that wait in ordinary memory for their conversation to go on. Every cell in use costs each step
 * time, also of those who do not see it: attention walks over all of them.
 */
export class ParkedEnds {
  #memory: EndMemory;
  #limit: number;
  #most: number;
  /** The least recently parked first. */
  #ends = new Set<ParkedEnd>();
  #bytes = 0;
  #tokens = 0;
  #bytesPerToken = 0;

  /**
   * @param opts.bytes - of all states together
   * @param opts.tokens - likewise; default: any number
   */
  constructor(memory: EndMemory, opts: { bytes: number; tokens?: number }) {
    this.#memory = memory;
    this.#limit = opts.bytes;
    this.#most = opts.tokens ?? Infinity;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Whether so many tokens can be moved at any time. */
  isQuick(tokens: number): boolean {
    return tokens * this.#bytesPerToken <= MOST_BYTES;
  }

  put(sequence: number, end: Omit<ParkedEnd, 'state'>): void {
    const length = end.tokens.length - end.from;
    if (length < LEAST || length * this.#bytesPerToken > this.#limit) return;
    const state = this.#memory.saveEnd(sequence, end.from);
    this.#bytesPerToken = state.length / length;
    for (const other of this.#ends) if (continues(end, other)) this.#drop(other);
    this.#ends.add({ ...end, state });
    this.#bytes += state.length;
    this.#tokens += length;
    for (const oldest of this.#ends) {
      if (this.#bytes <= this.#limit && this.#tokens <= this.#most) break;
      this.#drop(oldest);
    }
  }

  /**
   * Lengthens a sequence by what is parked of `tokens`.
   * @param opts.length - tokens that it has
   * @param opts.limit - tokens that it may have
   * @returns tokens that it has now
   */
  lengthen(
    sequence: number,
    tokens: ArrayLike<number>,
    opts: { length: number; limit: number; scope: Scope },
  ): number {
    let best: ParkedEnd | undefined;
    let to = opts.length + LEAST - 1;
    for (const end of this.#ends) {
      if (end.from > opts.length || (end.scope !== undefined && end.scope !== opts.scope)) continue;
      const common = commonEnd(end, tokens, opts.limit);
      if (common <= to) continue;
      best = end;
      to = common;
    }
    if (!best) return opts.length;
    const restored = this.#memory.restoreEnd(best.state, sequence, { from: opts.length, to });
    this.#drop(best);
    return restored ? to : opts.length;
  }

  #drop(end: ParkedEnd): void {
    this.#ends.delete(end);
    this.#bytes -= end.state.length;
    this.#tokens -= end.tokens.length - end.from;
    // Freed now: left to the garbage collector, what was dropped takes up more than what is kept.
    end.state.buffer.transfer(0);
  }
}

/** Up to where tokens agree with a parked sequence; 0 when they part before its end begins. */
function commonEnd({ tokens: known, from }: ParkedEnd, tokens: ArrayLike<number>, limit: number): number {
  const most = Math.min(known.length, limit);
  let to = from;
  while (to < most && known[to] === tokens[to]) to++;
  // Those who share a course agree before; what is their own tells them apart at once.
  if (to === from) return 0;
  for (let i = 0; i < from; i++) if (known[i] !== tokens[i]) return 0;
  return to;
}

/** True when `end` holds all that `other` holds. */
function continues(end: Omit<ParkedEnd, 'state'>, other: ParkedEnd): boolean {
  if (end.from > other.from || end.scope !== other.scope || end.tokens.length < other.tokens.length)
    return false;
  return other.tokens.every((token, i) => token === end.tokens[i]);
}
