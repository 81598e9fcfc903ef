import { gunzipSync } from 'node:zlib';
import { decodeUtf8 } from '../../fetch/archive-entries.ts';
import { tidyLine } from '../../text/text-blocks.ts';
import { dateOf, type Kind } from './kind.ts';

const MAX_BYTES = 200_000_000;
const DIGITS = new Map(
  [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'].map((digit, value) => [
    digit,
    value,
  ]),
);

/** A dictionary of dictd(8): definitions in `.dict.dz`, where each begins and how long it is in `.index`. */
export function dictionary(opts: { language: string }): Kind {
  return {
    wants: (path) => /^usr\/share\/dictd\/[^/]+\.(dict\.dz|index)$/.test(path),
    async *read(entries, complain) {
      let bytes: Uint8Array | undefined;
      let index: string | undefined;
      let date = '';
      for await (const entry of entries) {
        if (entry.path.endsWith('.index')) index = entry.text;
        else {
          date = dateOf(entry);
          try {
            bytes = gunzipSync(entry.bytes, { maxOutputLength: MAX_BYTES });
          } catch (error) {
            complain(entry.path, `cannot be unpacked: ${(error as Error).message}`);
          }
        }
      }
      if (!bytes || !index) {
        complain('dictionary', 'no definitions, or no index of them');
        return;
      }
      const seen = new Set<number>();
      for (const line of index.split('\n')) {
        const [word = '', start = '', length = ''] = line.split('\t');
        const from = number(start);
        // Synonyms point to one definition; entries of the format itself begin with 00-database.
        if (!word || word.startsWith('00') || seen.has(from)) continue;
        seen.add(from);
        const text = decodeUtf8(bytes.subarray(from, from + number(length)));
        if (text === undefined) await complain(word, 'not UTF-8');
        else
          yield {
            key: `${from}`,
            title: tidyLine(word),
            ...definition(text, date),
            language: opts.language,
            url: '',
          };
      }
    },
  };
}

/** A number in base 64, most significant digit first. */
function number(text: string): number {
  return [...text].reduce((value, digit) => value * 64 + (DIGITS.get(digit) ?? 0), 0);
}

/**
 * Without the headword, which is the title, its field in angle brackets, hard line breaks inside paragraphs, and the
 * braces of cross-references. A day in brackets at the end is when it was written.
 */
function definition(entry: string, otherwise: string): { text: string; date: string } {
  const text = entry
    .replace(/^[^\n]*\n/, '')
    .replace(/\{([^{}]*)\}/g, '$1')
    .split(/\n[ \t]*\n/)
    .map(tidyLine)
    .filter(Boolean)
    .map((paragraph) => paragraph.replace(/^((?:\d+\. )?)<[\w ,/-]{2,60}> /, '$1'))
    .join('\n\n');
  const day = /\n\n\(((?:19|20)\d{2}-\d{2}(?:-\d{2})?)\)$/.exec(text);
  return day ? { text: text.slice(0, day.index), date: day[1]! } : { text, date: otherwise };
}
