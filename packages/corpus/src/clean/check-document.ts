import type { Document } from '../document.ts';
import { licences } from '../licences.ts';
import { tidyLine } from '../text/text-blocks.ts';

/** Characters that carry no text: controls but tab and newline, marks of direction, the byte order mark. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out
const INVISIBLE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b\u200e\u200f\u202a-\u202e\u2060\ufeff]/g;

/** The document in the one form that everything after relies on: composed characters, well-formed, `\n`, no controls. */
export function settle(document: Document): Document {
  return {
    ...document,
    title: tidyLine(document.title.toWellFormed().normalize('NFC')),
    text: document.text
      .toWellFormed()
      .normalize('NFC')
      .replace(/\r\n?/g, '\n')
      .replace(INVISIBLE, '')
      .replace(/[ \t]+$/gm, '')
      .replace(/\n{3,}/g, '\n\n')
      .trim(),
  };
}

/** What is wrong with a document's fields, or undefined. */
export function faultOf(document: Document): string | undefined {
  if (document.id === '' || document.id.length > 300) return 'no id, or one of more than 300 characters';
  if (!/^[a-z]{2}$/.test(document.language)) return `language ${JSON.stringify(document.language)}`;
  if (!Object.hasOwn(licences, document.licence))
    return `unknown licence ${JSON.stringify(document.licence)}`;
  if (!/^(\d{4}(-\d{2}(-\d{2})?)?)?$/.test(document.date)) return `date ${JSON.stringify(document.date)}`;
  return undefined;
}
