import { withoutGutenberg } from '../../clean/rules/cleanup/gutenberg.ts';
import { tidyLine } from '../../text/text-blocks.ts';
import type { Kind } from './kind.ts';

export interface Book {
  file: string;
  title: string;
  author: string;
  language: string;
  /** When it was first published. */
  date: string;
  /** The line that begins a chapter. */
  chapter: RegExp;
}

/** Books as plain text with hard line breaks: a document per chapter. */
export function books(list: readonly Book[]): Kind {
  const bookOf = (path: string) => list.find(({ file }) => path === file);
  return {
    wants: (path) => bookOf(path) !== undefined,
    async *read(entries, complain) {
      for await (const entry of entries) {
        const { title, author, language, date, chapter } = bookOf(entry.path)!;
        if (entry.text === undefined) {
          complain(entry.path, 'not UTF-8');
          continue;
        }
        const name = entry.path.replace(/^.*\//, '').replace(/\.\w+$/, '');
        for (const [index, part] of chapters(withoutGutenberg(entry.text), chapter).entries())
          yield {
            key: `${name}/${index + 1}`,
            title,
            text: part,
            language,
            date,
            url: '',
            extra: { author },
          };
      }
    },
  };
}

function chapters(text: string, heading: RegExp): string[] {
  const parts: string[][] = [[]];
  for (const paragraph of text.replace(/\r/g, '').split(/\n[ \t]*\n/)) {
    const line = tidyLine(paragraph);
    if (!line) continue;
    if (heading.test(line)) parts.push([]);
    parts.at(-1)!.push(line);
  }
  return parts.map((part) => part.join('\n\n')).filter((part) => part.length > 200);
}
