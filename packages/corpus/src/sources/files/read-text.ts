import type { Document } from '../../document.ts';
import { markdownToText } from '../../text/markdown-to-text.ts';
import { Damage } from './damage.ts';
import { decodeUtf8 } from './decode-text.ts';
import type { FileReading } from './file-reading.ts';
import { frontMatter } from './front-matter.ts';
import { decodeHtml } from './html/decode-html.ts';
import { readHtmlPage } from './html/html-page.ts';
import { makeDocument } from './make-document.ts';
import { normaliseDate } from './normalise-date.ts';
import { readBytes } from './read-bytes.ts';

/** A `.txt` file is one document. */
export async function* readText(file: FileReading): AsyncGenerator<Document> {
  const text = decodeUtf8(await wholeFile(file));
  if (text === undefined) throw new Damage('not UTF-8');
  yield makeDocument({ key: file.key, text }, file.source);
}

/** A heading at the beginning of a text: behind `#`, or with a line of `=` below it. */
const HEADING = /^(?:[ \t]*\n)*(?:#[ \t]+([^\n]*\S)[ \t]*|([^\s#>*+-][^\n]*)\n={2,}[ \t]*)\n/;

/**
 * A `.md` file is one document: its text without the marks of Markdown. The title is that of its YAML head, or its first
 * heading, which is no text then; author and date come from the head.
 */
export async function* readMarkdown(file: FileReading): AsyncGenerator<Document> {
  const text = decodeUtf8(await wholeFile(file));
  if (text === undefined) throw new Damage('not UTF-8');
  const { title, date, author, body } = frontMatter(text.replace(/\r\n?/g, '\n'));
  const heading = HEADING.exec(body);
  const first = heading ? markdownToText((heading[1] ?? heading[2]!).replace(/[ \t]+#+$/, '')) : '';
  const isTitle = heading !== null && (title === '' || title === first);
  const day = normaliseDate(date);
  yield makeDocument(
    {
      key: file.key,
      title: title || first,
      text: markdownToText(isTitle ? body.slice(heading[0].length) : body),
      // Prose in place of a date is no reason to lose the text.
      date: /^\d{4}(-\d{2}(-\d{2})?)?$/.test(day) ? day : '',
      extra: JSON.stringify(author ? { author } : {}),
    },
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
