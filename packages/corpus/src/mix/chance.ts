import { sha256 } from '@lucie/ledger';

/** What a chance is for: each use has numbers of its own. */
export type Purpose = 'held-out' | 'cap' | 'order' | 'window';

/**
 * A number in [0, 1) that depends on nothing but the seed, what it is for and the id: the same document falls on the
 * same side whatever else is in the corpus.
 */
export function chance(id: string, seed: number, purpose: Purpose): number {
  return Number.parseInt(sha256(`${seed} ${purpose} ${id}`).slice(0, 12), 16) / 2 ** 48;
}

/** The same number as SQL, of the column `id`: 48 bits and a power of two lose nothing in a double. */
export function chanceSql(seed: number, purpose: Purpose): string {
  const hex = `substr(sha256('${seed} ${purpose} ' || id), 1, 12)`;
  return `(('0x' || ${hex})::UBIGINT::DOUBLE / 281474976710656)`;
}
