import type { Block, HiddenText, ParsedDocument } from '../document.ts';
import { cleanText } from './clean-text.ts';
import type { RawDocument } from './document-builder.ts';
import { empty, tooLarge, tooManyItems } from './document-error.ts';
import { type IngestLimits, mostItems } from './ingest-limits.ts';
import { isNoTitle } from './metadata-text.ts';

const TITLE_LENGTH = 200;

/**
 * The steps that all formats share: one spelling of each character, text that no eye sees taken out, a title, and the
 * limits once more for readers that do not count by themselves.
 * @throws LucieError DOCUMENT_EMPTY, DOCUMENT_TOO_LARGE.
 */
export function finishDocument(raw: RawDocument, name: string, limits: IngestLimits): ParsedDocument {
  if (raw.pages.length > limits.pages) throw tooLarge('pages', raw.pages.length, limits);
  const hidden: HiddenText[] = [];
  const take = (text: string, page?: number): string => {
    const { visible, invisible } = cleanText(text);
    if (invisible)
      hidden.push({ why: 'invisible', text: invisible, ...(page === undefined ? {} : { page }) });
    return visible;
  };

  const pages = raw.pages.map((page) => {
    const blocks: Block[] = [];
    for (const block of page.blocks) {
      const text = take(block.text, page.page);
      if (text !== '') blocks.push({ ...block, text, ...startsIn(text, block) });
    }
    return { ...page, blocks };
  });
  for (const item of raw.hidden) {
    const text = take(item.text, item.page);
    if (text !== '') hidden.push({ ...item, text });
  }
  countCharacters(
    pages.flatMap((page) => page.blocks),
    hidden,
    limits,
  );

  const scanned = pages.filter((page) => page.scanned).length;
  if (scanned === 0 && pages.every((page) => page.blocks.length === 0)) {
    const seen = hidden.length > 0 ? ' that anybody sees (it has hidden text only)' : '';
    throw empty(`a document without text${seen}`);
  }
  const title = titleOf(
    take(raw.title),
    pages.flatMap((page) => page.blocks),
    name,
  );
  return { title, format: raw.format, pages, hidden, warnings: raw.warnings };
}

/** Where the lines of a block begin, now that its text is cleaned. */
function startsIn(text: string, block: Block): Pick<Block, 'starts'> {
  if (!block.starts) return {};
  if (text === block.text) return { starts: block.starts };
  const starts = block.starts.map((start) => {
    const { length } = cleanText(block.text.slice(0, start)).visible;
    return length > 0 && /\s/.test(text[length] ?? '') ? length + 1 : length;
  });
  return { starts };
}

function countCharacters(blocks: Block[], hidden: HiddenText[], limits: IngestLimits): void {
  let characters = 0;
  for (const { text } of blocks) characters += text.length;
  for (const { text } of hidden) characters += text.length;
  if (characters > limits.characters) throw tooLarge('characters', characters, limits);
  if (blocks.length + hidden.length > mostItems(limits)) throw tooManyItems(limits);
}

/** The title that the document gives itself, else its first heading, else its file's name made readable. */
function titleOf(own: string, blocks: Block[], name: string): string {
  const heading = blocks.find((block) => block.kind === 'heading')?.text ?? '';
  const base = cleanText(
    name
      .split(/[/\\]/)
      .at(-1)!
      .replace(/\.[a-z0-9]{1,9}$/i, ''),
  ).visible;
  const candidates = [isNoTitle(own) ? '' : own, heading, base.replace(/[_\s]+/g, ' ').trim()];
  const title = (candidates.find((text) => text !== '') ?? 'Sans titre').replace(/\s+/g, ' ');
  return title.length <= TITLE_LENGTH ? title : `${title.slice(0, TITLE_LENGTH - 1).trimEnd()}…`;
}
