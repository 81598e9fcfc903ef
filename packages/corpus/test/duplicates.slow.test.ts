import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { Random } from '@lucie/ledger';
import { expect, test } from 'vitest';
import { bySeniority, trueFalls, truePairs } from './duplicates-truth.ts';
import { fallsOf, madeDocuments, stepsOver } from './duplicates-units.ts';
import { hashesOf } from './made-units.ts';
import { runAll, testDir } from './run-steps.ts';

test('against brute force: 20,000 documents with planted changes, in seven units', async () => {
  const units = madeDocuments(20_000, { seed: 21, words: 90, units: 7 });
  const documents = Object.values(units).flat();
  const pairs = truePairs(documents, 0.8);
  const truth = trueFalls(documents, pairs);
  expect(truth.size).toBeGreaterThan(3000);
  for (const [options, least] of [
    [{}, 0.99],
    // The original's banding finds 92 % of the pairs at 0.8, and those above more surely.
    [{ bands: 14, rows: 8 }, 0.95],
  ] as const) {
    const { work } = await runAll(stepsOver(units, options), testDir());
    const falls = fallsOf(work);
    const fallen = new Set(falls.map(({ id }) => id));
    // As documents: who falls, against who falls by the definition.
    const both = fallen.intersection(truth).size;
    expect(both / truth.size, 'recall of documents').toBeGreaterThanOrEqual(least);
    expect(both / fallen.size, 'precision of documents').toBeGreaterThanOrEqual(least);
    // As pairs: whoever truly resembles a senior that stands here has fallen here, and truly resembles it.
    const ranks = new Map(bySeniority(documents).map((place, rank) => [place, rank]));
    const should = new Set<string>();
    for (const { a, b } of pairs) {
      const [senior, junior] = ranks.get(a)! < ranks.get(b)! ? [a, b] : [b, a];
      if (!fallen.has(documents[senior]!.id)) should.add(documents[junior]!.id);
    }
    expect(fallen.intersection(should).size / should.size, 'recall').toBeGreaterThanOrEqual(least);
    expect(fallen.intersection(should).size / fallen.size, 'precision').toBeGreaterThanOrEqual(0.999);
    const similarities = new Map(
      pairs.map(({ a, b, similarity }) => [[documents[a]!.id, documents[b]!.id].sort().join(), similarity]),
    );
    for (const { id, survivor, rule, similarity } of falls) {
      if (rule === 'near-duplicate')
        expect(similarity).toBeCloseTo(similarities.get([id, survivor].sort().join())!, 9);
    }
  }
}, 600_000);

test('killed at any moment, it goes on and gives the same survivors', async () => {
  const script = join(import.meta.dirname, 'run-duplicates.ts');
  const run = (root: string, killAfter?: number) =>
    new Promise<boolean>((resolve, reject) => {
      const child = spawn(process.execPath, [script, root, '3000'], { stdio: ['ignore', 'pipe', 'inherit'] });
      child.on('error', reject);
      child.on('close', (code) => resolve(code === 0));
      child.stdout.once('data', async () => {
        if (killAfter === undefined) return;
        await setTimeout(killAfter);
        child.kill('SIGKILL');
      });
    });
  const undisturbed = testDir();
  const began = performance.now();
  expect(await run(undisturbed)).toBe(true);
  const whole = performance.now() - began;
  const root = testDir();
  const random = new Random(1, 'kills');
  let kills = 0;
  for (let i = 0; i < 8; i++) if (!(await run(root, random.float() * 0.5 * whole))) kills++;
  expect(kills).toBeGreaterThan(0);
  expect(await run(root)).toBe(true);
  const left = Object.keys(await hashesOf(root)).filter((file) => file.includes('.partial/'));
  expect(left).toEqual([]);
  expect(await hashesOf(root)).toEqual(await hashesOf(undisturbed));
  expect(existsSync(join(root, 'survivors', 'all', 'clusters.parquet'))).toBe(true);
}, 600_000);
