import { LucieError } from '@lucie/ledger';
import { expect, test, vi } from 'vitest';
import { DEFAULT_INGEST_LIMITS } from '../src/ingest/ingest-limits.ts';
import { parsePdf } from '../src/ingest/pdf/parse-pdf.ts';
import { layOutPdf } from './lay-out-pdf.ts';
import { writePdf } from './write-pdf.ts';

const LIMITS = { ...DEFAULT_INGEST_LIMITS };
const LINE = { text: 'Une ligne de la page.', x: 64, y: 100 };

async function refusal(bytes: Uint8Array, limits = LIMITS): Promise<LucieError> {
  const error = await parsePdf(bytes, limits).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(LucieError);
  return error as LucieError;
}

test('10,000 pages are refused by their count', async () => {
  const error = await refusal(writePdf(Array.from({ length: 10_000 }, () => ({ lines: [] }))));
  expect(error.code).toBe('DOCUMENT_TOO_LARGE');
  expect(error.message).toContain('10,000 pages');
  expect(error.message).toContain('1,000 pages');
}, 60_000);

test('as many pages as allowed are read, one more is not', async () => {
  const pages = [1, 2, 3].map((n) => ({ lines: [{ ...LINE, text: `Page ${n} du cahier` }] }));
  expect((await parsePdf(writePdf(pages), { ...LIMITS, pages: 3 })).pages).toHaveLength(3);
  expect((await refusal(writePdf(pages), { ...LIMITS, pages: 2 })).code).toBe('DOCUMENT_TOO_LARGE');
});

test('text beyond the limit is refused, hidden text included', async () => {
  const seen = Array.from({ length: 40 }, (_, i) => ({ ...LINE, y: 60 + i * 15 }));
  expect((await parsePdf(writePdf([{ lines: seen }]), { ...LIMITS, characters: 900 })).pages).toHaveLength(1);
  for (const page of [
    { lines: seen },
    { lines: seen.map((line) => ({ ...line, mode: 3 })) },
    { lines: [LINE], comments: [{ text: 'mot '.repeat(300), x: 10, y: 10 }] },
  ]) {
    const error = await refusal(writePdf([page]), { ...LIMITS, characters: 500 });
    expect(error.code).toBe('DOCUMENT_TOO_LARGE');
    expect(error.message).toContain('characters');
  }
});

test('a password is asked for by nobody: the error says what to do', async () => {
  const error = await refusal(writePdf([{ lines: [LINE] }], { encrypted: true }));
  expect(error.code).toBe('DOCUMENT_BROKEN');
  expect(error.message).toContain('password');
});

test.each([
  ['nothing but a head', '%PDF-1.7\n'],
  ['words', '%PDF-1.7\nBonjour, ceci n’est pas un PDF.'],
  ['zeros', `%PDF-1.7\n${'\0'.repeat(5000)}`],
  [
    'a page tree that holds itself',
    '%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[2 0 R]/Count 1>>endobj\ntrailer<</Root 1 0 R/Size 3>>',
  ],
])('%s is a broken document', async (_, text) => {
  expect((await refusal(Buffer.from(text, 'latin1'))).code).toBe('DOCUMENT_BROKEN');
});

test('what is little packed and huge unpacked is refused', async () => {
  const bytes = writePdf([{ lines: [LINE] }], { padding: 200 * 2 ** 20 });
  expect(bytes.length).toBeLessThan(400_000);
  const error = await refusal(bytes, { ...LIMITS, expandedBytes: 8 * 2 ** 20 });
  expect(error.code).toBe('DOCUMENT_TOO_LARGE');
  expect(error.message).toContain('unpacked');
}, 60_000);

test('a packed page is read like any other', async () => {
  const parsed = await parsePdf(writePdf([{ lines: [LINE] }], { padding: 1000 }), LIMITS);
  expect(parsed.pages[0]!.blocks.map((block) => block.text)).toEqual([LINE.text]);
});

test('the pages before a broken one are read, and a warning names it', async () => {
  const pages = [1, 2].map((n) => ({ lines: [{ ...LINE, text: `Page ${n} du cahier` }] }));
  const text = Buffer.from(writePdf(pages)).toString('latin1');
  const bytes = Buffer.from(text.replace(/Kids \[(\d+) 0 R (\d+) 0 R/, 'Kids [$1 0 R 99 0 R'), 'latin1');
  const parsed = await parsePdf(bytes, LIMITS);
  expect(parsed.pages.map((page) => page.blocks.map((block) => block.text))).toEqual([
    ['Page 1 du cahier'],
    [],
  ]);
  expect(parsed.warnings).toEqual(['Page 2 : illisible, le fichier y est abîmé.']);
});

test('the bytes stay as they are, nothing is fetched, and the same file reads the same', async () => {
  const bytes = writePdf(layOutPdf([{ kind: 'text', text: 'Le sel fond la glace.' }]));
  const before = bytes.slice();
  const fetching = vi.spyOn(globalThis, 'fetch').mockImplementation(() => {
    throw new Error('fetched');
  });
  try {
    const first = await parsePdf(bytes, LIMITS);
    expect(await parsePdf(bytes, LIMITS)).toEqual(first);
  } finally {
    fetching.mockRestore();
  }
  expect(fetching).not.toHaveBeenCalled();
  expect(bytes).toEqual(before);
});
