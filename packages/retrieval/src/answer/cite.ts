import type { Citation } from '../citation.ts';
import type { ParsedDocument } from '../document.ts';
import type { Hit } from '../passage.ts';

/** Where the boxes of a paragraph are known from. */
export interface Documents {
  document?(document: number): { parsed: ParsedDocument } | undefined;
}

/**
 * A citation of a span of a hit's paragraph: the quote is cut from what was found, never taken from anywhere else.
 * @param span - characters of the paragraph, inside the passage
 * @param documents - gives the paragraph's boxes on its page, where the format has them
 */
export function cite(hit: Hit, span: { start: number; end: number }, documents: Documents = {}): Citation {
  const { document, title, page, paragraph } = hit;
  const quote = hit.text.slice(span.start - hit.start, span.end - hit.start);
  const pages = documents.document?.(document)?.parsed.pages;
  const boxes = pages?.find((one) => one.page === page)?.blocks[paragraph - 1]?.boxes;
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
