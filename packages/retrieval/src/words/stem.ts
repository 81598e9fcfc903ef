import { stemmer } from '@orama/stemmers/french';
import { fold } from './fold.ts';

const known = new Map<string, string>();
const KEPT = 50_000;

/** The stem of a French word by Snowball's rules, folded, so that spelling with and without accents meet. */
export function stem(word: string): string {
  const lower = word.toLowerCase().normalize('NFC').replaceAll('œ', 'oe').replaceAll('æ', 'ae');
  let result = known.get(lower);
  if (result === undefined) {
    result = fold(stemmer(lower)) || fold(lower);
    if (known.size >= KEPT) known.clear();
    known.set(lower, result);
  }
  return result;
}
