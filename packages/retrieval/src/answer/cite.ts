import type { Citation } from '../citation.ts';
import type { Block, Box, ParsedDocument } from '../document.ts';
import type { Hit } from '../passage.ts';

/** Where the boxes of a paragraph are known from. */
export interface Documents {
  document?(document: number): { parsed: ParsedDocument } | undefined;
}

/**
 * A citation of a span of a hit's paragraph: the quote is cut from what was found, never taken from anywhere else.
 * @param span - characters of the paragraph, inside the passage; elsewhere with its text
 * @param documents - gives the paragraph's boxes on its page, where the format has them
 */
export function cite(
  hit: Hit,
  span: { start: number; end: number; text?: string },
  documents: Documents = {},
): Citation {
  const { document, title, page, paragraph } = hit;
  const quote = span.text ?? hit.text.slice(span.start - hit.start, span.end - hit.start);
  const pages = documents.document?.(document)?.parsed.pages;
  const block = pages?.find((one) => one.page === page)?.blocks[paragraph - 1];
  const boxes = block && boxesOf(block, span);
  return {
    document,
    title,
    page,
    paragraph,
    start: span.start,
    end: span.end,
    quote,
    ...(boxes ? { boxes } : {}),
  };
}

/** The lines of print that hold a span; all of the paragraph's where it is not known which characters they begin with. */
function boxesOf({ boxes, starts, text }: Block, span: { start: number; end: number }): Box[] | undefined {
  if (!boxes || starts?.length !== boxes.length) return boxes;
  return boxes.filter((_, i) => starts[i]! < span.end && span.start < (starts[i + 1] ?? text.length));
}
