import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Random } from '@lucie/ledger';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { tinyConfig, writeTinyGguf } from '../../release/test/tiny-model.ts';
import { mutate } from './mutate.ts';

const MUTATIONS = 300;
let dir: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'lucie-mutated-'));
});

afterAll(() => rm(dir, { recursive: true }));

test(`${MUTATIONS} damaged files: a LucieError or a model that runs, never a crash`, async () => {
  const path = await writeTinyGguf(dir, { config: tinyConfig({ hidden_size: 32, num_hidden_layers: 1 }) });
  const bytes = await readFile(path);
  const headEnd = bytes.indexOf('output_norm.weight') + 64;
  const random = new Random(Number(process.env.LUCIE_FUZZ_SEED ?? 5), 'mutations');
  const paths: string[] = [];
  for (let i = 0; i < MUTATIONS; i++) {
    paths.push(join(dir, `m${i}.gguf`));
    await writeFile(paths[i]!, mutate(bytes, headEnd, random));
  }
  const child = spawnSync(process.execPath, [join(import.meta.dirname, 'load-each.ts')], {
    input: paths.join('\n'),
    encoding: 'utf8',
  });
  const outcomes = child.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { path: string; outcome: string });
  expect(outcomes.filter(({ outcome }) => outcome.startsWith('foreign'))).toEqual([]);
  expect({ signal: child.signal, done: outcomes.length, stderr: child.stderr.slice(-500) }).toEqual({
    signal: null,
    done: MUTATIONS,
    stderr: '',
  });
  // Both kinds must occur, or the mutations would prove nothing.
  const kinds = Map.groupBy(outcomes, ({ outcome }) => outcome);
  if (process.env.LUCIE_FUZZ_SEED) console.log([...kinds].map(([k, v]) => `${k} ${v.length}`).join(', '));
  expect([...kinds.keys()]).toEqual(
    expect.arrayContaining(['fine', 'MODEL_TRUNCATED', 'MODEL_INVALID', 'MODEL_REFUSED']),
  );
});
