import { stemmer } from '@orama/stemmers/french';
import { fold } from './fold.ts';

const known = new Map<string, string>();
const KEPT = 50_000;

/** Words for one thing whose stems differ: folded stem to the stem that stands for both. */
const SAME = new Map<string, string>(
  Object.entries({
    anne: 'an',
    journe: 'jour',
    matine: 'matin',
    soire: 'soir',
    oeil: 'yeu',
    ciel: 'cieu',
    math: 'mathemat',
  }),
);

/**
 * What Snowball's rules of 2018 leave apart: plurals in -eux and -oux (`lieux`, `bijoux`) and behind vowels (`amis`,
 * `vélos`), and verbs in -ent (`abritent`, `abandonnent`). Other words lose these ends, too, always in the same way.
 */
function finish(stemmed: string): string {
  const singular = stemmed.replace(/(?<=[eo]u)x$/, '').replace(/(?<=..)(?<![ao]i)(?<=[aiou])s$/, '');
  const verb = /^(.{4,})ent$/.exec(singular)?.[1];
  const end = verb?.replace(/(?<=e)([nlt])\1$|(?<=o)(n)\2$/, '$1$2') ?? singular;
  return SAME.get(end) ?? end;
}

/**
 * The stem of a French word: Snowball's (`@orama/stemmers` gives exactly the stems of Snowball's vocabulary of 2018),
 * folded, so that spelling with and without accents meet.
 */
export function stem(word: string): string {
  const lower = word.toLowerCase().normalize('NFC').replaceAll('œ', 'oe').replaceAll('æ', 'ae');
  let result = known.get(lower);
  if (result === undefined) {
    result = finish(fold(stemmer(lower)) || fold(lower));
    if (known.size >= KEPT) known.clear();
    known.set(lower, result);
  }
  return result;
}
