/**
 * How parallel text is written. The original is known to use 8 separators, 7 tag endings, brackets in half of the
 * tags and names in either language, but not which: these are our choice, of what bilingual pages and phrase books use.
 */
export const separators = ['\n', '\n\n', '\n\n\n', '\t', ' ', ' | ', ' / ', ' = '] as const;

/** What stands between the name of a language and its text. The one with a no-break space is French typography. */
export const tagEndings = [' ', ': ', '\u00a0: ', ' - ', ' > ', '\n', ':\n'] as const;

export const bracketPairs = [
  ['[', ']'],
  ['(', ')'],
  ['<', '>'],
  ['{', '}'],
] as const;

/** `languageNames[fr][en]`: English, in French. */
export const languageNames: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  fr: { fr: 'Français', en: 'Anglais', de: 'Allemand', es: 'Espagnol', it: 'Italien' },
  en: { fr: 'French', en: 'English', de: 'German', es: 'Spanish', it: 'Italian' },
  de: { fr: 'Französisch', en: 'Englisch', de: 'Deutsch', es: 'Spanisch', it: 'Italienisch' },
  es: { fr: 'Francés', en: 'Inglés', de: 'Alemán', es: 'Español', it: 'Italiano' },
  it: { fr: 'Francese', en: 'Inglese', de: 'Tedesco', es: 'Spagnolo', it: 'Italiano' },
};
