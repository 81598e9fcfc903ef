import { decodeEntities } from '../../text/entities.ts';
import { type HtmlOptions, htmlToText } from '../../text/html-to-text.ts';
import { ownLanguage } from '../../text/own-language.ts';
import { tidyLine } from '../../text/text-blocks.ts';
import type { Draft, Entry } from '../adapter.ts';
import { dateOf, type Kind } from './kind.ts';

/** Menus, tables of contents, indices, footers of the tools that make manuals (DocBook, Sphinx, Texinfo, publican, mdBook …). */
const FURNITURE =
  /^<(nav|button|header|footer|select|form|aside)\b|(class|id)="[^"]*\b(navheader|navfooter|docnav|toc|list-of-\w+|contents-treeview|indexterm|headerlink|sphinxsidebar|sphinxsidebarwrapper|related|footer|nav_\w+|node|top(lang|bar)|bottomlang|lang-toggle|page-header|quickview|breadcrumb|sidebar|legalnotice|nav-wrapper|menu-bar|anchorlink|reportbug|calibre_toc)\b[^"]*"/i;

export interface HtmlManual {
  /** Which files are pages; a group named `key` is the document's key, else the path without its ending is. */
  files: RegExp;
  /** Of a page, by its path where a package holds several. Undefined: not read. */
  language: string | ((path: string) => string | undefined);
  /** The element that holds the text, by its opening tag. */
  only?: RegExp;
  /** Elements to leave out besides the usual furniture. */
  skip?: RegExp;
  /** Pages whose text is of no use, by title. */
  without?: RegExp;
  /** Where a page that holds a whole book is cut into documents: before what matches. */
  cut?: RegExp;
  /** Encoding of the pages, where not UTF-8. */
  encoding?: 'latin1';
}

/** A manual of HTML pages, each a document. */
export function htmlManual(manual: HtmlManual): Kind {
  const languageOf = (path: string) =>
    typeof manual.language === 'string' ? manual.language : manual.language(path);
  const options: HtmlOptions = {
    skip: manual.skip ? new RegExp(`${FURNITURE.source}|${manual.skip.source}`, 'i') : FURNITURE,
    preformatted: true,
    ...(manual.only ? { only: manual.only } : {}),
  };
  return {
    wants: (path) => manual.files.test(path) && languageOf(path) !== undefined,
    async *read(entries, complain) {
      for await (const entry of entries) {
        const html = manual.encoding ? Buffer.from(entry.bytes).toString(manual.encoding) : entry.text;
        if (html === undefined) complain(entry.path, 'not UTF-8');
        else yield* pagesOf(html, { entry, manual, options, language: languageOf(entry.path)! });
      }
    },
  };
}

function* pagesOf(
  html: string,
  from: { entry: Entry; manual: HtmlManual; options: HtmlOptions; language: string },
): Generator<Draft> {
  const { entry, manual, language } = from;
  const key = manual.files.exec(entry.path)?.groups?.key ?? entry.path.replace(/\.x?html?$/, '');
  const named = tidyLine(decodeEntities(/<title[^>]*>([^<]*)<\/title>/i.exec(html)?.[1] ?? ''));
  const pieces = manual.cut ? html.split(new RegExp(`(?=${manual.cut.source})`)) : [html];
  for (const [index, piece] of pieces.entries()) {
    const whole = htmlToText(piece, from.options);
    // The page's own heading, where it begins with one, is shorter than its name in the browser.
    const first = /^[^\n]*/.exec(whole)![0];
    const isHeading =
      first !== '' && (first === headingOf(piece, from.options) || named.includes(plainHeading(first)));
    const title = plainHeading(isHeading ? first : named);
    const text = body(isHeading ? whole.slice(first.length) : whole);
    if (text === '' || manual.without?.test(title)) continue;
    yield {
      key: manual.cut ? `${key}/${index + 1}` : key,
      title,
      text: ownLanguage(text, language),
      language,
      date: dateOf(entry),
      url: '',
    };
  }
}

/** The first heading of the part that is read. */
function headingOf(html: string, options: HtmlOptions): string {
  const from = options.only ? Math.max(0, html.search(new RegExp(options.only.source.replace('^', '')))) : 0;
  const heading = /<h([1-6])[^>]*>([\s\S]{1,2000}?)<\/h\1>/i.exec(html.slice(from));
  return heading ? htmlToText(heading[0], options) : '';
}

/** Without the marks of links to headings, and numbers of sections that only a table of contents needs. */
function body(text: string): string {
  return text
    .replaceAll('¶', '')
    .replace(/^(?=[^\n]{1,120}$)(?:\d{1,3}|[A-Z])(?:\.\d{1,3}){1,5}\.?[ \u00a0]+(?=\p{L})/gmu, '')
    .replace(/[ \t\u00a0]+$/gm, '')
    .trim();
}

/** `4.4. Découpage`, `Chapitre 3. Choisir`, `A.1 Annexe` without their numbers. */
function plainHeading(heading: string): string {
  return heading
    .replace(/\s*¶\s*$/, '')
    .replace(
      /^(chapitre|chapter|kapitel|capítulo|capitolo|annexe|appendix|anhang|apéndice|appendice|partie|part|teil|parte)[\s\u00a0]+[\dA-Z]{1,3}[.:]?[\s\u00a0]+(?=\S)/i,
      '',
    )
    .replace(/^(?:\d{1,3}|[A-Z])(?:\.\d{1,3})*\.?[\s\u00a0]+(?=\S)/, '');
}
