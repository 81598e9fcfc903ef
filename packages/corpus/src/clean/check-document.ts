import type { Document } from '../document.ts';
import { licences } from '../licences.ts';
import { tidyLine } from '../text/text-blocks.ts';
import { trimLineEnds } from '../text/trim-ends.ts';
import { withoutControls1252 } from '../text/windows-1252.ts';

/**
 * Characters that carry no text: controls but tab, newline and form feed (which ends a page of a scan), marks of
 * direction, the byte order mark.
 */
const INVISIBLE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out
  /[\u0000-\u0008\u000b\u000e-\u001f\u007f-\u009f\u200b\u200e\u200f\u202a-\u202e\u2060\ufeff]/g;

/** ISO 639-1, a pair of them for parallel text, or the language of a program. `und` is none of them. */
const LANGUAGE = /^([a-z]{2}(-[a-z]{2})?|code:[a-z0-9+#.-]+)$/;

/**
 * Years that a document may bear. Hardly a text from before 1000 is in a language of today, and year 0 or 1 is what
 * programs write for "unknown"; after `latest` lie typing errors. It is a constant, so that the clock never changes a
 * corpus: who builds a later one raises it.
 */
export const years = { earliest: 1000, latest: 2030 } as const;

/** The document in the one form that everything after relies on: composed characters, well-formed, `\n`, no controls. */
export function settle(document: Document): Document {
  return {
    ...document,
    title: tidyLine(document.title.toWellFormed().normalize('NFC')),
    text: trimLineEnds(
      withoutControls1252(document.text.toWellFormed().normalize('NFC'))
        .replace(/\r\n?/g, '\n')
        .replace(INVISIBLE, ''),
      ' \t',
    )
      .replace(/\n{3,}/g, '\n\n')
      .trim(),
  };
}

/** What is wrong with a document's fields, or undefined. */
export function faultOf(
  document: Document,
  opts: { earliestYear?: number; latestYear?: number } = {},
): string | undefined {
  if (document.id === '' || document.id.length > 300) return 'no id, or one of more than 300 characters';
  if (!LANGUAGE.test(document.language)) return `language ${shown(document.language)}`;
  if (document.date !== '' && !isDate(document.date, opts)) return `date ${shown(document.date)}`;
  return undefined;
}

/** Why the document's licence keeps it out, or undefined: nobody knows it, or it does not let a model be trained. */
export function licenceFault({ licence }: Pick<Document, 'licence'>): string | undefined {
  if (!Object.hasOwn(licences, licence)) return licence === '' ? 'none' : `unknown: ${shown(licence)}`;
  return licences[licence]!.mayTrain ? undefined : `${licence} does not allow training`;
}

/** True for `YYYY`, `YYYY-MM`, `YYYY-MM-DD` that is in the calendar and between the years. */
function isDate(date: string, opts: { earliestYear?: number; latestYear?: number }): boolean {
  const match = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$/.exec(date);
  if (!match) return false;
  const [year, month, day] = [Number(match[1]), Number(match[2] ?? 1), Number(match[3] ?? 1)];
  if (year < (opts.earliestYear ?? years.earliest) || year > (opts.latestYear ?? years.latest)) return false;
  // The last day of a month is the day before the first of the next one.
  return month >= 1 && month <= 12 && day >= 1 && day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
}

/** What a field holds, for one line of a report. */
function shown(value: string): string {
  return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
}
