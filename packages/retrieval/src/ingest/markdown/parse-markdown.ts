import { DocumentBuilder, type RawDocument } from '../document-builder.ts';
import { readHtml } from '../html/parse-html.ts';
import type { IngestLimits } from '../ingest-limits.ts';
import { frontMatter } from './front-matter.ts';
import { markdownToHtml } from './markdown-to-html.ts';

/**
 * Markdown as CommonMark and GitHub write it. It goes through the HTML reader, since HTML may stand in it: what a page made
 * of it would not show is hidden text here as well.
 */
export function parseMarkdown(text: string, limits: IngestLimits): RawDocument {
  const builder = new DocumentBuilder('markdown', limits);
  const { fields, rest } = frontMatter(text);
  for (const [name, value] of fields) {
    if (name === 'title' || name === 'titre') builder.title ||= value;
    else builder.hide('metadata', value);
  }
  readHtml(markdownToHtml(rest), builder);
  return builder.finish();
}
