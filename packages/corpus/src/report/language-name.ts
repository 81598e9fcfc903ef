const displayNames = {
  fr: new Intl.DisplayNames('fr', { type: 'language' }),
  en: new Intl.DisplayNames('en', { type: 'language' }),
};

/** `français` for `fr`, `code go` for `code:go`, `français – anglais` for the pair `fr-en`. */
export function languageName(code: string, language: 'fr' | 'en'): string {
  if (code === '') return '?';
  if (code.startsWith('code:')) return `code ${code.slice(5)}`;
  return code
    .split(/[-,]/)
    .map((one) => (/^[a-z]{2,3}$/.test(one) ? (displayNames[language].of(one) ?? one) : one))
    .join(' – ');
}
