import { execFileSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { sha256File } from '@lucie/ledger';
import { describe, expect, test } from 'vitest';
import type { Document } from '../src/document.ts';
import { numberedRows, openConnection, partsOf, readDocuments, writeDocuments } from '../src/parquet.ts';
import { testDir } from './run-steps.ts';

const documents: Document[] = Array.from({ length: 5000 }, (_, i) => ({
  ...{
    id: `s/${i}`,
    text: `texte ${i} ${'a'.repeat(i % 40)}`,
    source: 's',
    licence: 'CC0-1.0',
    language: 'fr',
  },
  ...{ date: '', url: '', title: '', extra: '{}' },
}));

/** About four parts. */
const partCharacters = 60_000;

describe('a table in parts', () => {
  test('is a folder of files that together hold the same rows in the same order', async () => {
    const path = join(testDir(), 'documents.parquet');
    expect(await writeDocuments(path, documents, { partCharacters })).toBe(5000);
    expect(statSync(path).isDirectory()).toBe(true);
    expect(readdirSync(path)).toEqual([
      '00000.parquet',
      '00001.parquet',
      '00002.parquet',
      '00003.parquet',
      '00004.parquet',
    ]);
    expect(await Array.fromAsync(readDocuments(path))).toEqual(documents);
  });

  test('has the same bytes each time, and leaves nothing beside', async () => {
    const dir = testDir();
    const hashes: string[][] = [];
    for (const name of ['a.parquet', 'b.parquet']) {
      await writeDocuments(join(dir, name), documents, { partCharacters });
      hashes.push(await Promise.all((await partsOf(join(dir, name))).map(sha256File)));
    }
    expect(hashes[1]).toEqual(hashes[0]);
    expect(readdirSync(dir)).toEqual(['a.parquet', 'b.parquet']);
  });

  test('a failure half-way leaves nothing', async () => {
    const dir = testDir();
    async function* failing() {
      yield* documents;
      throw new Error('no more');
    }
    await expect(writeDocuments(join(dir, 'a.parquet'), failing(), { partCharacters })).rejects.toThrow(
      'no more',
    );
    expect(readdirSync(dir)).toEqual([]);
  });

  test('rows are numbered through all parts', async () => {
    const path = join(testDir(), 'documents.parquet');
    await writeDocuments(path, documents, { partCharacters });
    const connection = await openConnection();
    const rows = await numberedRows(connection.database, path);
    const result = await connection.database.runAndReadAll(
      `SELECT id, row::INTEGER FROM ${rows} WHERE row % 1111 = 0 ORDER BY row`,
    );
    connection.close();
    expect(result.getRows()).toEqual([0, 1111, 2222, 3333, 4444].map((row) => [`s/${row}`, row]));
  });

  test('long texts take little memory, written or read', () => {
    const script = join(import.meta.dirname, 'long-texts.ts');
    const grown = JSON.parse(execFileSync(process.execPath, [script, testDir()], { encoding: 'utf8' }));
    expect(grown.characters).toBeGreaterThan(100_000_000);
    // 100 and 120 MB where this was written; 580 with parts of 100 million characters.
    expect(grown.writing).toBeLessThan(300);
    expect(grown.reading).toBeLessThan(300);
  }, 60_000);

  test('a folder without parts is an empty corpus', async () => {
    expect(await Array.fromAsync(readDocuments(testDir()))).toEqual([]);
  });
});
