import type { Hit } from '../passage.ts';
import { analyse } from '../words/analyse.ts';
import { sentences } from '../words/sentences.ts';

/** A piece of a passage that may be quoted: a sentence, an item of a list, a row of a table. */
export interface Candidate {
  hit: Hit;
  /** Place of the hit among all hits, from 0. */
  rank: number;
  /** Characters of the paragraph, as in a citation. */
  start: number;
  end: number;
  text: string;
  /** The head of the table, where the piece is a row. */
  head?: { start: number; end: number; text: string };
  /** Its own terms. */
  terms: ReadonlySet<string>;
  /** Terms that are not its own but that it speaks of, with how much they count (0…1): what a pronoun reaches back to, the passage, headings, title. */
  context: ReadonlyMap<string, number>;
}

const NEIGHBOUR = 0.5;
const PRONOUN = 0.8;
const PASSAGE = 0.45;
const HEADING = 0.4;
/** What announces a list or a table. */
const LEAD = 0.7;
const TITLE = 0.3;
/** A row without its head says nothing. */
const HEAD = 0.9;

/** Words at the beginning of a sentence that stand for something said before it. */
const REACHES_BACK =
  /^(?:(?:or|mais|et|puis|ensuite|alors|pourtant|cependant|aussi|ainsi|depuis|plus tard),? )?(?:ils?|elles?|on|ce(?:la|ci|ux)?|ça|c['’]|cet(?:te)?|ces|celles?|celui|leurs?|sa|son|ses|le sien|la sienne|l['’]un|l['’]autre|y|en|lui|tous|toutes|certaine?s|d['’]autres|les uns|les autres)(?=\P{L})/iu;

export function termsOf(text: string): Set<string> {
  return new Set(analyse(text).map((word) => word.term));
}

/** Everything in the hits that may be quoted, in the order of the hits. */
export function candidatesOf(hits: readonly Hit[]): Candidate[] {
  return hits.flatMap((hit, rank) => {
    const around = new Map<string, number>();
    raise(around, termsOf(hit.title), TITLE);
    for (const heading of hit.headings) raise(around, termsOf(heading), HEADING);
    if (hit.lead) raise(around, termsOf(hit.lead), LEAD);
    if (hit.head) raise(around, termsOf(hit.head), HEAD);
    return hit.kind === 'table' ? rows(hit, rank, around) : pieces(hit, rank, around);
  });
}

function pieces(hit: Hit, rank: number, around: ReadonlyMap<string, number>): Candidate[] {
  const spans = sentences(hit.text);
  const own = spans.map(({ start, end }) => termsOf(hit.text.slice(start, end)));
  return spans.map(({ start, end }, i) => {
    const text = hit.text.slice(start, end);
    const context = new Map(around);
    for (const terms of own) raise(context, terms, PASSAGE);
    if (own[i + 1]) raise(context, own[i + 1]!, NEIGHBOUR);
    if (i > 0) raise(context, own[i - 1]!, REACHES_BACK.test(text) ? PRONOUN : NEIGHBOUR);
    return { hit, rank, start: hit.start + start, end: hit.start + end, text, terms: own[i]!, context };
  });
}

function rows(hit: Hit, rank: number, around: ReadonlyMap<string, number>): Candidate[] {
  const lines: { start: number; end: number; text: string }[] = [];
  let from = 0;
  for (const line of hit.text.split('\n')) {
    if (line.trim()) lines.push({ start: hit.start + from, end: hit.start + from + line.length, text: line });
    from += line.length + 1;
  }
  // A passage from further down its table has no head of its own, and knows the table's.
  const head = hit.head === undefined ? lines.shift() : { start: 0, end: hit.head.length, text: hit.head };
  if (!head) return [];
  return lines.map((row) => {
    const context = new Map(around);
    raise(context, termsOf(head.text), HEAD);
    return { hit, rank, ...row, head, terms: termsOf(row.text), context };
  });
}

function raise(context: Map<string, number>, terms: ReadonlySet<string>, weight: number): void {
  for (const term of terms) if (weight > (context.get(term) ?? 0)) context.set(term, weight);
}
