import { detectLanguage } from '../../clean/language.ts';
import type { Document } from '../../document.ts';
import { parseLicence } from '../../licences/parse-licence.ts';
import type { FileSource } from './options.ts';

/** Characters that are enough to tell a language. */
const SAMPLE = 4000;

/** What a reader found; empty strings where the file does not say. */
export interface Found {
  key: string;
  text: string;
  title?: string;
  date?: string;
  url?: string;
  language?: string;
  licence?: string;
  /** JSON of an object. */
  extra?: string;
}

/** The document of what was found: what the file does not say, its source says; a language that nobody says is detected. */
export function makeDocument(found: Found, source: FileSource): Document {
  return {
    id: `${source.source}/${found.key}`,
    text: found.text,
    source: source.source,
    licence: found.licence ? licenceOf(found.licence) : (source.licence ?? ''),
    language: found.language || source.language || detectLanguage(found.text.slice(0, SAMPLE)) || 'und',
    date: found.date || (source.date ?? ''),
    url: found.url ?? '',
    title: found.title ?? '',
    extra: found.extra ?? '{}',
  };
}

/** Licences as files wrote them, read once each: a table of millions of rows has a handful. */
const read = new Map<string, string>();

/** The key of `licences`, whatever the file calls it; what nobody knows stays as it is, for the rules to refuse. */
function licenceOf(written: string): string {
  const known = read.get(written);
  if (known !== undefined) return known;
  const licence = parseLicence(written) ?? written;
  if (read.size < 10_000) read.set(written, licence);
  return licence;
}
