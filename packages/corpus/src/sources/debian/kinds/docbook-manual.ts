import { docbookToText } from '../../../text/docbook-to-text.ts';
import { ownLanguage } from '../../../text/own-language.ts';
import { dateOf, type Kind } from './kind.ts';

/** A manual in DocBook or Mallard, a document per file. */
export function docbookManual(opts: {
  /** A group named `key` is the document's key, else its path without ending is. */
  files: RegExp;
  /** Of a file, by its path. Undefined: not read. */
  language: (path: string) => string | undefined;
}): Kind {
  return {
    wants: (path) => opts.files.test(path) && opts.language(path) !== undefined,
    async *read(entries, complain) {
      for await (const entry of entries) {
        if (entry.text === undefined) {
          complain(entry.path, 'not UTF-8');
          continue;
        }
        const language = opts.language(entry.path)!;
        const text = docbookToText(entry.text);
        const [title = ''] = text.split('\n', 1);
        const isTitle = title.length > 0 && title.length < 120 && !/[.:;]$/.test(title);
        yield {
          key: opts.files.exec(entry.path)?.groups?.key ?? entry.path.replace(/\.\w+$/, ''),
          title: isTitle ? title : '',
          text: ownLanguage(isTitle ? text.slice(title.length).trim() : text, language),
          language,
          date: dateOf(entry),
          url: '',
        };
      }
    },
  };
}
