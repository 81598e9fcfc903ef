import { type DefaultTreeAdapterMap, defaultTreeAdapter, parse, type TreeAdapter } from 'parse5';
import { decodeText } from '../decode-text.ts';
import { DocumentBuilder, type RawDocument } from '../document-builder.ts';
import { broken } from '../document-error.ts';
import type { IngestLimits } from '../ingest-limits.ts';
import { HtmlReader } from './html-reader.ts';

/** Browsers stop nesting at 512; pages of unclosed tags from old programs come near that. */
const DEEPEST = 1000;

/** HTML as a browser without scripts and network would show it: one page. */
export function parseHtml(bytes: Uint8Array, limits: IngestLimits): RawDocument {
  const head = Buffer.from(bytes.subarray(0, 4096)).toString('latin1');
  const declared = /<meta[^>]{0,200}charset\s*=\s*["']?([\w-]{2,40})/i.exec(head)?.[1];
  const { text, warning } = decodeText(bytes, declared);
  const builder = new DocumentBuilder('html', limits);
  if (warning) builder.warn(warning);
  readHtml(text, builder);
  return builder.finish();
}

/** Reads markup into a builder; also what Markdown becomes. */
export function readHtml(markup: string, builder: DocumentBuilder): void {
  const document = parse(markup, { treeAdapter: shallowTree() });
  new HtmlReader(builder).read(document);
}

/** The usual tree, but for nests so deep that they only serve to break programs. */
function shallowTree(): TreeAdapter<DefaultTreeAdapterMap> {
  let depth = 0;
  return {
    ...defaultTreeAdapter,
    onItemPush: () => {
      if (++depth > DEEPEST) throw broken(`an HTML page of more than ${DEEPEST} levels`);
    },
    onItemPop: () => {
      depth--;
    },
  };
}
