/**
 * The texts of a vocabulary as a tree of bytes, laid flat in the order of a walk from the root: a node's children
 * follow it, and `end` says where the next one that is not below it stands.
 */
export interface TokenTree {
  /** [nodes] the byte that leads to the node */
  bytes: Uint8Array;
  /** [nodes] bytes from the root, from 1 */
  depths: Uint16Array;
  /** [nodes] */
  ends: Uint32Array;
  /** [nodes + 1] where a node's tokens begin in `tokens` */
  first: Uint32Array;
  /** Tokens by node; several may have the same text. Those without text are left out. */
  tokens: Uint32Array;
}

/** Longer texts are left out: no sensible vocabulary has them, and depths are 16 bits. */
const LONGEST = 4096;

/** @param texts - bytes by token */
export function tokenTree(texts: readonly Uint8Array[]): TokenTree {
  const order = [...texts.keys()]
    .filter((id) => texts[id]!.length > 0 && texts[id]!.length <= LONGEST)
    .sort((a, b) => Buffer.compare(texts[a]!, texts[b]!) || a - b);
  const bytes: number[] = [];
  const depths: number[] = [];
  const ends: number[] = [];
  const first: number[] = [];
  /** The nodes from the root to the last one. */
  const open: number[] = [];
  let before: Uint8Array = new Uint8Array();
  for (const [place, id] of order.entries()) {
    const text = texts[id]!;
    let common = 0;
    while (common < before.length && before[common] === text[common]) common++;
    while (open.length > common) ends[open.pop()!] = bytes.length;
    for (let depth = common; depth < text.length; depth++) {
      open.push(bytes.length);
      bytes.push(text[depth]!);
      depths.push(depth + 1);
      ends.push(0);
      first.push(place);
    }
    before = text;
  }
  while (open.length > 0) ends[open.pop()!] = bytes.length;
  return {
    bytes: Uint8Array.from(bytes),
    depths: Uint16Array.from(depths),
    ends: Uint32Array.from(ends),
    first: Uint32Array.from([...first, order.length]),
    tokens: Uint32Array.from(order),
  };
}
