import { decodeEntities } from '../text/entities.ts';

/** A page's meta tags stand at its head; what comes later than this is not looked at. */
const CHARACTERS = 512 * 1024;
/** What is inside these is not part of the page's own markup. */
const HIDDEN = /<!--|<(script|style|template|textarea|title)\b/gi;
const ATTRIBUTE = /([a-z:-]{1,40})\s{0,9}=\s{0,9}(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/gi;

/** The `name` (lower case) and `content` of each meta tag of a page, in order. */
export function metaTags(html: string): { name: string; content: string }[] {
  const tags: { name: string; content: string }[] = [];
  const visible = withoutHidden(html.slice(0, CHARACTERS));
  for (const part of visible.split(/<meta\b/i).slice(1)) {
    const attributes = new Map<string, string>();
    for (const [, key, double, single, bare] of tagOf(part).matchAll(ATTRIBUTE))
      attributes.set(key!.toLowerCase(), decodeEntities(double ?? single ?? bare ?? ''));
    const name = attributes.get('name')?.trim().toLowerCase();
    if (name) tags.push({ name, content: attributes.get('content') ?? '' });
  }
  return tags;
}

/** Up to the first `>` that is in no quoted value. */
function tagOf(text: string): string {
  const window = text.slice(0, 8192);
  let quote = '';
  for (let i = 0; i < window.length; i++) {
    const char = window[i]!;
    if (quote) quote = char === quote ? '' : quote;
    else if (char === '>') return window.slice(0, i);
    else if (char === '"' || char === "'") quote = char;
  }
  return window;
}

function withoutHidden(html: string): string {
  // Only ASCII letters are lowered: others could change the length and with it every place.
  const lower = html.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
  const neverClosed = new Set<string>();
  let text = '';
  let at = 0;
  HIDDEN.lastIndex = 0;
  for (let found = HIDDEN.exec(html); found; found = HIDDEN.exec(html)) {
    const end = found[1] ? `</${found[1].toLowerCase()}` : '-->';
    const close = neverClosed.has(end) ? -1 : lower.indexOf(end, HIDDEN.lastIndex);
    // What is never closed hides nothing: a reservation is rather seen once too often.
    if (close < 0) neverClosed.add(end);
    else {
      text += html.slice(at, found.index);
      at = close + end.length;
      HIDDEN.lastIndex = at;
    }
  }
  return text + html.slice(at);
}
