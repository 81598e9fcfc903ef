import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Random, sha256File } from '@lucie/ledger';
import { describe, expect, test } from 'vitest';
import { type Document, documentBytes, documentText, parseExtra } from '../src/document.ts';
import { joinText } from '../src/join-text.ts';
import { readDocuments, readRejected, writeDocuments, writeRejected } from '../src/parquet.ts';
import { freshDir } from './make-tarball.ts';

const pieces = [
  'été ',
  '\n',
  "l'eau",
  '\u00a0: ',
  '🙂',
  '"',
  '\\',
  '\u0000',
  ';',
  '“',
  'x'.repeat(500),
  '漢字',
];

function someDocuments(count: number, seed: number): Document[] {
  const random = new Random(seed, 'documents');
  return Array.from({ length: count }, (_, i) => ({
    id: `source/${i}`,
    text: Array.from({ length: random.below(20) }, () => pieces[random.below(pieces.length)]).join(''),
    source: 'source',
    licence: 'CC0-1.0',
    language: i % 3 === 0 ? 'en' : 'fr',
    date: '2020-01-01',
    url: '',
    title: i % 2 === 0 ? '' : `Titre ${i}`,
    extra: JSON.stringify({ i }),
  }));
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  return Array.fromAsync(items);
}

describe('writeDocuments and readDocuments', () => {
  test.each([0, 1, 2047, 2048, 2049, 10_000])(
    '%i documents come back in order, whatever they hold',
    async (count) => {
      const path = join(freshDir(), "l'été.parquet");
      const documents = someDocuments(count, count);
      expect(await writeDocuments(path, documents)).toBe(count);
      expect(await all(readDocuments(path))).toEqual(documents);
    },
  );

  test('the same documents give the same bytes', async () => {
    const dir = freshDir();
    const documents = someDocuments(9000, 7);
    await writeDocuments(join(dir, 'a'), documents);
    async function* later() {
      yield* documents;
    }
    await writeDocuments(join(dir, 'b'), later());
    expect(await sha256File(join(dir, 'a'))).toBe(await sha256File(join(dir, 'b')));
  });

  test('a source that fails half-way leaves the old file and nothing else', async () => {
    const dir = freshDir();
    const path = join(dir, 'documents.parquet');
    await writeDocuments(path, someDocuments(3, 1));
    const before = readFileSync(path);
    function* failing() {
      yield* someDocuments(5000, 2);
      throw new Error('no more');
    }
    await expect(writeDocuments(path, failing())).rejects.toThrow('no more');
    expect(readFileSync(path)).toEqual(before);
    expect(readdirSync(dir)).toEqual(['documents.parquet']);
  });

  test('a reader may stop early', async () => {
    const path = join(freshDir(), 'documents.parquet');
    await writeDocuments(path, someDocuments(5000, 3));
    for await (const document of readDocuments(path)) {
      expect(document.id).toBe('source/0');
      break;
    }
  });

  test('lone surrogates become the replacement character', async () => {
    const path = join(freshDir(), 'documents.parquet');
    await writeDocuments(path, [{ ...someDocuments(1, 1)[0]!, text: 'a\ud800b' }]);
    expect((await all(readDocuments(path)))[0]!.text).toBe('a\ufffdb');
  });

  test('a missing, truncated or foreign file is an error with a code', async () => {
    const dir = freshDir();
    await expect(all(readDocuments(join(dir, 'none')))).rejects.toMatchObject({ code: 'DOCUMENTS_MISSING' });
    const path = join(dir, 'documents.parquet');
    await writeDocuments(path, someDocuments(100, 4));
    writeFileSync(join(dir, 'cut'), readFileSync(path).subarray(0, 500));
    await expect(all(readDocuments(join(dir, 'cut')))).rejects.toMatchObject({ code: 'DOCUMENTS_DAMAGED' });
    await expect(all(readRejected(path))).rejects.toMatchObject({ code: 'DOCUMENTS_DAMAGED' });
    expect(existsSync(`${path}.tmp`)).toBe(false);
  });
});

test('rejected documents carry reason and value', async () => {
  const path = join(freshDir(), 'rejected.parquet');
  const rejected = someDocuments(3, 5).map((document) => ({
    ...document,
    reason: 'language',
    value: 'en 0.00',
  }));
  await writeRejected(path, rejected);
  expect(await all(readRejected(path))).toEqual(rejected);
});

test('joinText: titles, an empty line between documents, one language, in order of paths', async () => {
  const dir = freshDir();
  const [a, b, c] = someDocuments(3, 6).map((document, i) => ({ ...document, text: `Texte ${i}.` }));
  await writeDocuments(join(dir, 'one'), [b!, a!]);
  await writeDocuments(join(dir, 'two'), [c!]);
  expect(await joinText([join(dir, 'one'), join(dir, 'two')], 'fr')).toBe(
    'Titre 1\n\nTexte 1.\n\nTexte 2.\n',
  );
  expect(await joinText(join(dir, 'one'))).toBe('Titre 1\n\nTexte 1.\n\nTexte 0.\n');
  expect(await joinText([])).toBe('');
});

test('documentText and documentBytes measure what one reads', () => {
  expect(documentText({ title: 'Été', text: 'Chaud.' })).toBe('Été\n\nChaud.');
  expect(documentBytes({ title: 'Été', text: 'Chaud.' })).toBe(13);
  expect(documentText({ title: '', text: 'Chaud.' })).toBe('Chaud.');
});

test.each(['', 'x', '[1]', 'null', '3'])('parseExtra(%j) is an empty object', (extra) => {
  expect(parseExtra({ extra })).toEqual({});
});
