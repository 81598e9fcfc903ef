/** Inclusive range of Unicode code points. */
export type CodeRange = readonly [first: number, last: number];

/** Where one character can be after some of its bytes: by next byte the next node, or none. */
export interface ByteNode {
  readonly id: number;
  readonly next: readonly (ByteNode | undefined)[];
}

/** After the last byte of a character. */
export const DONE: ByteNode = { id: 0, next: [] };

export const LAST_CODE = 0x10ffff;
/** Half pairs of UTF-16, which UTF-8 does not have. */
const SURROGATES: CodeRange = [0xd800, 0xdfff];

/** Lead bytes of UTF-8: first code point of each, and how many bytes follow (RFC 3629, table of section 3). */
const LEADS: readonly { byte: number; first: number; rest: number }[] = [
  ...Array.from({ length: 0x80 }, (_, i) => ({ byte: i, first: i, rest: 0 })),
  ...Array.from({ length: 30 }, (_, i) => ({ byte: 0xc2 + i, first: 0x80 + 64 * i, rest: 1 })),
  ...Array.from({ length: 16 }, (_, i) => ({ byte: 0xe0 + i, first: 0x1000 * i, rest: 2 })),
  ...Array.from({ length: 5 }, (_, i) => ({ byte: 0xf0 + i, first: 0x40000 * i, rest: 3 })),
];

/** Sorted, merged, without what UTF-8 cannot write. */
function tidy(ranges: readonly CodeRange[]): CodeRange[] {
  const sorted = ranges
    .flatMap(([first, last]): CodeRange[] => [
      [first, Math.min(last, SURROGATES[0] - 1)],
      [Math.max(first, SURROGATES[1] + 1), Math.min(last, LAST_CODE)],
    ])
    .filter(([first, last]) => first <= last)
    .sort((a, b) => a[0] - b[0]);
  const merged: [number, number][] = [];
  for (const [first, last] of sorted) {
    const before = merged.at(-1);
    if (before && first <= before[1] + 1) before[1] = Math.max(before[1], last);
    else merged.push([first, last]);
  }
  return merged;
}

/** All code points that are in none of the ranges. */
export function complement(ranges: readonly CodeRange[]): CodeRange[] {
  const rest: CodeRange[] = [];
  let from = 0;
  for (const [first, last] of [...ranges].sort((a, b) => a[0] - b[0])) {
    if (first > from) rest.push([from, first - 1]);
    from = Math.max(from, last + 1);
  }
  if (from <= LAST_CODE) rest.push([from, LAST_CODE]);
  return rest;
}

/**
 * Turns classes of characters into automata over their UTF-8 bytes, so that tokens which hold a part of a character
 * need no care of their own, and what is not UTF-8 is never admitted. Equal classes give the same node.
 */
export class ByteClasses {
  #nodes = new Map<string, ByteNode>();

  of(ranges: readonly CodeRange[]): ByteNode {
    const tidied = tidy(ranges);
    return this.#node(`class ${tidied.join(' ')}`, (next) => {
      for (const { byte, first, rest } of LEADS) {
        // The forms that are longer than needed are no UTF-8: E0 begins at U+0800, F0 at U+10000.
        const least = rest === 2 ? Math.max(first, 0x800) : rest === 3 ? Math.max(first, 0x10000) : first;
        const inside = within(tidied, least, first + 64 ** rest - 1, first);
        if (inside.length > 0) next[byte] = this.#rest(inside, rest);
      }
    });
  }

  /** @param ranges - what the bytes still to come may write, as numbers below 64 ** rest */
  #rest(ranges: CodeRange[], rest: number): ByteNode {
    if (rest === 0) return DONE;
    return this.#node(`rest ${rest} ${ranges.join(' ')}`, (next) => {
      const span = 64 ** (rest - 1);
      for (let i = 0; i < 64; i++) {
        const inside = within(ranges, i * span, (i + 1) * span - 1, i * span);
        if (inside.length > 0) next[0x80 + i] = this.#rest(inside, rest - 1);
      }
    });
  }

  #node(key: string, fill: (next: (ByteNode | undefined)[]) => void): ByteNode {
    const known = this.#nodes.get(key);
    if (known) return known;
    const next = new Array<ByteNode | undefined>(256).fill(undefined);
    const node = { id: this.#nodes.size + 1, next };
    this.#nodes.set(key, node);
    fill(next);
    return node;
  }
}

function within(ranges: readonly CodeRange[], low: number, high: number, origin: number): CodeRange[] {
  return ranges
    .filter(([first, last]) => first <= high && last >= low)
    .map(([first, last]) => [Math.max(first, low) - origin, Math.min(last, high) - origin]);
}
