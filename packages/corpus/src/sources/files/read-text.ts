import type { Document } from '../../document.ts';
import { Damage } from './damage.ts';
import { decodeUtf8 } from './decode-text.ts';
import type { FileReading } from './file-reading.ts';
import { decodeHtml } from './html/decode-html.ts';
import { readHtmlPage } from './html/html-page.ts';
import { makeDocument } from './make-document.ts';
import { readBytes } from './read-bytes.ts';

/** A `.txt` file is one document. */
export async function* readText(file: FileReading): AsyncGenerator<Document> {
  const text = decodeUtf8(await wholeFile(file));
  if (text === undefined) throw new Damage('not UTF-8');
  yield makeDocument({ key: file.key, text }, file.source);
}

/** A `.md` file is one document; its first line is the title where it begins with `#`. */
export async function* readMarkdown(file: FileReading): AsyncGenerator<Document> {
  const text = decodeUtf8(await wholeFile(file));
  if (text === undefined) throw new Damage('not UTF-8');
  const heading = /^#\s+(.+)\n/.exec(text);
  yield makeDocument(
    { key: file.key, title: heading?.[1] ?? '', text: heading ? text.slice(heading[0].length) : text },
    file.source,
  );
}

/** An `.html` file is one document: its title and main text. */
export async function* readHtml(file: FileReading): AsyncGenerator<Document> {
  const html = decodeHtml(await wholeFile(file));
  if (html === undefined) throw new Damage('not in the encoding that it declares');
  const { title, text, date, author } = readHtmlPage(html);
  const extra = JSON.stringify(author ? { author } : {});
  yield makeDocument({ key: file.key, title, text, date, extra }, file.source);
}

async function wholeFile(file: FileReading): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of readBytes(file.path, file)) {
    size += chunk.length;
    if (size > file.limits.recordBytes) throw new Damage(`more than ${file.limits.recordBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
