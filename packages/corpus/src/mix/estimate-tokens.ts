import { languagesOfPair } from './language-group.ts';

/**
 * UTF-8 bytes per token by language, measured here with the original's tokenizer (65,024 entries, published as
 * OpenLLM-France/Lucie-7B) on text of each kind. A tokenizer trained on another corpus differs by some per cent.
 */
export const bytesPerToken: Readonly<Record<string, number>> = {
  fr: 4.26,
  en: 3.91,
  it: 3.56,
  de: 3.59,
  es: 3.44,
  code: 2.9,
  math: 2.63,
};

/** For a language that nobody has measured: the least of those measured, so that nothing looks smaller than it is. */
const UNMEASURED = Math.min(...['fr', 'en', 'it', 'de', 'es'].map((language) => bytesPerToken[language]!));

/**
 * Tokens of a text by its length: an estimate, for planning and reports. The tokens stage counts. Not a whole number:
 * parts are added up before `wholeTokens` rounds, or each way of adding would give another sum.
 * @param language - `fr`, `code:go`, a pair `fr-en` (half of each), or any other
 * @param category - `math` has its own figure
 */
export function estimateTokens(bytes: number, language: string, category = ''): number {
  const pair = languagesOfPair(language);
  const rate = pair
    ? 2 / (1 / rateOf(pair[0]) + 1 / rateOf(pair[1]))
    : category === 'math'
      ? bytesPerToken.math!
      : rateOf(language);
  return bytes / rate;
}

/** An estimate as a whole number. Sums of the same parts in another order differ far behind the point: they round alike. */
export function wholeTokens(tokens: number): number {
  return Math.round(Number(tokens.toFixed(6)));
}

function rateOf(language: string): number {
  const key = language.startsWith('code:') ? 'code' : language;
  return Object.hasOwn(bytesPerToken, key) ? bytesPerToken[key]! : UNMEASURED;
}
