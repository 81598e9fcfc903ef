import { sha256 } from '@lucie/ledger';

/**
 * A number in [0, 1) that depends on nothing but the seed, what it is for and the id: the same document falls on the
 * same side whatever else is in the corpus.
 */
export function chance(id: string, seed: number, purpose: 'held-out' | 'cap'): number {
  return Number.parseInt(sha256(`${seed} ${purpose} ${id}`).slice(0, 12), 16) / 2 ** 48;
}
