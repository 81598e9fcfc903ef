/** A tag of HTML and where it stands. */
export interface Tag {
  /** Lower case. */
  name: string;
  closing: boolean;
  /** What stands between name and `>`. */
  attributes: string;
  start: number;
  end: number;
}

const SPECIAL = /[<>"']/g;
const NAME = /<(\/?)([a-z][a-z0-9-]{0,40})/iy;
/** Elements whose content is not markup, and that nobody reads. */
const RAW = new Set([
  'script',
  'style',
  'noscript',
  'template',
  'svg',
  'iframe',
  'textarea',
  'math',
  'title',
]);

/** Elements of other languages, which alone may end in their opening tag (HTML standard §13.1.2.1). */
const SELF_CLOSING = new Set(['svg', 'math']);

/**
 * The tags of a page in order, comments and the insides of scripts and the like passed over. Work is linear in the
 * page, however broken: a `<` that begins no tag is text.
 * @returns tags, and for each raw element what it holds (`title`)
 */
export function scanTags(html: string): { tags: Tag[]; hidden: [from: number, to: number][]; title: string } {
  const tags: Tag[] = [];
  const hidden: [number, number][] = [];
  const neverClosed = new Set<string>();
  const endless = new Set<number>();
  let title = '';
  let at = 0;
  for (let open = html.indexOf('<'); open >= 0; open = html.indexOf('<', at)) {
    at = open + 1;
    if (html[at] === '!' || html[at] === '?') {
      const comment = html.startsWith('<!--', open);
      const end = findClosed(comment ? '-->' : '>', at);
      if (end >= 0) hidden.push([open, (at = end)]);
      continue;
    }
    NAME.lastIndex = open;
    const match = NAME.exec(html);
    const end = match ? endOfTag(NAME.lastIndex) : -1;
    if (!match || end < 0) continue;
    const name = match[2]!.toLowerCase();
    const tag = {
      name,
      closing: match[1] === '/',
      attributes: html.slice(NAME.lastIndex, end - 1),
      start: open,
      end,
    };
    at = end;
    if (!tag.closing && SELF_CLOSING.has(name) && html[end - 2] === '/') {
      hidden.push([open, end]);
      continue;
    }
    if (!tag.closing && RAW.has(name)) {
      const close = findClosed(`</${name}`, at);
      if (close >= 0) {
        if (name === 'title' && title === '') title = html.slice(at, close - name.length - 2);
        const rest = endOfTag(close);
        hidden.push([open, (at = rest < 0 ? close : rest)]);
        continue;
      }
    }
    tags.push(tag);
  }
  return { tags, hidden, title };

  /**
   * Behind the `>` that ends a tag, or -1 where none does before the next `<`. What is quoted is passed over; a quote that
   * is never closed is none. Where it looked in vain it does not look again: the next `<` may lie in what it passed.
   */
  function endOfTag(from: number): number {
    const seen: number[] = [];
    SPECIAL.lastIndex = from;
    for (let found = SPECIAL.exec(html); found; found = SPECIAL.exec(html)) {
      const char = found[0];
      if (char === '>') return found.index + 1;
      if (char === '<' || endless.has(found.index)) break;
      seen.push(found.index);
      if (!/=\s?$/.test(html.slice(found.index - 2, found.index))) continue;
      const close = html.indexOf(char, found.index + 1);
      if (close >= 0) SPECIAL.lastIndex = close + 1;
    }
    for (const index of seen) endless.add(index);
    return -1;
  }

  /** Where `end` ends behind `from`, or -1; what was not found once is not looked for again. */
  function findClosed(end: string, from: number): number {
    if (neverClosed.has(end)) return -1;
    let found = -1;
    if (end.startsWith('</')) {
      const pattern = new RegExp(end, 'gi');
      pattern.lastIndex = from;
      if (pattern.test(html)) found = pattern.lastIndex - end.length;
    } else found = html.indexOf(end, from);
    if (found < 0) neverClosed.add(end);
    return found < 0 ? -1 : found + end.length;
  }
}

const ATTRIBUTE = /([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+)))?/g;

/** The value of an attribute, or undefined; empty where it stands alone. The first of a name counts. */
export function attribute(tag: Tag, name: string): string | undefined {
  if (!tag.attributes.toLowerCase().includes(name)) return undefined;
  // Read in order, so that what a quoted value holds is none.
  for (const [, key, double, single, bare] of tag.attributes.matchAll(ATTRIBUTE))
    if (key!.toLowerCase() === name) return double ?? single ?? bare ?? '';
  return undefined;
}
