import type { ParsedDocument } from '../document.ts';
import { decodeText } from './decode-text.ts';
import type { RawDocument } from './document-builder.ts';
import { asDocumentError, empty, tooLarge } from './document-error.ts';
import { documentKind } from './document-kind.ts';
import { finishDocument } from './finish-document.ts';
import type { IngestLimits } from './ingest-limits.ts';

/**
 * Reads a document where it stands, without a thread of its own: what `parseDocument` runs inside its worker.
 * A reader is loaded when its format is met, so that a text file does not wait for a PDF engine.
 */
export async function readDocument(
  bytes: Uint8Array,
  name: string,
  limits: IngestLimits,
): Promise<ParsedDocument> {
  try {
    if (bytes.length === 0) throw empty('a file of 0 bytes');
    if (bytes.length > limits.bytes) throw tooLarge('bytes', bytes.length, limits);
    return finishDocument(await readAs(bytes, name, limits), name, limits);
  } catch (error) {
    throw asDocumentError(error);
  }
}

async function readAs(bytes: Uint8Array, name: string, limits: IngestLimits): Promise<RawDocument> {
  const kind = documentKind(bytes, name);
  if (kind === 'pdf') return (await import('./pdf/parse-pdf.ts')).parsePdf(bytes, limits);
  if (kind === 'docx') return (await import('./docx/parse-docx.ts')).parseDocx(bytes, limits);
  if (kind === 'html') return (await import('./html/parse-html.ts')).parseHtml(bytes, limits);
  const { text, warning } = decodeText(bytes);
  const raw =
    kind === 'markdown'
      ? (await import('./markdown/parse-markdown.ts')).parseMarkdown(text, limits)
      : (await import('./text/parse-text.ts')).parseText(text, limits);
  if (warning) raw.warnings.push(warning);
  return raw;
}
