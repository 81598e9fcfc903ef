import { decodeEntities } from './entities.ts';
import { subscript, superscript } from './scripts.ts';
import { TextBlocks } from './text-blocks.ts';

const PARAGRAPHS = new Set(
  'address article aside blockquote body caption center dd div dl dt figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr main nav p pre section summary table'.split(
    ' ',
  ),
);
/** Elements whose content nobody reads. */
const SKIPPED = new Set([
  'script',
  'style',
  'noscript',
  'template',
  'svg',
  'iframe',
  'head',
  'title',
  'textarea',
]);

interface Tag {
  name: string;
  closing: boolean;
  end: number;
}

/** Elements that have no end tag. */
const VOID = new Set('area base br col embed hr img input link meta source track wbr'.split(' '));

export interface HtmlOptions {
  /** The part to read: the first element whose opening tag matches; the whole where none does. */
  only?: RegExp;
  /** Elements to leave out with all that is in them, by their opening tag. */
  skip?: RegExp;
  /** Keeps the lines of `pre`, as program text needs them. */
  preformatted?: boolean;
}

/**
 * Plain text of an HTML fragment: entities decoded, paragraphs apart, headings on their own lines, list items behind
 * a dash, table rows as cells between bars. Broken HTML gives the best text it can, never an error.
 */
export function htmlToText(whole: string, opts: HtmlOptions = {}): string {
  const html = opts.only ? elementWhere(whole, opts.only) : whole;
  const out = new TextBlocks();
  let at = 0;
  let raised: 'sup' | 'sub' | undefined;
  const write = (raw: string) => {
    if (!raw) return;
    const text = decodeEntities(raw);
    out.write(raised === 'sup' ? superscript(text) : raised === 'sub' ? subscript(text) : text);
  };
  while (at < html.length) {
    const open = html.indexOf('<', at);
    if (open < 0) break;
    if (html.startsWith('<!--', open)) {
      write(html.slice(at, open));
      const end = html.indexOf('-->', open);
      at = end < 0 ? html.length : end + 3;
      continue;
    }
    const tag = readTag(html, open);
    if (!tag) {
      write(html.slice(at, open + 1));
      at = open + 1;
      continue;
    }
    write(html.slice(at, open));
    at = tag.end;
    if (!tag.closing && SKIPPED.has(tag.name)) at = isDrawn(html, tag) ? at : skip(html, at, tag.name);
    else if (!tag.closing && opts.skip?.test(html.slice(open, at))) {
      if (PARAGRAPHS.has(tag.name)) out.paragraph();
      if (!isEmpty(html, tag)) at = endOfElement(html, at, tag.name).after;
    } else if (!tag.closing && opts.preformatted && tag.name === 'pre') {
      const end = endOfElement(html, at, 'pre');
      out.preformatted(decodeEntities(html.slice(at, end.before).replace(/<[^>]*>/g, '')));
      at = end.after;
    } else if (tag.name === 'sup' || tag.name === 'sub') raised = tag.closing ? undefined : tag.name;
    else place(out, tag);
  }
  write(html.slice(at));
  return out.toString();
}

function place(out: TextBlocks, { name, closing }: Tag): void {
  if (name === 'br') out.line();
  else if (name === 'ul' || name === 'ol') closing ? out.closeList() : out.openList();
  else if (name === 'li') closing ? out.line() : out.item();
  else if (name === 'tr') closing ? out.closeRow() : out.openRow();
  else if (name === 'td' || name === 'th') closing ? out.closeCell() : undefined;
  else if (PARAGRAPHS.has(name)) out.paragraph();
}

/** The tag that begins at `open`, or undefined when that `<` is only a sign. */
function readTag(html: string, open: number): Tag | undefined {
  const match = /^<(\/?)([a-z!?][a-z0-9]*)/i.exec(html.slice(open, open + 32));
  if (!match) return undefined;
  const plain = html.indexOf('>', open);
  if (plain < 0) return undefined;
  return { name: match[2]!.toLowerCase(), closing: match[1] === '/', end: endOfTag(html, open, plain) };
}

/** An attribute in quotes may hold a `>`; a quote that is never closed does not count. */
function endOfTag(html: string, open: number, plain: number): number {
  let quote = '';
  const limit = Math.min(html.length, open + 10_000);
  for (let i = open; i < limit; i++) {
    const char = html[i]!;
    if (quote) quote = char === quote ? '' : quote;
    else if (char === '"' || char === "'") quote = html[i - 1] === '=' ? char : '';
    else if (char === '>') return i + 1;
  }
  return plain + 1;
}

/** Foreign elements alone may end in their opening tag (HTML standard §13.1.2.1). */
function isDrawn(html: string, tag: Tag): boolean {
  return (tag.name === 'svg' || tag.name === 'math') && html.startsWith('/>', tag.end - 2);
}

/** Behind the end tag of an element that holds no elements. */
function skip(html: string, from: number, name: string): number {
  const close = new RegExp(`</${name}`, 'gi');
  close.lastIndex = from;
  if (!close.test(html)) return html.length;
  const end = html.indexOf('>', close.lastIndex);
  return end < 0 ? html.length : end + 1;
}

/** What stands inside the first element whose opening tag matches, or everything. */
function elementWhere(html: string, pattern: RegExp): string {
  for (const match of html.matchAll(/<[a-z]/gi)) {
    const tag = readTag(html, match.index);
    if (!tag || isEmpty(html, tag) || !pattern.test(html.slice(match.index, tag.end))) continue;
    return html.slice(tag.end, endOfElement(html, tag.end, tag.name).before);
  }
  return html;
}

function isEmpty(html: string, tag: Tag): boolean {
  return VOID.has(tag.name) || html.startsWith('/>', tag.end - 2);
}

/** Where the element that began before `from` ends, elements of its own name inside it counted. */
function endOfElement(html: string, from: number, name: string): { before: number; after: number } {
  const tags = new RegExp(`<(/?)${name}(?=[\\s>/])[^>]*>`, 'gi');
  tags.lastIndex = from;
  let depth = 1;
  for (let match = tags.exec(html); match; match = tags.exec(html)) {
    if (match[1]) depth--;
    else if (!match[0].endsWith('/>')) depth++;
    if (depth === 0) return { before: match.index, after: tags.lastIndex };
  }
  return { before: html.length, after: html.length };
}
