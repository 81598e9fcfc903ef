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
});

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

test('the pages that can be read are read when another is broken', async () => {
  const bytes = Buffer.from(writePdf([{ lines: [LINE] }, { lines: [LINE] }]));
  const second = bytes.indexOf('/Type /Page ', bytes.indexOf('/Type /Page ') + 1);
  const broken = Buffer.from(bytes);
  broken.write('/Type /Pixie', second, 'latin1');
  broken.write('/Parnet', broken.indexOf('/Parent', second), 'latin1');
  const parsed = await parsePdf(broken, LIMITS).catch((error: unknown) => error);
  if (parsed instanceof Error) expect(parsed).toMatchObject({ code: 'DOCUMENT_BROKEN' });
  else expect(parsed).toMatchObject({ format: 'pdf' });
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
