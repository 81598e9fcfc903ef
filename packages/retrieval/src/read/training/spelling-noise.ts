import type { Random } from '@lucie/ledger';

/** What pupils write for a word, by ear or in short. */
const BY_EAR: readonly (readonly [string, readonly string[]])[] = [
  ["qu'est-ce que", ['kesk', 'c koi']],
  ['il y a', ['ya']],
  ["c'est", ['c', 'cé']],
  ['pourquoi', ['pk', 'pq', 'prk']],
  ['comment', ['cmt', 'komen']],
  ['combien', ['cb', 'conbien']],
  ['beaucoup', ['bcp']],
  ['quand', ['kan', 'qd']],
  ['quelle', ['kel', 'quel']],
  ['quels', ['kel', 'quel']],
  ['quel', ['kel']],
  ['quoi', ['koi']],
  ['avec', ['ac', 'avc']],
  ['dans', ['ds']],
  ['pour', ['pr']],
  ['tout', ['tt']],
  ['sont', ['son']],
  ['que', ['ke']],
  ['qui', ['ki']],
  ['les', ['lé']],
  ['des', ['dé']],
  ['est', ['é']],
  ['et', ['é']],
];

const bare = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '');
const unpunctuated = (text: string): string =>
  text
    .replace(/[?!.,;:«»]/g, '')
    .replace(/\s+/g, ' ')
    .trim();

/**
 * A question as pupils type it on a phone, in one of three ways: without capitals, accents and punctuation; with some
 * letters lost, doubled, exchanged or without their accent; or by ear.
 */
export function misspell(question: string, random: Random): string {
  const way = random.below(3);
  if (way === 0)
    return unpunctuated(bare(question.toLowerCase()).replace(/['’]/g, ['', ' ', "'"][random.below(3)]!));
  return way === 1 ? withSlips(question, random) : byEar(question, random);
}

function withSlips(question: string, random: Random): string {
  const words = question.split(' ');
  const long = [...words.keys()].filter((i) => words[i]!.length > 3);
  const slips = long.length === 0 ? 0 : 2 + random.below(3);
  for (let slip = 0; slip < slips; slip++) {
    const at = long[random.below(long.length)]!;
    words[at] = slipped(words[at]!, random);
  }
  return words.join(' ');
}

function slipped(word: string, random: Random): string {
  const letters = [...word];
  if (letters.length < 4) return word;
  const i = 1 + random.below(letters.length - 2);
  const kind = random.below(4);
  if (kind === 0 && bare(word) !== word) return bare(word);
  if (kind === 1) letters.splice(i, 0, letters[i]!);
  else if (kind === 2) [letters[i], letters[i + 1]] = [letters[i + 1]!, letters[i]!];
  else letters.splice(i, 1);
  return letters.join('');
}

function byEar(question: string, random: Random): string {
  let text = question.toLowerCase().replaceAll('’', "'");
  for (const [word, spellings] of BY_EAR) {
    if (random.float() > 0.6) continue;
    const written = spellings[random.below(spellings.length)]!;
    text = text.replace(new RegExp(`(?<![\\p{L}'])${word}(?![\\p{L}'])`, 'gu'), written);
  }
  return unpunctuated(random.float() < 0.7 ? bare(text) : text);
}
