import { docbookToText } from '../../text/docbook-to-text.ts';
import { ownLanguage } from '../../text/own-language.ts';
import { tidyLine } from '../../text/text-blocks.ts';
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
      const pages: Page[] = [];
      for await (const entry of entries) {
        if (entry.text === undefined) complain(entry.path, 'not UTF-8');
        else
          pages.push({
            path: entry.path,
            xml: entry.text,
            date: dateOf(entry),
            language: opts.language(entry.path)!,
          });
      }
      const titles = new Map(pages.map((page) => [`${page.language}/${idOf(page)}`, titleOf(page.xml)]));
      for (const page of pages) {
        const whole = docbookToText(page.xml, (id) => titles.get(`${page.language}/${id}`) ?? '');
        const [first = ''] = whole.split('\n', 1);
        const isTitle = first.length > 0 && first.length < 120 && !/[.:;]$/.test(first);
        const text = isTitle ? whole.slice(first.length).trim() : whole;
        if (text === '') continue;
        yield {
          key: opts.files.exec(page.path)?.groups?.key ?? page.path.replace(/\.\w+$/, ''),
          title: isTitle ? first : '',
          text: ownLanguage(text, page.language),
          language: page.language,
          date: page.date,
          url: '',
        };
      }
    },
  };
}

interface Page {
  path: string;
  xml: string;
  date: string;
  language: string;
}

/** The name by which other pages of Mallard refer to this one. */
function idOf(page: Page): string {
  return page.path.replace(/^.*\//, '').replace(/\.\w+$/, '');
}

/** A page's own title: the first that is no translation of a name in its facts. */
function titleOf(xml: string): string {
  const title = /<title>([\s\S]*?)<\/title>/.exec(xml.replace(/<info>[\s\S]*?<\/info>/, ''))?.[1] ?? '';
  return tidyLine(title.replace(/<[^>]*>/g, ''));
}
