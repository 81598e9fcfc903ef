import { LucieError } from '@lucie/ledger';
import { type ByteNode, DONE } from './byte-class.ts';
import type { Rules, Sequence } from './rules.ts';

/** What remains to be written: the rest of a sequence, then what comes after it. `undefined` is the end of the text. */
interface Rest {
  id: number;
  sequence: Sequence;
  at: number;
  after: Rest | undefined;
}

/** One way to read the text so far: in the middle of, or before, a character. */
interface Head {
  id: number;
  node: ByteNode;
  rest: Rest | undefined;
}

/** All ways to read the text so far. */
export interface State {
  readonly heads: readonly Head[];
  /** The text may end here. */
  readonly accepting: boolean;
  /** @internal by byte; null where that byte is refused */
  readonly next: Map<number, State | null>;
}

const LIMITS = {
  /** Ways to read one text. Grammars of people have tens, long lists of values thousands. */
  heads: 10_000,
  /** Steps of one request between two tokens: a few tenths of a second at most. */
  steps: 300_000,
  /** What is remembered; beyond, all is forgotten and found again as it is needed. */
  states: 4096,
  parts: 200_000,
};

/**
 * Follows a grammar byte by byte: a pushdown automaton whose states are found as they are needed and remembered, so
 * that most bytes cost one look-up. Shared by all requests with the same grammar. Work is counted, not timed: a grammar
 * that is too ambiguous is refused at the same place on every machine that starts afresh.
 */
export class Automaton {
  readonly start: State;
  #rules: Rules;
  #states = new Map<string, State>();
  #rests = new Map<string, Rest>();
  #heads = new Map<string, Head>();
  #sequences = new Map<Sequence, number>();
  #ids = 0;
  #steps = 0;
  /** Heads of all remembered states. */
  #held = 0;

  /** @throws LucieError `GRAMMAR_TOO_COSTLY` */
  constructor(rules: Rules) {
    this.#rules = rules;
    const heads = new Map<number, Head>();
    let accepting = false;
    for (const sequence of rules.alternatives[rules.root]!) {
      if (this.#expand(this.#rest(sequence, 0, undefined), heads)) accepting = true;
    }
    this.start = this.#state(heads, accepting);
  }

  /** Allows the steps of one more token. */
  renew(): void {
    this.#steps = 0;
  }

  /**
   * The state after one more byte, or null where the grammar refuses it.
   * @throws LucieError `GRAMMAR_TOO_COSTLY`
   */
  step(state: State, byte: number): State | null {
    const known = state.next.get(byte);
    if (known !== undefined) return known;
    const heads = new Map<number, Head>();
    let accepting = false;
    for (const { node, rest } of state.heads) {
      this.#spend();
      const next = node.next[byte];
      if (!next) continue;
      if (next !== DONE) this.#add(heads, next, rest);
      else if (this.#expand(rest, heads)) accepting = true;
    }
    const found = heads.size === 0 && !accepting ? null : this.#state(heads, accepting);
    state.next.set(byte, found);
    return found;
  }

  /** Adds the characters with which `from` can go on; true if it can also end. */
  #expand(from: Rest | undefined, heads: Map<number, Head>): boolean {
    const seen = new Set<Rest>();
    const todo: (Rest | undefined)[] = [from];
    let ends = false;
    while (todo.length > 0) {
      const rest = todo.pop();
      if (!rest) {
        ends = true;
        continue;
      }
      if (seen.has(rest)) continue;
      seen.add(rest);
      this.#spend();
      const element = rest.sequence[rest.at]!;
      const after = this.#rest(rest.sequence, rest.at + 1, rest.after);
      if (typeof element !== 'number') this.#add(heads, element, after);
      else {
        for (const sequence of this.#rules.alternatives[element]!) todo.push(this.#rest(sequence, 0, after));
      }
    }
    return ends;
  }

  /** What is written out is left away, so that a rule which ends with itself does not grow a stack. */
  #rest(sequence: Sequence, at: number, after: Rest | undefined): Rest | undefined {
    if (at >= sequence.length) return after;
    this.#spend();
    const key = `${this.#idOf(sequence)} ${at} ${after?.id ?? 0}`;
    let rest = this.#rests.get(key);
    if (!rest) this.#rests.set(key, (rest = { id: ++this.#ids, sequence, at, after }));
    return rest;
  }

  #idOf(sequence: Sequence): number {
    let id = this.#sequences.get(sequence);
    if (id === undefined) this.#sequences.set(sequence, (id = this.#sequences.size));
    return id;
  }

  #add(heads: Map<number, Head>, node: ByteNode, rest: Rest | undefined): void {
    const key = `${node.id} ${rest?.id ?? 0}`;
    let head = this.#heads.get(key);
    if (!head) this.#heads.set(key, (head = { id: ++this.#ids, node, rest }));
    heads.set(head.id, head);
    if (heads.size > LIMITS.heads) throw tooCostly(`more than ${LIMITS.heads} ways to read the same text`);
  }

  #state(heads: Map<number, Head>, accepting: boolean): State {
    const sorted = [...heads.values()].sort((a, b) => a.id - b.id);
    const key = `${accepting} ${sorted.map(({ id }) => id).join(' ')}`;
    const known = this.#states.get(key);
    if (known) return known;
    this.#held += sorted.length;
    if (this.#states.size >= LIMITS.states || Math.max(this.#held, this.#rests.size) > LIMITS.parts) {
      this.#forget();
    }
    const state: State = { heads: sorted, accepting, next: new Map() };
    this.#states.set(key, state);
    return state;
  }

  /** States that requests still hold keep working: their parts are objects of their own, under ids of their own. */
  #forget(): void {
    for (const state of this.#states.values()) state.next.clear();
    this.#states.clear();
    this.#held = 0;
    this.#rests.clear();
    this.#heads.clear();
  }

  #spend(): void {
    if (++this.#steps > LIMITS.steps) throw tooCostly(`more than ${LIMITS.steps} steps for one token`);
  }
}

function tooCostly(found: string): LucieError {
  return new LucieError({
    code: 'GRAMMAR_TOO_COSTLY',
    found,
    expected: 'a grammar that can be followed while others wait',
    todo: 'make the grammar less ambiguous, or its repetitions smaller',
  });
}
