import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Mix } from '@lucie/corpus';
import { readManifest, sha256File } from '@lucie/ledger';
import { loadPretrained } from '@lucie/model';
import { liveTensors } from '@lucie/torch';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { explainStep } from '../src/explain-step.ts';
import type { Metric } from '../src/metrics.ts';
import type { OrderSpec } from '../src/order.ts';
import { Shard } from '../src/shards/reader.ts';
import { runTiny, tinyBase, tinyDocuments, tinyMix, tinyStages } from './tiny-run.ts';

let root: string;
/** A run that nothing disturbed. */
let whole: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'base-'));
  whole = join(root, 'whole');
  await runTiny(whole, tinyStages(tinyBase));
});
afterAll(() => rm(root, { recursive: true }));

async function metricsOf(dir: string): Promise<Metric[]> {
  const text = await readFile(join(dir, '04-base', 'metrics.jsonl'), 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

const weightsOf = (dir: string) => sha256File(join(dir, '04-base', 'model.safetensors'));

/** A fresh run folder whose corpus, tokenizer and tokens are those of the whole run. */
async function prepared(name: string): Promise<string> {
  const dir = join(root, name);
  for (const stage of ['01-corpus', '02-tokenizer', '03-tokens']) {
    await cp(join(whole, stage), join(dir, stage), { recursive: true });
  }
  return dir;
}

describe('the base stage', () => {
  test('leaves a Hugging Face folder and nothing of its workshop', async () => {
    const files = (await readdir(join(whole, '04-base'))).sort();
    expect(files).toEqual([
      'config.json',
      'generation_config.json',
      'log',
      'manifest.json',
      'metrics.jsonl',
      'model.safetensors',
      'order.json',
      'tokenizer.json',
      'tokenizer_config.json',
    ]);
    using model = await loadPretrained(join(whole, '04-base'));
    expect(model.config).toMatchObject({ bos_token_id: 0, eos_token_id: 1, pad_token_id: 2 });
    const config = JSON.parse(await readFile(join(whole, '04-base', 'tokenizer_config.json'), 'utf8'));
    expect(config).not.toHaveProperty('chat_template');
  });

  test('learns, and writes what each step did', async () => {
    const metrics = await metricsOf(whole);
    expect(metrics.map(({ step }) => step)).toEqual(Array.from({ length: 16 }, (_, i) => i));
    expect(metrics[0]!.loss).toBeGreaterThan(metrics.at(-1)!.loss + 0.5);
    expect(metrics[3]!.lr).toBe(0.01);
    expect(metrics.at(-1)!.lr).toBeCloseTo(0.001, 12);
    const { facts } = await readManifest(join(whole, '04-base'));
    expect(facts).toMatchObject({ steps: 16, tokens_seen: 16 * 4 * 32, threads: 1 });
    const last = metrics.slice(-2);
    expect(facts.final_loss).toBeCloseTo((last[0]!.loss + last[1]!.loss) / 2, 3);
    for (const name of ['tokens_per_second', 'mfu', 'matmul_gflops', 'joules']) {
      expect(facts[name], name).toBeGreaterThan(0);
    }
  });

  test('is the same to the bit when done again, and another with another seed', async () => {
    const again = await prepared('again');
    await runTiny(again, tinyStages(tinyBase));
    expect(await weightsOf(again)).toBe(await weightsOf(whole));
    const [a, b] = await Promise.all([again, whole].map((dir) => readManifest(join(dir, '04-base'))));
    expect(a!.digest).toBe(b!.digest);
    const other = await prepared('other');
    await runTiny(other, tinyStages({ ...tinyBase, seed: 2 }));
    expect(await weightsOf(other)).not.toBe(await weightsOf(whole));
  });

  test('stopped by a signal it keeps a checkpoint, and goes on to the same bits', async () => {
    const dir = await prepared('stopped');
    // Before any regular checkpoint, between two, and just where one is due.
    for (const stopAfter of [2, 5, 3]) {
      await expect(runTiny(dir, tinyStages(tinyBase), { stopAfter })).rejects.toThrow('stopped');
    }
    const kept = await readdir(join(dir, '04-base.partial', 'checkpoints'));
    expect(kept).toEqual(['step-00000007', 'step-00000010']);
    await runTiny(dir, tinyStages(tinyBase));
    expect(await weightsOf(dir)).toBe(await weightsOf(whole));
    expect(await metricsOf(dir)).toEqual(await metricsOf(whole));
  });

  test('stops before the weights are harmed when the loss is not finite', async () => {
    const dir = await prepared('infinite');
    const wild = { ...tinyBase, lr: 1e38, warmupSteps: 0, clip: 1e9 };
    await expect(runTiny(dir, tinyStages(wild))).rejects.toMatchObject({
      code: 'LOSS_NOT_FINITE',
      message: expect.stringMatching(/at step \d+.*lower lr/),
    });
  });

  test('refuses epochs for a source that is not there', async () => {
    const dir = await prepared('unknown');
    const stages = tinyStages({ ...tinyBase, epochs: { textse: 2 } });
    await expect(runTiny(dir, stages)).rejects.toMatchObject({ code: 'SOURCE_UNKNOWN' });
  });

  test('sees each source as often as the mix of the corpus says, the recipe before it, 0 not at all', async () => {
    const dir = join(root, 'mix');
    const base = { ...tinyBase, steps: 2, epochs: { fiches: 5 }, shuffleWindow: 3 };
    await runTiny(dir, tinyStages(base, undefined, tinyMix({ textes: 2.5, fiches: 3, pays: 0 })));
    const order = JSON.parse(await readFile(join(dir, '04-base', 'order.json'), 'utf8'));
    expect(order.shuffleWindow).toBe(3);
    expect(order.sources.map(({ name, epochs }: OrderSpec['sources'][number]) => [name, epochs])).toEqual([
      ['fiches', 5],
      ['textes', 2.5],
    ]);
    const without = JSON.parse(await readFile(join(whole, '04-base', 'order.json'), 'utf8'));
    expect(without.sources.map(({ epochs }: { epochs: number }) => epochs)).toEqual([1, 1, 1]);
    expect(without).not.toHaveProperty('shuffleWindow');
  });

  test('refuses a mix that leaves nothing, and one that is damaged', async () => {
    const nothing = tinyMix({ textes: 0, fiches: 0, pays: 0 });
    const run = (mix: Mix) => runTiny(join(root, 'no-mix'), tinyStages(tinyBase, undefined, mix));
    await expect(run(nothing)).rejects.toMatchObject({ code: 'NOTHING_TO_TRAIN_ON' });
    await expect(run({ ...nothing, tokens: -1 })).rejects.toMatchObject({ code: 'MIX_DAMAGED' });
  });

  test('holds as many tensors after each step as after the first, and none in the end', async () => {
    const before = liveTensors();
    const held: number[] = [];
    const options = { ...tinyBase, checkpointEvery: 1 };
    await runTiny(await prepared('memory'), tinyStages(options), { onStep: () => held.push(liveTensors()) });
    expect(held).toEqual(Array.from({ length: 16 }, () => held[0]));
    expect(liveTensors()).toBe(before);
  });
});

describe('explainStep', () => {
  test('names the documents whose tokens a step saw', async () => {
    const rows = await explainStep(whole, 3);
    expect(rows).toHaveLength(4);
    const known = new Set(tinyDocuments().map(({ id }) => id));
    for (const row of rows) {
      expect(row.documents.reduce((sum, { tokens }) => sum + tokens, 0)).toBe(33);
      for (const { id } of row.documents) expect(known.has(id) && id.startsWith(`${row.source}/`)).toBe(true);
      using shard = Shard.open(join(whole, '03-tokens', row.source));
      const first = shard.documentIds()[shard.documentAt(row.start)];
      expect(row.documents[0]!.id).toBe(first);
      // Every document but the last ends inside the row, with its end token.
      const tokens = shard.read(row.start, 33);
      let at = 0;
      for (const { tokens: count } of row.documents.slice(0, -1)) expect(tokens[(at += count) - 1]).toBe(1);
    }
  });

  test('is about the same run at any step, and refuses nonsense', async () => {
    expect(await explainStep(whole, 3)).toEqual(await explainStep(whole, 3));
    expect(await explainStep(whole, 4)).not.toEqual(await explainStep(whole, 3));
    await expect(explainStep(whole, -1)).rejects.toMatchObject({ code: 'STEP_OUT_OF_RANGE', exitCode: 2 });
    await expect(explainStep(join(root, 'nowhere'), 0)).rejects.toMatchObject({ code: 'NO_BASE_STAGE' });
  });
});
