import type { Document, Extra } from '../document.ts';

/** One file of a package: its path without the leading `package/` of npm or `/` of Debian. */
export interface Entry {
  readonly path: string;
  readonly bytes: Uint8Array;
  /** The text, or undefined where the bytes are not UTF-8. */
  readonly text: string | undefined;
  /** When the file was last changed, as the archive says. */
  readonly modified: Date | undefined;
}

/** What a source has to say about one of its parts that is no document; to be waited for where there may be many. */
export type Complaint = (key: string, why: string) => unknown;

/** How the documents of one npm or Debian package are read. */
export interface Adapter {
  /** The package's name. */
  package: string;
  /** Short name of the source, usable as a file name. */
  source: string;
  /** Key of `licences`: the licence of the texts, not of the package's code. */
  licence: string;
  /** The line that names the source wherever that is due. */
  attribution: string;
  homepage: string;
  /** True for the files that `read` needs. */
  wants(path: string): boolean;
  /** Yields documents in the order of the archive; a part that cannot be read is a complaint, not an error. */
  read(entries: AsyncIterable<Entry>, complain: Complaint): AsyncGenerator<Draft>;
}

/** A document without what its source decides. */
export interface Draft {
  /** Unique within the source. */
  key: string;
  title: string;
  text: string;
  /** ISO 639-1, or `code:<language>`. */
  language: string;
  date: string;
  url: string;
  extra?: Extra;
}

export function draftToDocument(draft: Draft, source: { source: string; licence: string }): Document {
  return {
    id: `${source.source}/${draft.key}`,
    text: draft.text,
    source: source.source,
    licence: source.licence,
    language: draft.language,
    date: draft.date,
    url: draft.url,
    title: draft.title,
    extra: JSON.stringify(draft.extra ?? {}),
  };
}

/** The JSON of an entry, or undefined after a complaint. */
export function parseEntry(entry: Entry, complain: Complaint): unknown {
  if (entry.text === undefined) {
    complain(entry.path, 'not UTF-8');
    return undefined;
  }
  try {
    return JSON.parse(entry.text) as unknown;
  } catch (error) {
    complain(entry.path, `not JSON: ${(error as Error).message.slice(0, 120)}`);
    return undefined;
  }
}

/** A property as an object, array, string; the empty value of its kind where it is something else. */
export function field(value: unknown, name: string): unknown {
  return value !== null && typeof value === 'object' && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}

export function stringField(value: unknown, name: string): string {
  const found = field(value, name);
  return typeof found === 'string' ? found : '';
}

export function arrayField(value: unknown, name: string): unknown[] {
  const found = field(value, name);
  return Array.isArray(found) ? found : [];
}
