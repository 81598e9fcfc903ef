import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { LucieError } from '@lucie/ledger';
import { z } from 'zod';
import { Refusal, type Rule } from '../rule.ts';
import { legible } from './legible.ts';
import { normalise } from './normalised-words.ts';
import type { RulesOptions } from './rules-shape.ts';
import { type TextStats, textStats } from './text-stats.ts';

/** Words of each phrase by its first word. */
type Phrases = Map<string, string[][]>;

/** List of the Dirty, Naughty, Obscene and Otherwise Bad Words (CC BY 4.0), by ISO 639-1 code. */
const ldnoobw = z.record(z.string(), z.array(z.string()));

/**
 * Counts words and phrases of the lists of the document's language (RedPajama v2 `rps_doc_ldnoobw_words`): each
 * place where one stands, also inside a longer one. Entries are normalised as the text is; in the original entries
 * with an accent never matched, because the text alone was. A language without a list passes.
 *
 * @throws LucieError `WORD_LIST_UNREADABLE` for an own list that cannot be read
 */
export function badWords(options: Exclude<RulesOptions['badWords'], false>): Rule {
  const lists = new Map<string, Phrases>();
  const published = options.ldnoobw ? ldnoobw.parse(createRequire(import.meta.url)('naughty-words')) : {};
  const listOf = (language: string): Phrases => {
    let phrases = lists.get(language);
    if (!phrases)
      lists.set(
        language,
        (phrases = phrasesOf(Object.hasOwn(published, language) ? published[language]! : [])),
      );
    return phrases;
  };
  for (const [language, paths] of Object.entries(options.files))
    for (const path of paths) addPhrases(listOf(language), readList(path));
  return {
    name: 'bad-words',
    apply(document) {
      const { count, first } = find(listOf(document.language), textStats(document));
      return count > options.maximum
        ? new Refusal(`${legible(count, '>', options.maximum)}, e.g. "${first}"`)
        : document;
    },
  };
}

function find(phrases: Phrases, { words }: TextStats): { count: number; first: string } {
  let count = 0;
  let first = '';
  const starts = words.vocabulary.map((word) => phrases.get(word));
  if (starts.every((start) => start === undefined)) return { count, first };
  for (let i = 0; i < words.ids.length; i++) {
    for (const phrase of starts[words.ids[i]!] ?? []) {
      if (i + phrase.length > words.ids.length) continue;
      if (!phrase.every((word, k) => words.vocabulary[words.ids[i + k]!] === word)) continue;
      if (count++ === 0) first = phrase.join(' ');
    }
  }
  return { count, first };
}

function phrasesOf(entries: readonly string[]): Phrases {
  const phrases: Phrases = new Map();
  addPhrases(phrases, entries);
  return phrases;
}

function addPhrases(phrases: Phrases, entries: readonly string[]): void {
  for (const entry of entries) {
    const words = normalise(entry).split(/\s+/).filter(Boolean);
    if (words.length === 0) continue;
    const known = phrases.get(words[0]!) ?? [];
    if (!known.some((phrase) => phrase.join(' ') === words.join(' '))) known.push(words);
    phrases.set(words[0]!, known);
  }
}

function readList(path: string): string[] {
  try {
    return readFileSync(path, 'utf8').split('\n');
  } catch (cause) {
    throw new LucieError({
      code: 'WORD_LIST_UNREADABLE',
      found: `no readable file ${path}`,
      expected: 'a list with a word or phrase per line',
      todo: 'correct the path in badWords.files',
      cause,
    });
  }
}
