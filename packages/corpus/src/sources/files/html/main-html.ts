import { attribute, type Tag } from './scan-tags.ts';

type Range = readonly [from: number, to: number];

/** Parts of a page that are about the site, not its text. */
const AROUND = new Set(['nav', 'aside', 'footer', 'menu', 'button', 'select', 'dialog', 'head']);
const AROUND_ROLES = new Set([
  'navigation',
  'banner',
  'contentinfo',
  'search',
  'complementary',
  'dialog',
  'alert',
]);
/** Part of the text that must lie inside `<article>`s for the rest to be left out, or in a form for the form to stay. */
const MOST = 0.5;

/** Around the words of a link, so that lines which are nothing but links can be told: private use, no text has them. */
export const LINK_START = '\uE000';
export const LINK_END = '\uE001';

/**
 * The part of a page that is its text, as HTML with bare, well-formed tags: what is inside `<main>`, or in the
 * `<article>`s where they hold most of it, or everything; less navigation, footers, forms and hidden parts.
 */
export function mainHtml(html: string, scanned: { tags: Tag[]; hidden: Range[] }): string {
  const elements = elementRanges(scanned.tags);
  const main = elements.filter(({ tag }) => tag.name === 'main' || attribute(tag, 'role') === 'main');
  const articles = outermost(elements.filter(({ tag }) => tag.name === 'article').map(({ range }) => range));
  const content = outermost([...main.map(({ range }) => range), ...articles]);
  const around = outermost([
    ...scanned.hidden,
    ...elements
      .filter(({ tag, range }) => isAround(tag, () => isInside(range, content)))
      .map(({ range }) => range),
  ]);
  const whole: Range[] = [[0, html.length]];
  const forms = elements.filter(({ tag }) => tag.name === 'form').map(({ range }) => range);
  const dropped = forms.length === 0 ? around : outermost([...around, ...small(forms, around)]);
  const textIn = (ranges: readonly Range[]) => emit(html, { tags: scanned.tags, ranges, dropped }).letters;
  for (const ranges of [outermost(main.map(({ range }) => range)), articles]) {
    if (ranges.length === 0) continue;
    if (textIn(ranges) >= MOST * textIn(whole))
      return emit(html, { tags: scanned.tags, ranges, dropped }).html;
  }
  return emit(html, { tags: scanned.tags, ranges: whole, dropped }).html;

  /** Forms less those that some programs lay around a whole page. */
  function small(forms: readonly Range[], dropped: readonly Range[]): Range[] {
    const before = new Map<number, number>();
    const { letters } = emit(html, { tags: scanned.tags, ranges: whole, dropped, before });
    return forms.filter(([from, to]) => {
      const inside = before.get(to)! - before.get(from)!;
      return inside === 0 || inside < MOST * letters;
    });
  }
}

/** @param inContent - asked only for `<header>`: that of an article holds its title, that of a site its menu */
function isAround(tag: Tag, inContent: () => boolean): boolean {
  if (AROUND.has(tag.name)) return true;
  if (tag.name === 'header') return !inContent();
  if (tag.name === 'body' || tag.name === 'html' || tag.name === 'main' || tag.attributes === '')
    return false;
  const role = attribute(tag, 'role');
  if (role !== undefined && AROUND_ROLES.has(role)) return true;
  return attribute(tag, 'hidden') !== undefined || attribute(tag, 'aria-hidden') === 'true';
}

/** From opening to closing tag of every element that has both, in the order of their beginnings. */
function elementRanges(tags: readonly Tag[]): { tag: Tag; range: Range }[] {
  const open = new Map<string, Tag[]>();
  const ranges: { tag: Tag; range: Range }[] = [];
  for (const tag of tags) {
    let stack = open.get(tag.name);
    if (!stack) open.set(tag.name, (stack = []));
    if (!tag.closing) stack.push(tag);
    else {
      const start = stack.pop();
      if (start) ranges.push({ tag: start, range: [start.start, tag.end] });
    }
  }
  return ranges.sort((a, b) => a.range[0] - b.range[0]);
}

/** Ranges that lie in no other one, in order. */
function outermost(ranges: readonly Range[]): Range[] {
  const kept: Range[] = [];
  for (const range of [...ranges].sort((a, b) => a[0] - b[0] || b[1] - a[1])) {
    if (range[0] >= (kept.at(-1)?.[1] ?? 0)) kept.push(range);
  }
  return kept;
}

/** Whether a range lies in one of others, which are in order and apart. */
function isInside(range: Range, others: readonly Range[]): boolean {
  let low = 0;
  let high = others.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (others[middle]![1] < range[1]) low = middle + 1;
    else high = middle;
  }
  return (others[low]?.[0] ?? Infinity) <= range[0];
}

/** Writes the text and bare tags of ranges; what is dropped leaves nothing. */
function emit(
  html: string,
  parts: {
    tags: readonly Tag[];
    ranges: readonly Range[];
    dropped: readonly Range[];
    /** Filled with the letters that stand before the beginning and the end of each tag. */
    before?: Map<number, number>;
  },
): { html: string; letters: number } {
  const out: string[] = [];
  let letters = 0;
  let range = 0;
  let drop = 0;
  const write = (from: number, to: number) => {
    // Dropped parts and tags never overlap a piece of text: pieces lie between tags.
    let at = from;
    while (at < to) {
      while (drop < parts.dropped.length && parts.dropped[drop]![1] <= at) drop++;
      while (range < parts.ranges.length && parts.ranges[range]![1] <= at) range++;
      const [hiddenFrom, hiddenTo] = parts.dropped[drop] ?? [to, to];
      const [shownFrom, shownTo] = parts.ranges[range] ?? [to, to];
      if (hiddenFrom <= at) at = Math.min(to, hiddenTo);
      else if (shownFrom > at) at = Math.min(to, shownFrom);
      else {
        const end = Math.min(to, hiddenFrom, shownTo);
        const text = html.slice(at, end);
        out.push(text.replaceAll('<', '&lt;').replace(/[\uE000\uE001]/g, ''));
        letters += text.trim().length;
        at = end;
      }
    }
  };
  let at = 0;
  for (const tag of parts.tags) {
    if (tag.start < at) continue;
    write(at, tag.start);
    at = tag.end;
    parts.before?.set(tag.start, letters).set(tag.end, letters);
    if (!within(tag.start)) continue;
    if (tag.name === 'a') out.push(tag.closing ? LINK_END : LINK_START);
    else out.push(`<${tag.closing ? '/' : ''}${tag.name}>`);
  }
  write(at, html.length);
  return { html: out.join(''), letters };

  function within(place: number): boolean {
    while (drop < parts.dropped.length && parts.dropped[drop]![1] <= place) drop++;
    while (range < parts.ranges.length && parts.ranges[range]![1] <= place) range++;
    return (parts.dropped[drop]?.[0] ?? Infinity) > place && (parts.ranges[range]?.[0] ?? Infinity) <= place;
  }
}
