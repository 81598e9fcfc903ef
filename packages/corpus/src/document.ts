/** One text with everything that is known about it. The shape of every Parquet file of this package. */
export interface Document {
  /** `<source>/<key>`, unique in a corpus and stable from one version of a source to the next. */
  id: string;
  /** The body, without the title. */
  text: string;
  /** Short name of where it comes from, usable as a file name: `legi-data`. */
  source: string;
  /** Key of `licences`. */
  licence: string;
  /** ISO 639-1. */
  language: string;
  /** `YYYY-MM-DD`, `YYYY-MM`, `YYYY`, or empty where nobody knows. */
  date: string;
  url: string;
  title: string;
  /** JSON object: what one source knows and others do not. `parseExtra` reads it. */
  extra: string;
}

/** Columns of a document in Parquet, in order. */
export const documentColumns = [
  'id',
  'text',
  'source',
  'licence',
  'language',
  'date',
  'url',
  'title',
  'extra',
] as const satisfies readonly (keyof Document)[];

/** A document that a rule refused: which rule, and what it measured. */
export interface RejectedDocument extends Document {
  reason: string;
  value: string;
}

export interface Extra {
  /** `question-answer`: the title is a question, the text its answer. `facts`: the raw facts are beside it. */
  kind?: 'question-answer' | 'facts';
  [key: string]: unknown;
}

/** The `extra` of a document as an object; empty when it is not a JSON object. */
export function parseExtra(document: Pick<Document, 'extra'>): Extra {
  try {
    const value: unknown = JSON.parse(document.extra);
    return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Extra) : {};
  } catch {
    return {};
  }
}

/** What one reads: the title on its own line, an empty line, the text. */
export function documentText(document: Pick<Document, 'title' | 'text'>): string {
  return document.title ? `${document.title}\n\n${document.text}` : document.text;
}

/** UTF-8 bytes of what one reads: the measure of every share, cap and report. */
export function documentBytes(document: Pick<Document, 'title' | 'text'>): number {
  return Buffer.byteLength(documentText(document));
}
