import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cacheDir, sha256File, silent, silentLogger } from '@lucie/ledger';
import { expect, test } from 'vitest';
import { NearDuplicates } from '../src/clean/near-duplicates.ts';
import { normalisedWords } from '../src/clean/words.ts';
import { tarballPath } from '../src/fetch/fetch-packages.ts';
import { corpusStage, readDocuments } from '../src/index.ts';
import { freshDir } from './make-tarball.ts';
import { nanoSources } from './nano-sources.ts';

const absent = nanoSources.some((source) => !existsSync(tarballPath(source, cacheDir)));

test('the corpus of nano: French, whole, the same bytes twice, nothing held out that is near training', {
  timeout: 600_000,
}, async ({ skip }) => {
  if (absent) skip('the text packages of nano have not been fetched');
  const runOnce = async () => {
    const dir = freshDir();
    const { facts } = await corpusStage({ sources: nanoSources }).run({
      dir,
      inputs: {},
      progress: silent,
      log: silentLogger,
      signal: new AbortController().signal,
      identity: async (current) => current,
    });
    return { dir, facts: facts as { bytes: number; frenchShare: number; heldOutDocuments: number } };
  };
  const first = await runOnce();
  const second = await runOnce();
  for (const name of ['documents.parquet', 'heldout.parquet', 'rejected.parquet', 'report.json'])
    expect(await sha256File(join(first.dir, name)), name).toBe(await sha256File(join(second.dir, name)));
  expect(first.facts.frenchShare).toBeGreaterThan(0.75);
  expect(first.facts.bytes).toBeGreaterThan(60e6);
  expect(first.facts.heldOutDocuments).toBeGreaterThan(300);
  const near = new NearDuplicates({ shingle: 5, bands: 14, rows: 8, threshold: 0.8 }, 99);
  const heldOut = await Array.fromAsync(readDocuments(join(first.dir, 'heldout.parquet')));
  for (const { id, text } of heldOut) near.offer(id, normalisedWords(text));
  const known = new Set(heldOut.map(({ id }) => id));
  const straddling: string[] = [];
  for await (const { id, text } of readDocuments(join(first.dir, 'documents.parquet'))) {
    const match = near.offer(id, normalisedWords(text));
    if (match && known.has(match.id)) straddling.push(`${id} ${match.id} ${match.similarity.toFixed(2)}`);
  }
  // Another seed proposes other pairs; the theory of 14 x 8 allows a few just above the threshold to slip through.
  expect(straddling.length).toBeLessThanOrEqual(3);
});
