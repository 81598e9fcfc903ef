import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { cacheDir, listFiles, sha256File, silent, silentLogger } from '@lucie/ledger';
import { expect, test } from 'vitest';
import { normalisedWords } from '../src/clean/words.ts';
import { tarballPath } from '../src/fetch/fetch-packages.ts';
import { corpusStage, readDocuments } from '../src/index.ts';
import { nanoSources } from './nano-sources.ts';
import { testDir } from './run-steps.ts';

const absent = nanoSources.some(
  (source) => 'package' in source && !existsSync(tarballPath(source, cacheDir)),
);

async function build(workers: number) {
  const dir = join(testDir(), '01-corpus.partial');
  mkdirSync(dir);
  const { facts } = await corpusStage({ sources: nanoSources }, { workers, memoryBytes: 64e6 * workers }).run(
    {
      ...{ dir, inputs: {}, progress: silent, log: silentLogger },
      signal: new AbortController().signal,
      identity: async (current) => current,
    },
  );
  return { dir, facts: facts as { bytes: number; frenchShare: number; heldOutDocuments: number } };
}

test('the corpus of nano: French, whole, the same bytes with other processes and memory, nothing held out that is near training', {
  timeout: 900_000,
}, async ({ skip }) => {
  if (absent) skip('the text packages of nano have not been fetched');
  const first = await build(1);
  const second = await build(2);
  const names = await listFiles(first.dir);
  expect(await listFiles(second.dir)).toEqual(names);
  for (const name of names)
    expect(await sha256File(join(first.dir, name)), name).toBe(await sha256File(join(second.dir, name)));
  expect(first.facts.frenchShare).toBeGreaterThan(0.75);
  expect(first.facts.bytes).toBeGreaterThan(60e6);
  expect(first.facts.heldOutDocuments).toBeGreaterThan(300);
  const straddling = await nearPairs(
    join(first.dir, 'heldout.parquet'),
    join(first.dir, 'documents.parquet'),
  );
  // 20 × 6 misses two pairs in a thousand at 0.8.
  expect(straddling.length, straddling.join('\n')).toBeLessThanOrEqual(3);
});

/** Pairs across two tables at a Jaccard similarity of 0.8 or more, counted on the runs of five words themselves. */
async function nearPairs(small: string, large: string): Promise<string[]> {
  const holders = new Map<string, number[]>();
  const sizes: number[] = [];
  const ids: string[] = [];
  for await (const { id, text } of readDocuments(small)) {
    const runs = runsOf(text);
    for (const run of runs) holders.set(run, [...(holders.get(run) ?? []), ids.length]);
    sizes.push(runs.size);
    ids.push(id);
  }
  const pairs: string[] = [];
  for await (const { id, text } of readDocuments(large)) {
    const runs = runsOf(text);
    const common = new Map<number, number>();
    for (const run of runs)
      for (const holder of holders.get(run) ?? []) common.set(holder, (common.get(holder) ?? 0) + 1);
    for (const [holder, count] of common) {
      const similarity = count / (runs.size + sizes[holder]! - count);
      if (similarity >= 0.8) pairs.push(`${id} ${ids[holder]} ${similarity.toFixed(2)}`);
    }
  }
  return pairs;
}

function runsOf(text: string): Set<string> {
  const words = normalisedWords(text).split(' ');
  if (words.length < 5) return new Set([words.join(' ')]);
  return new Set(words.slice(4).map((_, i) => words.slice(i, i + 5).join(' ')));
}
