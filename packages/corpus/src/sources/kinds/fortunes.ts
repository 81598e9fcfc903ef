import { tidyLine } from '../../text/text-blocks.ts';
import { dateOf, type Kind } from './kind.ts';

/** Collections for fortune(6): sayings, quotations, jokes between lines of `%`, some together a document. */
export function fortunes(opts: {
  files: RegExp;
  without?: RegExp;
  language: string;
  /** How many a document holds: a proverb alone is too short for one. */
  together: number;
}): Kind {
  return {
    wants: (path) =>
      opts.files.test(path) && !/\.(dat|u8|fortunes-pre)$/.test(path) && !opts.without?.test(path),
    async *read(entries, complain) {
      for await (const entry of entries) {
        // Some files of these old collections are in Latin-1.
        const text = entry.text ?? Buffer.from(entry.bytes).toString('latin1');
        if (text.includes('\0')) {
          complain(entry.path, 'not text');
          continue;
        }
        const name = entry.path.replace(/^.*\//, '').replace(/\.\w+$/, '');
        const all = text
          .split(/^%[ \t]*\r?\n?/m)
          .map(readableFortune)
          .filter(Boolean);
        for (let at = 0; at < all.length; at += opts.together)
          yield {
            key: `${name}/${at / opts.together + 1}`,
            title: '',
            text: all.slice(at, at + opts.together).join('\n\n'),
            language: opts.language,
            date: dateOf(entry),
            url: '',
          };
      }
    },
  };
}

/** `x`, backspace, `_`: underlined on a typewriter. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: this is what is taken out
const OVERSTRIKE = /.\u0008/g;

/** Lines of one width run on as prose; shorter ones (verse, dialogue) stay; overstrikes and the indent of a name go. */
export function readableFortune(text: string): string {
  const lines = text
    .replace(OVERSTRIKE, '')
    .split(/\r?\n/)
    .map((line) => line.replace(/\s+$/, ''))
    .filter((line, index, all) => line !== '' || (all[index - 1] ?? '') !== '');
  let out = '';
  for (const [index, line] of lines.entries()) {
    const attribution = /^\s*(?:--|—)\s*(.+)$/.exec(line);
    if (attribution) out = `${out.trimEnd()}\n— ${attribution[1]}`;
    else if (/^\s{2,}\S/.test(line) && out.includes('\n— ')) out += ` ${line.trim()}`;
    else {
      const before = lines[index - 1] ?? '';
      const runsOn = before.length >= 55 && !/^\s{3,}/.test(line) && line !== '';
      out += `${out === '' ? '' : runsOn ? ' ' : '\n'}${tidyLine(line)}`;
    }
  }
  return out.replace(/\n{3,}/g, '\n\n').trim();
}
