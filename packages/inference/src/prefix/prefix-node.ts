import type { Branch } from './prefix-tree.ts';

/** Who may see what a node holds: everybody, or one scope only. */
export type Scope = string | undefined;

/** A run of tokens whose cells always belong to the same sequences. */
export interface PrefixNode {
  tokens: number[];
  /** Position of the first of them. */
  start: number;
  parent: PrefixNode | undefined;
  scope: Scope;
  /** By first token. Several of one token when sequences have read the same side by side, or for different scopes. */
  children: Map<number, PrefixNode[]>;
  /** Branches that end here. */
  tails: Set<Branch>;
  /** Branches that end here or below: the sequences that hold these cells. */
  holders: number;
  /** When it was last taken up, by a clock that counts uses. */
  used: number;
}

export function newNode(parent: PrefixNode | undefined, start: number, scope: Scope): PrefixNode {
  return { tokens: [], start, parent, scope, children: new Map(), tails: new Set(), holders: 0, used: 0 };
}

export function addChild(parent: PrefixNode, child: PrefixNode): void {
  const siblings = parent.children.get(child.tokens[0]!);
  if (siblings) siblings.push(child);
  else parent.children.set(child.tokens[0]!, [child]);
}

export function removeChild(parent: PrefixNode, child: PrefixNode): void {
  const rest = parent.children.get(child.tokens[0]!)!.filter((sibling) => sibling !== child);
  if (rest.length > 0) parent.children.set(child.tokens[0]!, rest);
  else parent.children.delete(child.tokens[0]!);
}

/** Cuts a node in two: a new one above takes its first `length` tokens; branches keep pointing at the lower part. */
export function splitNode(node: PrefixNode, length: number): PrefixNode {
  const parent = node.parent!;
  const upper = newNode(parent, node.start, node.scope);
  removeChild(parent, node);
  upper.tokens = node.tokens.slice(0, length);
  upper.holders = node.holders;
  upper.used = node.used;
  node.tokens = node.tokens.slice(length);
  node.start += length;
  node.parent = upper;
  addChild(parent, upper);
  addChild(upper, node);
  return upper;
}

/**
 * Puts a node and its only child together again, where nothing ends between them any more: else every difference that
 * there ever was would cut a course into smaller pieces.
 */
export function joinOnlyChild(node: PrefixNode): void {
  const children = [...node.children.values()].flat();
  const [child] = children;
  if (!node.parent || children.length !== 1 || node.tails.size > 0 || child!.scope !== node.scope) return;
  removeChild(node.parent, node);
  child!.tokens = node.tokens.concat(child!.tokens);
  child!.start = node.start;
  child!.parent = node.parent;
  child!.used = Math.max(child!.used, node.used);
  addChild(node.parent, child!);
}

/** Where the longest visible prefix of `tokens`, at most `limit` long, ends: `length` tokens into `node`. */
export function longestMatch(
  root: PrefixNode,
  tokens: ArrayLike<number>,
  opts: { limit: number; scope: Scope },
): { node: PrefixNode; length: number } {
  let best = { node: root, length: 0 };
  const descend = (from: PrefixNode, position: number): void => {
    for (const child of from.children.get(tokens[position]!) ?? []) {
      if (child.scope !== undefined && child.scope !== opts.scope) continue;
      const most = Math.min(child.tokens.length, opts.limit - position);
      let length = 0;
      while (length < most && child.tokens[length] === tokens[position + length]) length++;
      if (position + length > best.length) best = { node: child, length: position + length };
      if (length === child.tokens.length && position + length < opts.limit) descend(child, position + length);
    }
  };
  if (opts.limit > 0) descend(root, 0);
  return best;
}
