import type { Energy } from '@lucie/ledger';
import type { Scope } from '../prefix/prefix-node.ts';

/** What a scheduler works on: tokens to be read, and an opinion about what follows. */
export interface Work {
  /** What the sequence consists of; grows by what `accept` adds. */
  readonly tokens: readonly number[];
  /** How many of `tokens` were there at first. */
  readonly promptTokens: number;
  readonly room: string;
  readonly person: string;
  /** Who may go on from what it leaves: everybody, or one room. */
  readonly scope: Scope;
  /** Take from, and leave in, the shared prefixes. */
  readonly reuse: boolean;
  /** Decodes in a context of its own, beside nobody. */
  readonly alone: boolean;
  /** It is only to be read, nobody wants to know what follows: what it leaves is given up last. */
  readonly asksNothing: boolean;
  /** Tokens that it will take, as far as anybody can tell: what its room is charged in advance. */
  readonly cost: number;
  readonly finished: boolean;
  /** Its place in line may have changed. */
  moved(): void;
  /** It is at work for the first time, with so many tokens taken from a shared prefix. */
  began(cached: number): void;
  /**
   * @param logits - after the last of `tokens`; native memory, valid during the call
   * @returns whether an answer has become one token longer
   */
  accept(logits: Float32Array): boolean;
  /** Its share of a step's energy. */
  spend(energy: Energy): void;
  fail(error: unknown): void;
  cancel(): void;
}
