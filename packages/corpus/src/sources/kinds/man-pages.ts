import { gunzipSync } from 'node:zlib';
import { decodeUtf8 } from '../../fetch/archive-entries.ts';
import { manToText } from '../../text/man-to-text.ts';
import { ownLanguage } from '../../text/own-language.ts';
import { dateOf, type Kind } from './kind.ts';

/** No page is near this, unpacked. */
const MAX_BYTES = 20_000_000;

/** Manual pages (`man1/ls.1.gz`) of one language below a folder, each a document. */
export function manPages(opts: { under: string; language: string }): Kind {
  return {
    wants: (path) => path.startsWith(`${opts.under}/man`) && /\/[^/]+\.\d\w*\.gz$/.test(path),
    async *read(entries, complain) {
      for await (const entry of entries) {
        let text: string | undefined;
        try {
          text = decodeUtf8(gunzipSync(entry.bytes, { maxOutputLength: MAX_BYTES }));
        } catch (error) {
          complain(entry.path, `cannot be unpacked: ${(error as Error).message}`);
          continue;
        }
        if (text === undefined) {
          complain(entry.path, 'not UTF-8');
          continue;
        }
        const page = manToText(text);
        if (!page) continue;
        yield {
          key: entry.path.slice(opts.under.length + 1).replace(/\.gz$/, ''),
          title: `${page.title}(${page.section})`,
          text: ownLanguage(page.text, opts.language),
          language: opts.language,
          // `5 février 2023`, `2023-02-05`, `Septembre 2022`: the year is what all have.
          date:
            /\d{4}-\d{2}-\d{2}/.exec(page.date)?.[0] ??
            /\b(19[89]\d|20\d\d)\b/.exec(page.date)?.[0] ??
            dateOf(entry),
          url: '',
        };
      }
    },
  };
}
