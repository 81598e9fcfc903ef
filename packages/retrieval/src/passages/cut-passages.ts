import type { Block, ParsedDocument } from '../document.ts';
import type { Passage } from '../passage.ts';
import type { Span } from '../words/sentences.ts';
import { cutSpans } from './cut-spans.ts';

/** Replaces the headings below `level` by this one. Headings of unknown level count as the first. */
function withHeading(open: readonly { level: number; text: string }[], block: Block) {
  const level = block.level ?? 1;
  return [...open.filter((heading) => heading.level < level), { level, text: block.text.trim() }];
}

/** Whether nothing but headings below it stands between this heading and the next of its level: then it says something itself. */
function standsAlone(blocks: readonly Block[], at: number): boolean {
  const level = blocks[at]!.level ?? 1;
  const next = blocks.slice(at + 1).find((block) => block.kind !== 'heading' || (block.level ?? 1) <= level);
  return next === undefined || next.kind === 'heading';
}

/**
 * Cuts a document by its structure: a block is a passage, a long one several, parted between sentences, list items or
 * rows of a table. Headings travel with what follows them; one with nothing below it is a passage itself.
 * `text` is always exactly `block.text.slice(start, end)`. A passage of a long table carries the table's first row in
 * `head`; a list or table the line above that announces it (it ends with a colon) in `lead`.
 */
export function cutPassages(document: ParsedDocument): Omit<Passage, 'document'>[] {
  const passages: Omit<Passage, 'document'>[] = [];
  const all = document.pages.flatMap(({ page, blocks }) =>
    blocks.map((block, i) => ({ page, paragraph: i + 1, block })),
  );
  const blocks = all.map(({ block }) => block);
  let open: { level: number; text: string }[] = [];
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
      passages.push({
        title: document.title,
        page,
        paragraph,
        kind: block.kind,
        ...span,
        text,
        headings,
        ...(head ? { head } : {}),
        ...(lead ? { lead } : {}),
      });
    }
  }
  return passages;
}

const firstRow = (table: string): string | undefined => /\S.*/.exec(table)?.[0].trim();

const startsTable = (table: string, span: Span): boolean => table.slice(0, span.start).trim() === '';

function announces(above: Block | undefined, block: Block): string | undefined {
  if (above?.kind !== 'text' || (block.kind !== 'list' && block.kind !== 'table')) return undefined;
  const line = above.text.trim();
  return line.endsWith(':') ? line.slice(-300) : undefined;
}
