import type { Adapter } from '../../adapter.ts';

/** How the documents of one Debian package are read: the package's name is `package`. */
export interface DebianText extends Adapter {
  /**
   * When the text was written, where that is known better than by the dates of the files, which a rebuilt package may
   * have lost: from the package's version, without epoch.
   */
  written?(version: string): string | undefined;
}

/** The five languages of this project. */
export const languages = ['fr', 'en', 'de', 'es', 'it'] as const;
export type Language = (typeof languages)[number];

/** The language of a path from its folder or ending: `fr`, `fr-FR`, `C` (which is English) and the like. */
export function languageIn(
  pattern: RegExp,
  names: Record<string, Language> = {},
): (path: string) => Language | undefined {
  return (path) => {
    const found = pattern.exec(path)?.[1];
    if (found === undefined) return undefined;
    return names[found] ?? languages.find((language) => language === found);
  };
}

/** Publican names its folders by country. */
export const byCountry: Record<string, Language> = {
  'fr-FR': 'fr',
  'en-US': 'en',
  'de-DE': 'de',
  'es-ES': 'es',
  'it-IT': 'it',
};
