import type { ParsedDocument } from '../../src/document.ts';
import { DEFAULT_INGEST_LIMITS, type IngestLimits } from '../../src/ingest/ingest-limits.ts';
import { readDocument } from '../../src/ingest/read-document.ts';

/** Reads without a thread, as the thread does. */
export async function read(
  content: string | Uint8Array,
  name = 'document',
  limits: Partial<IngestLimits> = {},
): Promise<ParsedDocument> {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  return await readDocument(bytes, name, { ...DEFAULT_INGEST_LIMITS, ...limits });
}

/** Kind and text of every block, page by page. */
export function blocksOf(document: ParsedDocument): string[][] {
  return document.pages.map((page) =>
    page.blocks.map((block) => `${block.kind}${block.level ?? ''}: ${block.text}`),
  );
}

/** What is hidden, and why. */
export function hiddenOf(document: ParsedDocument): string[] {
  return document.hidden.map(({ why, text }) => `${why}: ${text}`);
}
