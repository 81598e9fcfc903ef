/**
 * What a language counts as in rules and shares: `code` for any programming language (`code:go`), `parallel` for a
 * pair (`fr-en`, or `fr,en` as the Lucie Training Dataset writes it), else itself.
 */
export function languageGroup(language: string): string {
  if (language === 'code' || language.startsWith('code:')) return 'code';
  return languagesOfPair(language) ? 'parallel' : language;
}

/** The two languages of a pair, or undefined. */
export function languagesOfPair(language: string): [string, string] | undefined {
  const match = /^([a-z]{2})[-,]([a-z]{2})$/.exec(language);
  return match ? [match[1]!, match[2]!] : undefined;
}
