import type { HiddenText } from '../../document.ts';
import type { PdfDocument } from './pdf-engine.ts';

/** Names of programs and dates are no text for anybody, unless somebody has put a text there. */
const TECHNICAL =
  /^(?:pdfformatversion|language|encryptfiltername|is\w+|creationdate|moddate|creator|producer|xmp:\w*(?:date|tool)|xmpmm:.*|dc:format|pdf:(?:producer|trapped|pdfversion)|pdfaid:.*|photoshop:.*|stevt:.*)$/i;
const LONG = 160;

export interface Metadata {
  title: string;
  hidden: HiddenText[];
}

/**
 * The title that the document gives itself, and what it says about itself that no page shows.
 * @param firstPage - what is printed there: a title that is not there is hidden text.
 */
export async function readMetadata(pdf: PdfDocument, firstPage: string): Promise<Metadata> {
  const { info, metadata } = await pdf.getMetadata().catch(() => ({ info: {}, metadata: null }));
  const found = new Map<string, string>();
  const note = (key: string, value: unknown): void => {
    if (/^(?:trapped|ptex\..*)$/i.test(key)) return;
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      for (const [inner, text] of Object.entries(value)) note(inner, text);
      return;
    }
    const text = (
      Array.isArray(value) ? value.filter((part) => typeof part === 'string').join(', ') : value
    ) as unknown;
    if (typeof text !== 'string' || text.trim() === '') return;
    if (TECHNICAL.test(key) && text.length <= LONG) return;
    const trimmed = text.trim();
    if (!found.has(trimmed)) found.set(trimmed, key);
  };
  for (const [key, value] of Object.entries(info as object)) note(key, value);
  const entries = (metadata as Iterable<[string, unknown]> | null) ?? [];
  if (Symbol.iterator in Object(entries)) for (const [key, value] of entries) note(key, value);

  const title = (info as { Title?: unknown }).Title;
  const own = typeof title === 'string' ? title.trim() : '';
  const printed = own !== '' && letters(firstPage).includes(letters(own));
  if (printed) found.delete(own);
  return {
    title: printed ? own : '',
    hidden: [...found.keys()].map((text) => ({ why: 'metadata', text })),
  };
}

function letters(text: string): string {
  return text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');
}
