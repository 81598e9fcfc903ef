/**
 * Our half of the comparison, in a process of its own: `node ours.ts FOLDER OPTIONS` runs the steps that find
 * duplicates over the finished step `read` of FOLDER/work, files, hashes and markers included, and prints one JSON line. The
 * steps' earlier output is removed first.
 */

import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { duplicateSteps, duplicatesShape, layout, runSteps } from '@lucie/corpus';
import { silent } from '@lucie/ledger';
import { readStep } from './read-step.ts';

const [folder, options] = process.argv.slice(2) as [string, string];
const work = join(folder, 'work');
const steps = duplicateSteps(duplicatesShape.parse(JSON.parse(options)));
for (const { name } of steps) rmSync(join(work, name), { recursive: true, force: true });
const began = performance.now();
await runSteps([readStep(join(folder, 'data', 'documents.jsonl')), ...steps], work, {
  progress: silent,
  signal: new AbortController().signal,
  memoryBytes: 512 * 2 ** 20,
});
const seconds = (performance.now() - began) / 1000;
const path = join(work, layout.survivors.step, layout.survivors.unit, 'documents.jsonl');
const found = readFileSync(path, 'utf8')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => (JSON.parse(line) as { id: string }).id);
console.log(JSON.stringify({ seconds, found, version: process.version }));
