import { Refusal, type Rule } from '../../rule.ts';
import type { RulesOptions } from '../rules-shape.ts';
import { TextStats } from '../text-stats.ts';

type Options = Exclude<RulesOptions['pageNoise'], false>;

/** `12`, `- 12 -`, `[12]`, `12/340` on a line of its own. */
const PAGE_NUMBER = /^[\s\-–—_([{]*\d{1,5}(?:\s?\/\s?\d{1,5})?[\s\-–—_)\]}]*$/;

/**
 * Takes out what a scanned or typeset work has besides its prose: pages (between form feeds) that are tables, figures
 * or almost empty, page numbers at the head or foot of a page, and lines that stand on many pages. Works without form
 * feeds are one page: only their repeated lines go.
 */
export function pageNoise(options: Options): Rule {
  return {
    name: 'page-noise',
    apply(document) {
      let text = document.text;
      // Without its repeated lines a page may be almost empty, so both are looked at again.
      for (let before = ''; before !== text; ) {
        before = text;
        text = withoutRepeats(withoutPages(before, options), options);
      }
      if (text === document.text) return document;
      return text.trim() === '' ? new Refusal('no page of prose') : { ...document, text };
    },
  };
}

function withoutPages(text: string, options: Options): string {
  const pages = text.split('\f');
  if (pages.length === 1) return text;
  return pages
    .filter((page) => isProse(page, options))
    .map(withoutPageNumbers)
    .join('\f');
}

/**
 * The measures of a page are taken on normalised words; its punctuation is ASCII's. Bounds are those of the cleaning
 * of theses in Lucie-Training.
 */
function isProse(page: string, options: Options): boolean {
  if (lineCount(page) > options.maximumLines) return false;
  const { words } = new TextStats(page);
  const count = words.ids.length;
  if (count < options.minimumWords) return false;
  const mean = words.characters / count;
  if (mean < options.minimumMeanWordLength || mean > options.maximumMeanWordLength) return false;
  const punctuation = page.match(/[!-/:-@[-`{-~\ufffd]/g)?.length ?? 0;
  if (punctuation >= options.maximumPunctuation * page.length) return false;
  const digits = page.match(/\p{N}/gu)?.length ?? 0;
  return digits <= options.maximumDigits * (words.characters + count - 1);
}

function lineCount(page: string): number {
  let lines = 1;
  for (let at = page.indexOf('\n'); at >= 0; at = page.indexOf('\n', at + 1)) lines++;
  return lines;
}

function withoutPageNumbers(page: string): string {
  const lines = page.split('\n');
  const written = [...lines.keys()].filter((i) => lines[i]!.trim() !== '');
  let [from, to] = [0, written.length - 1];
  while (from <= to && isPageNumber(lines[written[from]!]!)) from++;
  while (to >= from && isPageNumber(lines[written[to]!]!)) to--;
  const gone = new Set([...written.slice(0, from), ...written.slice(to + 1)]);
  return gone.size === 0 ? page : lines.filter((_, i) => !gone.has(i)).join('\n');
}

function isPageNumber(line: string): boolean {
  return line.length <= 40 && PAGE_NUMBER.test(line);
}

function withoutRepeats(text: string, { repeats, minimumLine }: Options): string {
  const counts = new Map<string, number>();
  for (const line of text.split(/[\n\f]/)) {
    const key = line.trim();
    if (key.length >= minimumLine) counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const repeated = (line: string) => (counts.get(line.trim()) ?? 0) >= repeats;
  if (![...counts.values()].some((count) => count >= repeats)) return text;
  return text
    .split('\f')
    .map((page) =>
      page
        .split('\n')
        .filter((line) => !repeated(line))
        .join('\n'),
    )
    .join('\f')
    .replace(/\n{3,}/g, '\n\n');
}
