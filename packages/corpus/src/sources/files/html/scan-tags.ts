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

/**
 * The tags of a page in order, comments and the insides of scripts and the like passed over. Work is linear in the
 * page, however broken: a `<` that begins no tag is text.
 * @returns tags, and for each raw element what it holds (`title`)
 */
export function scanTags(html: string): { tags: Tag[]; hidden: [from: number, to: number][]; title: string } {
  const tags: Tag[] = [];
  const hidden: [number, number][] = [];
  const neverClosed = new Set<string>();
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
   * is never closed is none.
   */
  function endOfTag(from: number): number {
    SPECIAL.lastIndex = from;
    for (let found = SPECIAL.exec(html); found; found = SPECIAL.exec(html)) {
      const char = found[0];
      if (char === '>') return found.index + 1;
      if (char === '<') return -1;
      if (!/=\s?$/.test(html.slice(found.index - 2, found.index))) continue;
      const close = findClosed(char, found.index + 1);
      if (close >= 0) SPECIAL.lastIndex = close;
    }
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

/** The value of an attribute, or undefined; only written plainly: `name="…"`, `name='…'`, `name=…`, or alone. */
export function attribute(tag: Tag, name: string): string | undefined {
  const match = new RegExp(
    `(?:^|\\s)${name}(?:\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s"'>]+)))?(?=[\\s/]|$)`,
    'i',
  ).exec(tag.attributes);
  return match ? (match[1] ?? match[2] ?? match[3] ?? '') : undefined;
}
