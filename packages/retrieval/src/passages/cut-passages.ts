import type { Block, ParsedDocument } from '../document.ts';
import type { Passage } from '../passage.ts';
import type { Span } from '../words/sentences.ts';
import { cutSpans } from './cut-spans.ts';

/** Headings and first rows travel with every passage below them: what is longer is text of its own. */
const LONGEST_HEADING = 300;
const LONGEST_HEAD = 1000;

interface Heading {
  level: number;
  text: string;
}

/** Replaces the headings below `level` by this one. Headings of unknown level count as the first. */
function withHeading(open: readonly Heading[], block: Block): Heading[] {
  const level = block.level ?? 1;
  const text = block.text.trim().slice(0, LONGEST_HEADING);
  return [...open.filter((heading) => heading.level < level), { level, text }];
}

/**
 * Whether a heading is a passage itself: nothing but headings below it stands between it and the next of its level, or
 * it is too long to travel.
 */
function standsAlone(blocks: readonly Block[], at: number): boolean {
  const { level = 1, text } = blocks[at]!;
  if (text.trim().length > LONGEST_HEADING) return true;
  let next = at + 1;
  while (blocks[next]?.kind === 'heading' && (blocks[next]!.level ?? 1) > level) next++;
  return blocks[next] === undefined || blocks[next]!.kind === 'heading';
}

/**
 * Cuts a document by its structure: a block is a passage, a long one several, parted between sentences, list items or
 * rows of a table. Headings travel with what follows them; one with nothing below it is a passage itself.
 * `text` is always exactly `block.text.slice(start, end)`. A passage of a long table carries the table's first row in
 * `head`; a list or table the line above that announces it (it ends with a colon) in `lead`.
 */
export function cutPassages(document: ParsedDocument): Omit<Passage, 'document'>[] {
  return [...passagesOf(document)];
}

/** The same one by one, for whoever has other work in between. */
export function* passagesOf(document: ParsedDocument): Generator<Omit<Passage, 'document'>, void> {
  const all = document.pages.flatMap(({ page, blocks }) =>
    blocks.map((block, i) => ({ page, paragraph: i + 1, block })),
  );
  const blocks = all.map(({ block }) => block);
  let open: Heading[] = [];
  for (const [at, { page, paragraph, block }] of all.entries()) {
    let headings = open.map(({ text }) => text);
    if (block.kind === 'heading') {
      open = withHeading(open, block);
      if (!standsAlone(blocks, at)) continue;
      headings = open.slice(0, -1).map(({ text }) => text);
    }
    const lead = announces(blocks[at - 1], block);
    for (const span of cutSpans(block)) {
      const text = block.text.slice(span.start, span.end);
      const head =
        block.kind === 'table' && !startsTable(block.text, span) ? firstRow(block.text) : undefined;
      yield {
        title: document.title,
        page,
        paragraph,
        kind: block.kind,
        ...span,
        text,
        headings,
        ...(head ? { head } : {}),
        ...(lead ? { lead } : {}),
      };
    }
  }
}

const firstRow = (table: string): string | undefined => /\S.*/.exec(table)?.[0].trim().slice(0, LONGEST_HEAD);

const startsTable = (table: string, span: Span): boolean => table.slice(0, span.start).trim() === '';

function announces(above: Block | undefined, block: Block): string | undefined {
  if (above?.kind !== 'text' || (block.kind !== 'list' && block.kind !== 'table')) return undefined;
  const line = above.text.trim();
  return line.endsWith(':') ? line.slice(-300) : undefined;
}
