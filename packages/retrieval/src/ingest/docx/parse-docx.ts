import type { Block } from '../../document.ts';
import { DocumentBuilder, type RawDocument } from '../document-builder.ts';
import { broken } from '../document-error.ts';
import type { IngestLimits } from '../ingest-limits.ts';
import { Numbering } from './numbering.ts';
import { docxParts } from './parts.ts';
import { countedPages, readProperties } from './properties.ts';
import { StoryReader, type StorySink } from './story-reader.ts';
import { Styles } from './styles.ts';
import { readXml } from './xml-events.ts';
import { ZipArchive } from './zip-archive.ts';

type NoteKind = 'footnote' | 'endnote';

/**
 * Word documents (ECMA-376, transitional and strict): headings by their style, lists with their numbers, tables, text boxes,
 * notes at the end of their page. Pages are those of Word's last layout, where the file tells them. What nobody sees,
 * comments, alternative texts and properties are hidden text; headers and footers are left out with a warning.
 */
export function parseDocx(bytes: Uint8Array, limits: IngestLimits): RawDocument {
  const archive = new ZipArchive(bytes, limits);
  const parts = docxParts(archive);
  const main = archive.read(parts.main);
  if (!main) throw broken('a Word document without its text');
  const builder = new DocumentBuilder('docx', limits);
  const styles = new Styles(part(archive, parts.styles));
  const numbering = new Numbering(part(archive, parts.numbering));
  const story = (content: Buffer, name: string, sink: StorySink) => {
    const reader = new StoryReader(sink, styles, numbering);
    readXml(content, name, reader);
    reader.end();
  };

  const notes = new Map<string, string>();
  for (const kind of ['footnote', 'endnote'] as const) {
    const content = part(archive, parts[`${kind}s`]);
    if (content)
      story(
        content,
        `${kind}s.xml`,
        noteSink(builder, (id, text) => notes.set(`${kind} ${id}`, text)),
      );
  }
  const body = new BodySink(builder, notes);
  story(main, 'document.xml', body);
  body.end();
  const counted = countedPages(archive);
  if (!body.laidOut && counted > builder.page)
    builder.warn(
      `Ce fichier ne dit pas où finit chacune de ses ${counted} pages : les numéros de page ne comptent que les sauts de page (${builder.page}). Un PDF les donne tous.`,
    );

  const comments = part(archive, parts.comments);
  if (comments)
    story(
      comments,
      'comments.xml',
      noteSink(builder, (_, text) => builder.hide('comment', text)),
    );
  const repeated = new Set<string>();
  for (const name of parts.headers) {
    const content = archive.read(name);
    if (content) story(content, name, headerSink(builder, repeated));
  }
  if (repeated.size > 0)
    builder.warn(
      `En-têtes et pieds de page laissés de côté : « ${[...repeated].join(' · ').slice(0, 300)} ».`,
    );
  readProperties(archive, builder);
  return builder.finish();
}

function part(archive: ZipArchive, name: string | undefined): Buffer | undefined {
  return name === undefined ? undefined : archive.read(name);
}

/** The body: pages, notes where their page ends, headings of documents that have no styles for them. */
class BodySink implements StorySink {
  readonly #builder: DocumentBuilder;
  readonly #notes: Map<string, string>;
  readonly #counts = { footnote: 0, endnote: 0 };
  readonly #footnotes: string[] = [];
  readonly #endnotes: string[] = [];
  readonly #bold: Block[] = [];
  #headings = 0;
  #pictures = 0;
  #saidSinceBreak = false;
  /** The file has marks of a last layout. */
  laidOut = false;

  constructor(builder: DocumentBuilder, notes: Map<string, string>) {
    this.#builder = builder;
    this.#notes = notes;
  }

  block(block: Block): void {
    this.#saidSinceBreak = true;
    if (block.kind === 'heading') this.#headings++;
    this.#builder.add(block);
  }

  bold(block: Block): void {
    this.#bold.push(block);
  }

  hide(why: Parameters<StorySink['hide']>[0], text: string): void {
    this.#builder.hide(why, text, { page: this.#builder.page });
  }

  /** Word marks a page that ended by a break a second time, where its layout went on. */
  pageBreak(kind: 'explicit' | 'rendered'): void {
    this.laidOut ||= kind === 'rendered';
    if (kind === 'rendered' && !this.#saidSinceBreak) return;
    this.#endPage();
    this.#builder.nextPage();
    this.#saidSinceBreak = false;
  }

  noteMark(kind: NoteKind, id: string): void {
    const text = this.#notes.get(`${kind} ${id}`);
    if (!text) return;
    const name = kind === 'footnote' ? 'Note' : 'Note de fin';
    (kind === 'footnote' ? this.#footnotes : this.#endnotes).push(`${name} ${++this.#counts[kind]}. ${text}`);
  }

  picture(): void {
    this.#pictures++;
  }

  end(): void {
    this.#endPage();
    for (const text of this.#endnotes) this.#builder.add({ kind: 'text', text });
    if (this.#headings === 0)
      for (const block of this.#bold) Object.assign(block, { kind: 'heading', level: 2 });
    if (this.#pictures > 0)
      this.#builder.warn(`Images (${this.#pictures}) : ce qu’elles montrent n’est pas lu.`);
  }

  #endPage(): void {
    for (const text of this.#footnotes.splice(0)) this.#builder.add({ kind: 'text', text });
  }
}

/** Notes and comments: each is one text, told when it ends. */
function noteSink(builder: DocumentBuilder, onNote: (id: string, text: string) => void): StorySink {
  let id = '';
  let texts: string[] = [];
  return {
    block: (block) => texts.push(block.text),
    part: (element) => {
      if (!element) onNote(id, texts.join('\n'));
      id = element?.attributes.get('id') ?? '';
      texts = [];
    },
    hide: (why, text) => builder.hide(why, text),
    pageBreak: () => undefined,
    noteMark: () => undefined,
    picture: () => undefined,
    bold: () => undefined,
  };
}

function headerSink(builder: DocumentBuilder, repeated: Set<string>): StorySink {
  return {
    block: (block) => repeated.add(block.text.replace(/\s+/g, ' ')),
    hide: (why, text) => builder.hide(why, text),
    pageBreak: () => undefined,
    noteMark: () => undefined,
    picture: () => undefined,
    bold: () => undefined,
  };
}
