import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Random } from '@lucie/ledger';
import { layOutPdf } from './lay-out-pdf.ts';
import { writePdf } from './write-pdf.ts';

const TOKENS = [
  '<<',
  '>>',
  '[',
  ']',
  'endobj',
  'stream',
  '0 R',
  '-1',
  '99999999999',
  '/Kids',
  '/Contents',
  'BT',
  'q',
  '(',
  ')',
  '1e999',
  'obj',
  'cm',
  'Tf',
];

/** A PDF with most of what is read: pages, headings, a list, a ruled table, a picture, a note, hidden text. */
export function soundPdf(padding = 0): Uint8Array {
  const pages = layOutPdf(
    [
      { kind: 'heading', level: 1, text: 'La mare du collège' },
      {
        kind: 'text',
        text: 'Douze grenouilles rousses y vivent, et deux tritons palmés que la classe a dessinés en avril.',
      },
      { kind: 'list', text: 'un carnet\ndes bottes' },
      { kind: 'table', text: 'Mois | Grenouilles\nmars | 4\navril | 12' },
      { kind: 'text', text: 'La seconde page dit ce que la première ne dit pas.' },
    ],
    { breaks: [4], footer: (page) => `Page ${page}` },
  );
  const first = { ...pages[0]!, image: { x: 100, y: 400, width: 90, height: 60, alternative: 'Un triton' } };
  const second = { ...pages[1]!, comments: [{ text: 'à revoir', x: 9, y: 9 }] };
  return writePdf([first, second], { information: { Title: 'La mare du collège' }, padding });
}

/** The same seed breaks it in the same way: bytes changed, tokens put in, pieces cut out, doubled or moved. */
export function mutate(bytes: Uint8Array, seed: number): Uint8Array {
  const random = new Random(seed, 'broken pdf');
  let out = Buffer.from(bytes);
  for (let times = 1 + random.below(6); times > 0; times--) {
    const at = random.below(out.length);
    const length = 1 + random.below(seed % 5 === 0 ? 400 : 12);
    const piece = out.subarray(at, at + length);
    switch (random.below(6)) {
      case 0:
        for (let i = 0; i < length && at + i < out.length; i++) out[at + i] = random.below(256);
        break;
      case 1:
        out = Buffer.concat([out.subarray(0, at), out.subarray(at + length)]);
        break;
      case 2:
        out = Buffer.concat([out.subarray(0, at), piece, out.subarray(at)]);
        break;
      case 3: {
        const token = TOKENS[random.below(TOKENS.length)]!;
        out = Buffer.concat([out.subarray(0, at), Buffer.from(` ${token} `), out.subarray(at)]);
        break;
      }
      case 4: {
        const digits = [...out.toString('latin1').matchAll(/\d+/g)];
        const digit = digits[random.below(Math.max(1, digits.length))];
        if (digit) out.write(String(random.below(10)).repeat(digit[0].length), digit.index, 'latin1');
        break;
      }
      default:
        out = out.subarray(0, Math.max(20, out.length - random.below(out.length >> 1)));
    }
    if (out.length < 20) out = Buffer.from(bytes);
  }
  return new Uint8Array(out);
}

/** What becomes of the broken PDFs of these seeds, in a process of its own. */
export function readBroken(from: number, to: number): { outcomes: Record<string, number>; faults: string[] } {
  const script = fileURLToPath(new URL('./read-broken-pdfs.ts', import.meta.url));
  return JSON.parse(execFileSync(process.execPath, [script, `${from}`, `${to}`], { encoding: 'utf8' }));
}
