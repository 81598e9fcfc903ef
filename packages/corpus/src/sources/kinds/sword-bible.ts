import { inflateSync } from 'node:zlib';
import { decodeUtf8 } from '../../fetch/archive-entries.ts';
import { tidyLine } from '../../text/text-blocks.ts';
import type { Kind } from './kind.ts';

const MAX_BYTES = 50_000_000;
const TESTAMENTS = ['ot', 'nt'] as const;

/**
 * A Bible of the SWORD project in its compressed format (zText): `.bzs` holds offset, length and unpacked length of
 * each compressed block in `.bzz`, `.bzv` block, offset and length of each verse, all little-endian. Verses are in the
 * order of the Bible; an empty one is a heading and begins a chapter. A document per chapter.
 */
export function swordBible(opts: { language: string; date: string; title: string }): Kind {
  return {
    wants: (path) => /\/modules\/texts\/ztext\/[^/]+\/[on]t\.bz[svz]$/.test(path),
    async *read(entries, complain) {
      const files = new Map<string, Buffer>();
      for await (const entry of entries) files.set(entry.path.replace(/^.*\//, ''), Buffer.from(entry.bytes));
      for (const testament of TESTAMENTS) {
        let chapter: string[] = [];
        let count = 0;
        const draft = () => ({
          key: `${testament}/${++count}`,
          title: opts.title,
          text: chapter.join('\n'),
          language: opts.language,
          date: opts.date,
          url: '',
        });
        for (const verse of verses(files, { testament, complain })) {
          const text = plain(verse);
          if (text) chapter.push(text);
          else if (chapter.length > 0) {
            yield draft();
            chapter = [];
          }
        }
        if (chapter.length > 0) yield draft();
      }
    },
  };
}

function* verses(
  files: Map<string, Buffer>,
  opts: { testament: string; complain: (key: string, why: string) => void },
): Generator<string> {
  const [blocks, index, data] = ['bzs', 'bzv', 'bzz'].map((ending) =>
    files.get(`${opts.testament}.${ending}`),
  );
  if (!blocks || !index || !data) {
    opts.complain(opts.testament, 'a file of this part is missing');
    return;
  }
  let open = -1;
  let block: Buffer | undefined;
  for (let at = 0; at + 10 <= index.length; at += 10) {
    const number = index.readUInt32LE(at);
    const from = index.readUInt32LE(at + 4);
    const size = index.readUInt16LE(at + 8);
    if (size === 0) {
      yield '';
      continue;
    }
    if (number !== open) {
      open = number;
      block = unpack(blocks, { number, data });
      if (!block) opts.complain(`${opts.testament}/block ${number}`, 'cannot be unpacked');
    }
    const text = block && decodeUtf8(block.subarray(from, from + size));
    if (text !== undefined) yield text;
    else if (block) opts.complain(`${opts.testament}/${at / 10}`, 'not UTF-8');
  }
}

function unpack(blocks: Buffer, { number, data }: { number: number; data: Buffer }): Buffer | undefined {
  const at = number * 12;
  if (at + 12 > blocks.length) return undefined;
  const from = blocks.readUInt32LE(at);
  try {
    return inflateSync(data.subarray(from, from + blocks.readUInt32LE(at + 4)), {
      maxOutputLength: MAX_BYTES,
    });
  } catch {
    return undefined;
  }
}

/** A verse without its markup (OSIS), its notes and its titles. */
function plain(osis: string): string {
  return tidyLine(
    osis
      .replace(/<(note|title)\b[^>]*>[\s\S]*?<\/\1>/g, '')
      .replace(/<[^>]*>/g, ' ')
      .replaceAll('&amp;', '&')
      .replace(/¶/g, '')
      .replace(/ +([,.;:!?])/g, '$1')
      .replace(/([¿¡“‘(]) +/g, '$1'),
  );
}
