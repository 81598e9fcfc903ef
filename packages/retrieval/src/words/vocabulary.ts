import { editDistance } from './edit-distance.ts';
import { phoneticKey } from './phonetic.ts';

/** A written form of a room, the term it is indexed by, and the number of passages that have it. */
export interface VocabularyEntry {
  form: string;
  term: string;
  count: number;
}

/** A word of the room that a misspelt one may mean. */
export interface Correction {
  form: string;
  term: string;
  /** Below 1: what it counts beside the word itself. */
  weight: number;
}

const bit = (code: number): number => 1 << (code >= 97 && code <= 122 ? code - 97 : 26 + (code % 6));

/** The letters of a word as bits: words that differ by `d` edits differ by at most `2 d` bits. */
function letters(word: string): number {
  let mask = 0;
  for (let i = 0; i < word.length; i++) mask |= bit(word.charCodeAt(i));
  return mask;
}

function bits(mask: number): number {
  let count = 0;
  for (let rest = mask; rest !== 0; rest &= rest - 1) count++;
  return count;
}

interface Known {
  form: string;
  letters: number;
  entries: VocabularyEntry[];
  count: number;
}

/** Elided words that were stuck to the next one: `lorzelle`, `dargent`, `quorzelle`. */
const STUCK = /^(?:[ldjmnstck]|qu)(?=[aeiouyh])/;

/** The words of a room: what a pupil who misspells most likely means is a word of the documents. */
export class Vocabulary {
  readonly #forms = new Map<string, Known>();
  readonly #terms = new Map<string, number>();
  readonly #byLength: Known[][] = [];
  #byKey: Map<string, Known[]> | undefined;

  constructor(entries: Iterable<VocabularyEntry>) {
    for (const entry of entries) {
      this.#terms.set(entry.term, (this.#terms.get(entry.term) ?? 0) + entry.count);
      const known = this.#forms.get(entry.form);
      if (known) {
        known.entries.push(entry);
        known.count += entry.count;
      } else {
        const made = { form: entry.form, letters: letters(entry.form), entries: [entry], count: entry.count };
        this.#forms.set(entry.form, made);
        const length = entry.form.length;
        this.#byLength[length] ??= [];
        this.#byLength[length].push(made);
      }
    }
  }

  /** Terms by which a folded form is indexed (`marche` of `marché` and of `marche`); none for a form that no document has. */
  terms(form: string): string[] {
    return this.#forms.get(form)?.entries.map(({ term }) => term) ?? [];
  }

  /** Passages that have a term, counted once for each of its forms; 0 for a term that no document has. */
  count(term: string): number {
    return this.#terms.get(term) ?? 0;
  }

  /**
   * Words of the room that a form which it does not have may stand for, the likeliest first, at most three terms: the
   * word behind a stuck elision, or else words that sound alike or are few typing errors away (one for 4 to 7 letters, two beyond).
   */
  corrections(form: string): Correction[] {
    if (/\d/.test(form)) return [];
    const unstuck = this.#unstuck(form);
    if (unstuck.length > 0) return unstuck;
    if (form.length < 3) return [];
    const key = phoneticKey(form);
    const most = form.length < 4 ? 0 : form.length < 8 ? 1 : 2;
    const found = new Map<Known, number>();
    for (const known of this.#keys().get(key) ?? []) {
      const distance = editDistance(form, known.form, Math.ceil(form.length / 2));
      if (distance <= Math.ceil(form.length / 2)) found.set(known, Math.max(0.6, 0.9 - 0.1 * distance));
    }
    for (let length = form.length - most; length <= form.length + most && most > 0; length++) {
      for (const known of this.#byLength[length] ?? []) {
        if (found.has(known) || bits(known.letters ^ letters(form)) > 2 * most || /\d/.test(known.form))
          continue;
        const distance = editDistance(form, known.form, most);
        if (distance > most) continue;
        const sameStart = known.form[0] === form[0];
        if (distance === 1) found.set(known, sameStart ? 0.6 : 0.45);
        else if (sameStart) found.set(known, 0.4);
      }
    }
    const ranked = [...found].sort(
      ([a, x], [b, y]) => y - x || b.count - a.count || (a.form < b.form ? -1 : a.form > b.form ? 1 : 0),
    );
    const best = new Map<string, Correction>();
    for (const [known, weight] of ranked) {
      for (const { term } of known.entries) {
        if (best.size < 3 && !best.has(term)) best.set(term, { form: known.form, term, weight });
      }
    }
    return [...best.values()];
  }

  /** The word that an elided one is stuck to. */
  #unstuck(form: string): Correction[] {
    const rest = form.replace(STUCK, '');
    const elided = rest === form ? undefined : this.#forms.get(rest);
    if (elided) return elided.entries.map(({ term }) => ({ form: rest, term, weight: 0.9 }));
    return [];
  }

  #keys(): Map<string, Known[]> {
    if (!this.#byKey) {
      this.#byKey = new Map();
      for (const known of this.#forms.values()) {
        if (/\d/.test(known.form)) continue;
        const key = phoneticKey(known.form);
        const list = this.#byKey.get(key);
        if (list) list.push(known);
        else this.#byKey.set(key, [known]);
      }
    }
    return this.#byKey;
  }
}
