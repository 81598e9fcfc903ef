import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { silent } from '@lucie/ledger';
import { runSteps } from '../src/steps/run-steps.ts';
import { parseShard } from '../src/steps/shard.ts';
import { steps } from './counting-steps.ts';

/** Program of a Slurm task: `ROOT INPUT STEP SHARD`, or `ROOT INPUT` to put the whole together. */
const [root, input, only, shard] = process.argv.slice(2) as [string, string, string?, string?];
const { made, complete } = await runSteps(steps(JSON.parse(input)), root, {
  progress: silent,
  signal: new AbortController().signal,
  memoryBytes: 1e8,
  ...(only ? { only } : {}),
  ...(shard ? { shard: parseShard(shard) } : {}),
});
if (!only) writeFileSync(join(root, 'finished.json'), JSON.stringify({ made, complete }));
