import type { Rule } from '../rule.ts';
import { badWords } from './bad-words.ts';
import { type Bounds, boundedRule } from './bounded-rule.ts';
import { counters } from './cleanup/counters.ts';
import { dialogue } from './cleanup/dialogue.ts';
import { gutenberg } from './cleanup/gutenberg.ts';
import { mojibake } from './cleanup/mojibake.ts';
import { pageBreaks } from './cleanup/page-breaks.ts';
import { pageNoise } from './cleanup/page-noise.ts';
import { pdfCid } from './cleanup/pdf-cid.ts';
import { extraNumber } from './extra-number.ts';
import { languageRule, languagesRule } from './language-rule.ts';
import { minimumCharacters, minimumWords } from './minimum-size.ts';
import { ocrNoise } from './ocr/ocr-noise.ts';
import { authorDeath } from './origin/author-death.ts';
import { rights } from './origin/rights.ts';
import { braces } from './quality/braces.ts';
import { bulletLines } from './quality/bullet-lines.ts';
import { sentenceEndsPerWord, uppercaseShare } from './quality/case.ts';
import { ellipsisLines } from './quality/ellipsis-lines.ts';
import { loremIpsum } from './quality/lorem-ipsum.ts';
import { meanWordLength } from './quality/mean-word-length.ts';
import { duplicatedNgrams, topNgram } from './quality/ngrams.ts';
import { sentences } from './quality/sentences.ts';
import { symbolsPerWord } from './quality/symbols.ts';
import { wordCount } from './quality/word-count.ts';
import { wordsWithoutLetter } from './quality/words-without-letter.ts';
import { proseRules, type RulesOptions } from './rules-shape.ts';
import { type TextStats, textStats } from './text-stats.ts';
import { blocklists } from './url/blocklists.ts';
import { overlap } from './url/overlap.ts';
import { urlWords } from './url/url-words.ts';

/**
 * The rules that are on, in the order of the original: addresses, language, quality, word lists, scans, frames and
 * pages, origin, length; `pii` comes last, when everything that goes is gone.
 *
 * @throws LucieError `BLOCKLIST_MISSING`, `WORD_LIST_UNREADABLE` for lists that are not there
 */
export function createRules(options: RulesOptions, extra: { pii?: Rule } = {}): Rule[] {
  const o = options;
  const rules: Rule[] = [];
  const add = (key: keyof RulesOptions, made: Rule | Rule[] | false): void => {
    const own = made === false ? [] : [made].flat();
    rules.push(...(sparesCode(key, o) ? own.map(sparingCode) : own));
  };
  const measured = (
    bounds: Bounds | false,
    name: string,
    measure: (stats: TextStats) => number | undefined,
  ): Rule | false =>
    bounds && boundedRule(`quality/${name}`, bounds, (document) => measure(textStats(document)));
  const brought = (bounds: (Bounds & { field: string }) | false, name: string): Rule | false =>
    bounds && boundedRule(name, bounds, (document) => extraNumber(document, bounds.field));

  add('urlWords', o.urlWords && urlWords(o.urlWords));
  add('blocklists', o.blocklists && blocklists(o.blocklists));
  add('overlap', o.overlap && overlap(o.overlap));
  add('languages', o.languages && languagesRule(o.languages));
  add('language', o.language && languageRule(o.language));
  add('perplexity', brought(o.perplexity, 'quality/perplexity'));
  add('languageScore', brought(o.languageScore, 'quality/language-score'));
  add('sentences', measured(o.sentences, 'sentences', sentences));
  add('braces', measured(o.braces, 'braces', braces));
  add('loremIpsum', measured(o.loremIpsum, 'lorem-ipsum', loremIpsum));
  add('words', measured(o.words, 'words', wordCount));
  add('meanWordLength', measured(o.meanWordLength, 'mean-word-length', meanWordLength));
  add('symbols', measured(o.symbols, 'symbols', symbolsPerWord));
  add('bulletLines', measured(o.bulletLines, 'bullet-lines', bulletLines));
  add('ellipsisLines', measured(o.ellipsisLines, 'ellipsis-lines', ellipsisLines));
  add('wordsWithoutLetter', measured(o.wordsWithoutLetter, 'words-without-letter', wordsWithoutLetter));
  add('topNgrams', o.topNgrams && ngrams(o.topNgrams, { name: 'top', measure: topNgram }));
  add(
    'duplicateNgrams',
    o.duplicateNgrams && ngrams(o.duplicateNgrams, { name: 'duplicate', measure: duplicatedNgrams }),
  );
  if (o.case) {
    add('case', measured({ minimum: o.case.minimumUppercase }, 'uppercase', uppercaseShare));
    add('case', measured({ minimum: o.case.minimumSentenceEnds }, 'sentence-ends', sentenceEndsPerWord));
  }
  add('badWords', o.badWords && badWords(o.badWords));
  add('ocrScore', brought(o.ocrScore, 'ocr/score'));
  add('ocr', o.ocr && ocrNoise(o.ocr));
  add('pageNoise', o.pageNoise && pageNoise(o.pageNoise));
  rules.push(pageBreaks);
  add('gutenberg', o.gutenberg && gutenberg);
  add('authorDeath', o.authorDeath && authorDeath(o.authorDeath));
  add('rights', o.rights && rights(o.rights));
  add('pdfCid', o.pdfCid && pdfCid(o.pdfCid));
  add('mojibake', o.mojibake && mojibake);
  add('dialogue', o.dialogue && dialogue(o.dialogue));
  add('counters', o.counters && counters);
  add('minimumWords', o.minimumWords !== false && minimumWords(o.minimumWords));
  add('minimumCharacters', o.minimumCharacters !== false && minimumCharacters(o.minimumCharacters));
  if (extra.pii) rules.push(extra.pii);
  return rules;
}

/** A rule per length of run, the shortest first. */
function ngrams(
  maxima: Readonly<Record<string, number>>,
  of: { name: string; measure: (n: number) => (stats: TextStats) => number },
): Rule[] {
  return Object.entries(maxima)
    .sort((a, b) => Number(a[0]) - Number(b[0]))
    .map(([n, maximum]) => {
      const measure = of.measure(Number(n));
      return boundedRule(`quality/${of.name}-${n}-gram`, { maximum }, (document) =>
        measure(textStats(document)),
      );
    });
}

function sparesCode(key: string, options: RulesOptions): boolean {
  const isIn = (keys: readonly string[]) => keys.includes(key);
  return isIn(proseRules) && !isIn(options.judgeCode);
}

/** The same rule, through which code passes. */
function sparingCode(rule: Rule): Rule {
  return {
    ...rule,
    apply: (document) => (document.language.startsWith('code:') ? document : rule.apply(document)),
  };
}
