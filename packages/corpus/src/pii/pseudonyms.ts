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

interface Draw {
  kind: PiiKind;
  value: string;
  order: number;
  attempt: number;
}

/**
 * The pseudonyms of one document: one for each value, wherever and however it is written, and no two values with the
 * same. They are drawn from the seed, the document's id and the value's place in the order of first appearance, never
 * from the value: who knows the seed could else try all phone or social security numbers and see which gives this one.
 */
export class Pseudonyms {
  readonly #seed: number;
  readonly #document: { id: string; language: string };
  readonly #known = new Map<string, Draw>();
  readonly #taken = new Set<string>();

  constructor(seed: number, document: { id: string; language: string }) {
    this.#seed = seed;
    this.#document = document;
  }

  /** What stands in the place of the original, in its layout. */
  of({ kind, value }: PiiMatch, original: string): string {
    const key = `${kind} ${value}`;
    const known = this.#known.get(key);
    if (known) return this.#draw(known, original);
    const draw: Draw = { kind, value, order: this.#known.size, attempt: 0 };
    this.#known.set(key, draw);
    let drawn = this.#draw(draw, original);
    while (draw.attempt < ATTEMPTS && !this.#isUsable(drawn, original, kind)) {
      draw.attempt++;
      drawn = this.#draw(draw, original);
    }
    this.#taken.add(normal(kind, drawn));
    return drawn;
  }

  #draw(draw: Draw, original: string): string {
    const { kind, order, attempt } = draw;
    const seed = sha256(`${this.#seed} pii ${this.#document.id} ${kind} ${order} ${attempt}`);
    const random = new Random(BigInt(`0x${seed.slice(0, 16)}`));
    const { language } = this.#document;
    switch (kind) {
      case 'email':
        return emailPseudonym(random, original);
      case 'iban':
        return ibanPseudonym(random, original);
      case 'ip':
        return ipPseudonym(random, original, draw);
      case 'nir':
        return nirPseudonym(random, original);
      case 'siret':
      case 'siren':
        return siretPseudonym(random, original);
      case 'card':
        return cardPseudonym(random, original);
      case 'phone':
        return phonePseudonym(random, original, { ...draw, countries: phoneCountries(language) });
    }
  }

  /** One that would itself be found, by chance as another kind, would change when the rule is applied again. */
  #isUsable(drawn: string, original: string, kind: PiiKind): boolean {
    if (drawn === original || this.#taken.has(normal(kind, drawn))) return false;
    const { language } = this.#document;
    return findPii(`tél. ${drawn}`, { kinds: piiKinds, language }).length === 0;
  }
}

/** One pseudonym however it is laid out. */
function normal(kind: PiiKind, drawn: string): string {
  if (kind === 'email' || kind === 'ip') return `${kind} ${drawn.toLowerCase()}`;
  // The last nine digits are the number itself, with or without the country's code.
  return `${kind} ${drawn.replace(/[^A-Za-z0-9]/g, '').slice(kind === 'phone' ? -9 : 0)}`;
}
