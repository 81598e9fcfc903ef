import { Random, sha256 } from '@lucie/ledger';
import { cardPseudonym } from './card.ts';
import { emailPseudonym } from './email.ts';
import { findPii } from './find-pii.ts';
import { ibanPseudonym } from './iban.ts';
import { ipPseudonym } from './ip.ts';
import { type PiiKind, type PiiMatch, piiKinds } from './kinds.ts';
import { nirPseudonym } from './nir.ts';
import { phonePseudonym } from './phone-pseudonym.ts';
import { phoneCountries } from './phone-shapes.ts';
import { siretPseudonym } from './siret.ts';

/** Draws until two values of a document have different pseudonyms; some blocks of fictional numbers are small. */
const ATTEMPTS = 300;

/**
 * The pseudonyms of one document: one for each value, wherever and however it is written, and no two values with the
 * same. They depend on the seed, the document's id and its values alone.
 */
export class Pseudonyms {
  readonly #seed: number;
  readonly #document: { id: string; language: string };
  readonly #known = new Map<string, number>();
  readonly #taken = new Map<string, string>();

  constructor(seed: number, document: { id: string; language: string }) {
    this.#seed = seed;
    this.#document = document;
  }

  /** What stands in the place of the original, in its layout. */
  of({ kind, value }: PiiMatch, original: string): string {
    const key = `${kind} ${value}`;
    const settled = this.#known.get(key);
    if (settled !== undefined) return this.#draw(key, kind, { value, original, attempt: settled });
    let drawn = '';
    let attempt = 0;
    for (; attempt < ATTEMPTS; attempt++) {
      drawn = this.#draw(key, kind, { value, original, attempt });
      const owner = this.#taken.get(normal(kind, drawn));
      if ((owner === undefined || owner === key) && drawn !== original && !this.#isFound(drawn)) break;
    }
    this.#known.set(key, attempt);
    this.#taken.set(normal(kind, drawn), key);
    return drawn;
  }

  #draw(key: string, kind: PiiKind, opts: { value: string; original: string; attempt: number }): string {
    const seed = sha256(`${this.#seed} pii ${this.#document.id} ${key} ${opts.attempt}`);
    const random = new Random(BigInt(`0x${seed.slice(0, 16)}`));
    switch (kind) {
      case 'email':
        return emailPseudonym(random, opts.original);
      case 'iban':
        return ibanPseudonym(random, opts.original);
      case 'ip':
        return ipPseudonym(random, opts.original, opts);
      case 'nir':
        return nirPseudonym(random, opts.original);
      case 'siret':
      case 'siren':
        return siretPseudonym(random, opts.original);
      case 'card':
        return cardPseudonym(random, opts.original);
      case 'phone':
        return phonePseudonym(random, opts.original, {
          ...opts,
          countries: phoneCountries(this.#document.language),
        });
    }
  }

  /** A pseudonym that would itself be found, by chance as another kind, would change when the rule is applied again. */
  #isFound(drawn: string): boolean {
    const { language } = this.#document;
    return findPii(`tél. ${drawn}`, { kinds: piiKinds, language }).length > 0;
  }
}

/** One pseudonym however it is laid out. */
function normal(kind: PiiKind, drawn: string): string {
  if (kind === 'email' || kind === 'ip') return `${kind} ${drawn.toLowerCase()}`;
  // The last nine digits are the number itself, with or without the country's code.
  return `${kind} ${drawn.replace(/[^A-Za-z0-9]/g, '').slice(kind === 'phone' ? -9 : 0)}`;
}
