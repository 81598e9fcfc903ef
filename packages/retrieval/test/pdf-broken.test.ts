import { expect, test } from 'vitest';
import { DEFAULT_INGEST_LIMITS } from '../src/ingest/ingest-limits.ts';
import { parsePdf } from '../src/ingest/pdf/parse-pdf.ts';
import { readBroken, soundPdf } from './mutate-pdf.ts';

test('what the broken ones are made of is sound', async () => {
  for (const padding of [0, 10]) {
    const parsed = await parsePdf(soundPdf(padding), DEFAULT_INGEST_LIMITS);
    expect(parsed.pages.map((page) => page.blocks.map((block) => block.kind))).toEqual([
      ['heading', 'text', 'list', 'table'],
      ['text'],
    ]);
  }
});

test('60 broken PDFs: each is read or refused by a code', () => {
  const { outcomes, faults } = readBroken(0, 60);
  expect(faults).toEqual([]);
  // Some of both, or nothing was tried.
  expect(Object.keys(outcomes).sort()).toEqual(['DOCUMENT_BROKEN', 'read']);
  expect(outcomes.read! + outcomes.DOCUMENT_BROKEN!).toBe(60);
  expect(Math.min(...Object.values(outcomes))).toBeGreaterThan(10);
}, 60_000);
