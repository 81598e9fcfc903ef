import type { HiddenText } from '../../document.ts';
import { isMetadataText, type MetadataKind } from '../metadata-text.ts';
import type { PdfDocument } from './pdf-engine.ts';

/** Fields of the information dictionary (PDF 32000-1, 14.3.3) and of XMP, in small letters; others are somebody's own. */
const KINDS: readonly [RegExp, MetadataKind][] = [
  [/^(?:title|subject|keywords|dc:(?:title|description|subject)|pdf:keywords)$/, 'text'],
  [
    /^(?:author|company|manager|dc:(?:creator|contributor|publisher|rights|source)|xmprights:.*|pdf:author)$/,
    'name',
  ],
  [
    /^(?:pdfformatversion|language|encryptfiltername|is\w+|creationdate|moddate|trapped|creator|producer|ptex\..*|(?:pdf:(?:producer|trapped|pdfversion)|dc:(?:format|language|date|identifier)|xmp:\w*(?:date|tool|id)|xmpmm:.*|pdfaid:.*|pdfuaid:.*|photoshop:.*|stevt:.*|stref:.*))$/,
    'mark',
  ],
];

const kindOf = (field: string): MetadataKind =>
  KINDS.find(([fields]) => fields.test(field.toLowerCase()))?.[1] ?? 'note';

export interface Metadata {
  title: string;
  hidden: HiddenText[];
}

/**
 * The title that the document gives itself, and the texts about itself that no page shows.
 * @param firstPage - what is printed there: a title that is not there is hidden text.
 */
export async function readMetadata(pdf: PdfDocument, firstPage: string): Promise<Metadata> {
  const { info, metadata } = await pdf.getMetadata().catch(() => ({ info: {}, metadata: null }));
  const texts = new Set<string>();
  const note = (field: string, value: unknown): void => {
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      for (const [inner, text] of Object.entries(value)) note(inner, text);
      return;
    }
    const text = Array.isArray(value) ? value.filter((part) => typeof part === 'string').join(', ') : value;
    if (typeof text === 'string' && isMetadataText(kindOf(field), text)) texts.add(text.trim());
  };
  for (const [field, value] of Object.entries(info as object)) note(field, value);
  const entries = (metadata as Iterable<[string, unknown]> | null) ?? [];
  if (Symbol.iterator in Object(entries)) for (const [field, value] of entries) note(field, value);

  const title = (info as { Title?: unknown }).Title;
  const own = typeof title === 'string' ? title.trim() : '';
  const printed = own !== '' && letters(firstPage).includes(letters(own));
  if (printed) texts.delete(own);
  return {
    title: printed ? own : '',
    hidden: [...texts].map((text) => ({ why: 'metadata', text })),
  };
}

function letters(text: string): string {
  return text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');
}
