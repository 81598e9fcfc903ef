import { Random } from '@lucie/ledger';
import { checkLanguage, type LanguageOptions } from '../clean/language.ts';
import { Refusal, type Rule } from '../clean/rule.ts';
import type { Document } from '../document.ts';
import { type Half, type Halves, halvesOf, parallelKind } from './parallel-halves.ts';
import { bracketPairs, languageNames, separators, tagEndings } from './parallel-tags.ts';

export interface ParallelOptions {
  seed: number;
  /** How a half's language is told, as for whole documents. */
  language: LanguageOptions;
}

/**
 * The rules of parallel text: a document with `extra.kind` `parallel`, or with halves as the Lucie Training Dataset
 * writes them, whose language is then a pair (`fr-en`). `parallel/language` refuses it when a half is not in the
 * language that it says; `parallel` puts the halves into one text, in the many ways that parallel text is written,
 * so that a model learns to translate rather than one layout. Other documents pass.
 */
export function parallelRules(options: ParallelOptions): Rule[] {
  return [
    { name: 'parallel/language', apply: (document) => checkHalves(document, options.language) },
    { name: 'parallel', apply: (document) => putTogether(document, options.seed) },
  ];
}

function checkHalves(document: Document, options: LanguageOptions): Document | Refusal {
  for (const { language, text } of halvesOf(document) ?? []) {
    const { ok, found } = checkLanguage(text, language, options);
    if (!ok) return new Refusal(`${language}: ${found}`);
  }
  return document;
}

/**
 * Half of them with the languages named; the translation comes first in half of them. Which of the ways is taken
 * depends on the seed and the id alone.
 */
function putTogether(document: Document, seed: number): Document | Refusal {
  const kind = parallelKind(document);
  if (kind === 'composed') return document;
  const halves = halvesOf(document);
  if (!halves) return kind === 'no' ? document : new Refusal('no two halves with their languages');
  if (halves.some(({ text }) => text.trim() === '')) return new Refusal('an empty half');
  const random = new Random(seed, `parallel/${document.id}`);
  const order = random.float() < 0.5 ? halves : ([halves[1], halves[0]] satisfies Halves);
  const tag = random.float() < 0.5 ? tagger(order, random) : () => '';
  const separator = pick(separators, random);
  const text = order.map((half) => tag(half) + half.text.trim()).join(separator);
  const languages = halves.map(({ language }) => language);
  return {
    ...document,
    text,
    title: '',
    language: languages.join('-'),
    extra: JSON.stringify({ kind: 'parallel', languages }),
  };
}

/** A code or a name in one of the two languages, in brackets or not, and what ends it: the same for both halves. */
function tagger(halves: Halves, random: Random): (half: Half) => string {
  const asCode = random.float() < 0.5;
  const namedIn = halves[random.below(2)]!.language;
  const [open, close] = random.float() < 0.5 ? pick(bracketPairs, random) : ['', ''];
  const ending = pick(tagEndings, random);
  return ({ language }) => {
    const name = asCode ? language : (languageNames[namedIn]?.[language] ?? language);
    return `${open}${name}${close}${ending}`;
  };
}

function pick<T>(list: readonly T[], random: Random): T {
  return list[random.below(list.length)]!;
}
