import type { ByteNode } from './byte-class.ts';

/** A character, or a reference to a rule by its number. */
export type Element = ByteNode | number;
export type Sequence = readonly Element[];

/** Rules by number, each a list of alternatives; `root` is where a text begins. */
export interface Rules {
  alternatives: (readonly Sequence[])[];
  /** For `X*` and its like: the rule that ends with itself, by number. */
  loops: ReadonlySet<number>;
  root: number;
}

/** A rule that can come back to itself before it has written anything, or −1. */
export function leftRecursive({ alternatives, loops }: Rules): number {
  const empty = emptyRules(alternatives);
  /** 0 new, 1 on the way, 2 done */
  const seen = new Uint8Array(alternatives.length);
  const firsts = (rule: number): number[] => {
    const found: number[] = [];
    for (const sequence of alternatives[rule]!) {
      for (const element of sequence) {
        if (typeof element !== 'number') break;
        // A loop ends with itself: where its part was empty, nothing new is to be found there.
        if (element !== rule || !loops.has(rule)) found.push(element);
        if (!empty[element]) break;
      }
    }
    return found;
  };
  for (let start = 0; start < alternatives.length; start++) {
    if (seen[start] !== 0) continue;
    const path = [{ rule: start, left: firsts(start) }];
    seen[start] = 1;
    while (path.length > 0) {
      const last = path.at(-1)!;
      const next = last.left.pop();
      if (next === undefined) {
        seen[last.rule] = 2;
        path.pop();
      } else if (seen[next] === 1) {
        return next;
      } else if (seen[next] === 0) {
        seen[next] = 1;
        path.push({ rule: next, left: firsts(next) });
      }
    }
  }
  return -1;
}

/**
 * Rules with an alternative of which every element is taken, where a rule is taken if it is such a rule itself: the
 * least fixed point, found by following who refers to whom.
 * @param takes - whether a character is taken
 */
function closedUnder(alternatives: Rules['alternatives'], takes: (node: ByteNode) => boolean): Uint8Array {
  const closed = new Uint8Array(alternatives.length);
  const users = new Map<number, { rule: number; waiting: { count: number } }[]>();
  const todo: number[] = [];
  const found = (rule: number) => {
    if (closed[rule]) return;
    closed[rule] = 1;
    todo.push(rule);
  };
  for (const [rule, sequences] of alternatives.entries()) {
    for (const sequence of sequences) {
      if (!sequence.every((element) => typeof element === 'number' || takes(element))) continue;
      const references = sequence.filter((element) => typeof element === 'number');
      if (references.length === 0) found(rule);
      const waiting = { count: references.length };
      for (const element of references) {
        const list = users.get(element) ?? [];
        users.set(element, list);
        list.push({ rule, waiting });
      }
    }
  }
  for (let rule = todo.pop(); rule !== undefined; rule = todo.pop()) {
    for (const user of users.get(rule) ?? []) if (--user.waiting.count === 0) found(user.rule);
  }
  return closed;
}

/** Which rules can write nothing. */
function emptyRules(alternatives: Rules['alternatives']): Uint8Array {
  return closedUnder(alternatives, () => false);
}

/** The alternatives that can come to an end: the others would lead a text to where nothing can follow. */
export function withEnds(alternatives: Rules['alternatives']): Rules['alternatives'] {
  const holdsSome = (node: ByteNode) => node.next.some((next) => next);
  const ends = closedUnder(alternatives, holdsSome);
  return alternatives.map((sequences) =>
    sequences.filter((sequence) =>
      sequence.every((element) => (typeof element === 'number' ? ends[element] : holdsSome(element))),
    ),
  );
}
