import { decodeEntities } from '../../../text/entities.ts';
import { type HtmlOptions, htmlToText } from '../../../text/html-to-text.ts';
import { ownLanguage } from '../../../text/own-language.ts';
import { tidyLine } from '../../../text/text-blocks.ts';
import type { Draft, Entry } from '../../adapter.ts';
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
        else {
          const page = pageOf(html, { entry, options, language: languageOf(entry.path)! });
          if (!manual.without?.test(page.title)) yield { ...page, key: keyOf(entry.path, manual.files) };
        }
      }
    },
  };
}

function pageOf(
  html: string,
  page: { entry: Entry; options: HtmlOptions; language: string },
): Omit<Draft, 'key'> {
  const named = tidyLine(decodeEntities(/<title[^>]*>([^<]*)<\/title>/i.exec(html)?.[1] ?? ''));
  const text = htmlToText(html, page.options);
  // The page's own heading, where it has one, is shorter than its name in the browser.
  const first = /^[^\n]*/.exec(text)![0].replace(/\s*¶$/, '');
  const isHeading = first !== '' && named.toLowerCase().includes(unnumbered(first).toLowerCase());
  return {
    title: unnumbered(isHeading ? first : named),
    text: ownLanguage(
      isHeading ? text.slice(first.length).replace(/^\s*¶?\s*/, '') : text,
      page.language,
    ).replaceAll('¶', ''),
    language: page.language,
    date: dateOf(page.entry),
    url: '',
  };
}

/** `4.4. Découpage`, `Chapitre 3. Choisir`, `A.1 Annexe` without their numbers. */
export function unnumbered(heading: string): string {
  return heading
    .replace(
      /^(chapitre|chapter|kapitel|capítulo|capitolo|annexe|appendix|anhang|apéndice|appendice|partie|part|teil|parte)[\s\u00a0]+[\dA-Z]{1,3}[.:]?[\s\u00a0]+(?=\S)/i,
      '',
    )
    .replace(/^(?:\d{1,3}|[A-Z])(?:\.\d{1,3})*\.?[\s\u00a0]+(?=\S)/, '');
}

function keyOf(path: string, files: RegExp): string {
  const named = files.exec(path)?.groups?.key;
  return named ?? path.replace(/\.x?html?$/, '');
}
