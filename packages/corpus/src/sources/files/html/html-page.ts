import { decodeEntities } from '../../../text/entities.ts';
import { htmlToText } from '../../../text/html-to-text.ts';
import { tidyLine } from '../../../text/text-blocks.ts';
import { Damage, reasonOf } from '../damage.ts';
import { normaliseDate } from '../normalise-date.ts';
import { LINK_END, LINK_START, mainHtml } from './main-html.ts';
import { attribute, scanTags, type Tag } from './scan-tags.ts';

export interface HtmlPage {
  title: string;
  /** The main text, without menus and the like. */
  text: string;
  /** Of publication, as the page's meta tags state it; else empty. */
  date: string;
  author: string;
}

const DATES = [
  'article:published_time',
  'datepublished',
  'dc.date',
  'dcterms.date',
  'date',
  'dc.date.issued',
];
const AUTHORS = ['author', 'dc.creator', 'article:author'];
/** So many lines of nothing but links are a menu; fewer may be the sources of a text. */
const MENU = 3;

/**
 * What one reads of a web page. Broken HTML gives the best text it can; work is linear in its length.
 * @throws Damage only: whatever a page may break, it is that page and not the run
 */
export function readHtmlPage(html: string): HtmlPage {
  try {
    return readPage(html);
  } catch (error) {
    throw new Damage(`cannot be read as HTML: ${reasonOf(error)}`);
  }
}

function readPage(html: string): HtmlPage {
  const scanned = scanTags(html);
  const meta = metaOf(scanned.tags);
  const first = (names: readonly string[]) => names.map((name) => meta.get(name)).find(Boolean) ?? '';
  const date = normaliseDate(first(DATES));
  return {
    title: tidyLine(decodeEntities(scanned.title.slice(0, 1000))),
    text: withoutMenus(htmlToText(mainHtml(html, scanned))),
    // A page's own date is often prose; only one that can be read counts.
    date: /^\d{4}(-\d{2}(-\d{2})?)?$/.test(date) ? date : '',
    author: tidyLine(first(AUTHORS)).slice(0, 200),
  };
}

function metaOf(tags: readonly Tag[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const tag of tags) {
    if (tag.name !== 'meta' || tag.closing) continue;
    const name = attribute(tag, 'name') ?? attribute(tag, 'property') ?? attribute(tag, 'itemprop');
    const content = attribute(tag, 'content');
    if (name && content && !found.has(name.toLowerCase()))
      found.set(name.toLowerCase(), decodeEntities(content));
  }
  return found;
}

/** Takes out runs of lines that are nothing but links, then the marks of links. */
function withoutMenus(text: string): string {
  const kept: string[] = [];
  let menu: string[] = [];
  let links = 0;
  let depth = 0;
  const close = () => {
    if (links < MENU) kept.push(...menu);
    menu = [];
    links = 0;
  };
  for (const marked of text.split('\n')) {
    let linked = 0;
    let plain = 0;
    for (const part of marked.split(/([\uE000\uE001])/)) {
      if (part === LINK_START) depth = 1;
      else if (part === LINK_END) depth = 0;
      else {
        const letters = part.replace(/[^\p{L}\p{N}]/gu, '').length;
        if (depth > 0) linked += letters;
        else plain += letters;
      }
    }
    const line = marked.replace(/[\uE000\uE001]/g, '').replace(/[ \t]+$/, '');
    if (linked > 0 && plain <= linked / 8) {
      menu.push(line);
      links++;
    } else if (line.trim() === '' && menu.length > 0) menu.push(line);
    else {
      close();
      kept.push(line);
    }
  }
  close();
  return kept
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}
