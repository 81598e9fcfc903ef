import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isLucieError, Random } from '@lucie/ledger';
import { expect, test } from 'vitest';
import { tinyConfig, writeTinyGguf } from '../../release/test/tiny-model.ts';
import { Engine, ModelPool } from '../src/index.ts';
import { Trial } from '../src/models/trial.ts';
import { families } from './chat-families.ts';
import { writeTinyEncoder } from './encoder-model.ts';
import { writeFamilyGguf } from './family-model.ts';
import { mutate } from './mutate.ts';

const MUTATIONS = 1000;
const options = { threads: 1, sequences: 1, contextSize: 64 };

test(`${MUTATIONS} damaged files, given to a pool in this process: a sentence each, and it goes on serving`, {
  timeout: 900_000,
}, async () => {
  const dir = await mkdtemp(join(tmpdir(), 'lucie-mutated-'));
  const whole = await writeTinyGguf(join(dir, 'whole'), {
    config: tinyConfig({ hidden_size: 32, num_hidden_layers: 1 }),
  });
  const kinds = [
    whole,
    await writeFamilyGguf(join(dir, 'family'), families.gemma),
    await writeTinyEncoder(dir),
  ];
  const originals = await Promise.all(kinds.map((path) => readFile(path)));
  const random = new Random(Number(process.env.LUCIE_FUZZ_SEED ?? 5), 'pool mutations');
  const names: string[] = [];
  for (let i = 0; i < MUTATIONS; i++) {
    const bytes = originals[i % originals.length]!;
    const norm = bytes.indexOf('norm.weight');
    names.push(join(dir, `m${i}.gguf`));
    await writeFile(names[i]!, mutate(bytes, norm + 64, random));
  }
  // Every file goes through the trial, as `Engine.load` has it; one child tries many.
  await using trial = new Trial({ timeMs: 20_000 });
  const load = async (path: string) => {
    await trial.try(path);
    return await Engine.load(path, { ...options, trial: false });
  };
  const models = [whole, ...names].map((path) => ({ name: path, path, options }));
  await using pool = new ModelPool(models, { load, idleMs: 1 });
  using healthy = await pool.use(whole);
  const say = () =>
    healthy.engine.generate({ prompt: 'Un', maxTokens: 8, temperature: 0, stopIds: [] }).text();
  const answer = await say();

  const outcomes = new Map<string, number>();
  for (const name of names) {
    let outcome: string;
    try {
      using lease = await pool.use(name);
      await lease.engine.embed([[lease.engine.info.vocabSize - 1]]);
      await lease.engine.generate({ tokens: [lease.engine.info.vocabSize - 1], maxTokens: 2 }).text();
      outcome = 'fine';
    } catch (error) {
      expect(isLucieError(error) ? '' : String(error)).toBe('');
      outcome = isLucieError(error) ? error.code : '';
    }
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  }
  console.log(
    [...outcomes].map(([code, count]) => `${code} ${count}`).join(', '),
    `children ${trial.started}`,
  );
  expect([...outcomes.keys()]).toEqual(
    expect.arrayContaining(['fine', 'MODEL_TRUNCATED', 'MODEL_INVALID', 'MODEL_REFUSED']),
  );
  // Hundreds of models have been refused or unloaded meanwhile; the one in use says what it said.
  expect(await say()).toBe(answer);
  await rm(dir, { recursive: true });
});
