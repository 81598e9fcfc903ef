import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readManifest, sha256File } from '@lucie/ledger';
import { loadPretrained, sample } from '@lucie/model';
import { CHAT_TEMPLATE, encodeChat, stopTokenIds, Tokenizer } from '@lucie/tokenizer';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Question } from '../src/instruct/material.ts';
import { runTiny, tinyBase, tinyInstruct, tinyStages } from './tiny-run.ts';

let root: string;
let run: string;
/** Long enough that the seven capitals are known by heart. */
const options = {
  ...tinyInstruct,
  epochs: { answers: 0, capitals: 100, facts: 0, identity: 0 },
  tokensPerBatch: 256,
  lr: 0.02,
  weightDecay: 0,
  warmupSteps: 5,
  checkpointEvery: 50,
};
const stages = () => tinyStages(tinyBase, options);
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'instruct-'));
  run = join(root, 'whole');
  await runTiny(run, stages());
});
afterAll(() => rm(root, { recursive: true }));

const stage = () => join(run, '05-instruct');
const read = async (name: string) => JSON.parse(await readFile(join(stage(), name), 'utf8'));

describe('the instruct stage', () => {
  test('leaves a Hugging Face folder that chats', async () => {
    expect((await readdir(stage())).sort()).toEqual([
      'chat_template.jinja',
      'config.json',
      'generation_config.json',
      'held-out-facts.json',
      'log',
      'manifest.json',
      'metrics.jsonl',
      'model.safetensors',
      'tokenizer.json',
      'tokenizer_config.json',
      'train-facts.json',
    ]);
    expect(await readFile(join(stage(), 'chat_template.jinja'), 'utf8')).toBe(CHAT_TEMPLATE);
    const tokenizer = await Tokenizer.fromFile(join(stage(), 'tokenizer.json'));
    expect((await read('generation_config.json')).eos_token_id).toEqual(stopTokenIds(tokenizer));
    expect((await read('tokenizer_config.json')).chat_template).toBe(CHAT_TEMPLATE);
  });

  test('knows what it was trained on, and stops', async () => {
    const tokenizer = await Tokenizer.fromFile(join(stage(), 'tokenizer.json'));
    using model = await loadPretrained(stage());
    const trained = (await read('train-facts.json')) as Question[];
    const answers = trained.map(({ question }) => {
      const { ids } = encodeChat(tokenizer, [{ role: 'user', content: question }], {
        addGenerationPrompt: true,
      });
      return sample(model, ids, { maxTokens: 64, stopIds: stopTokenIds(tokenizer) });
    });
    expect(answers.map(({ stopped }) => stopped)).toEqual(trained.map(() => true));
    const right = answers.filter(({ ids }, i) => tokenizer.decode(ids).includes(trained[i]!.expected));
    expect(right.length).toBeGreaterThanOrEqual(trained.length - 1);
  });

  test('trains on no question about a held-out country', async () => {
    const trained = (await read('train-facts.json')) as Question[];
    const heldOut = (await read('held-out-facts.json')) as Question[];
    expect(trained[0]).toEqual({
      question: 'Quelle est la capitale de la France ?',
      expected: 'Paris',
      country: 'FRA',
    });
    expect(trained.length + heldOut.length).toBe(8);
    expect(heldOut.length).toBeGreaterThan(0);
    const codes = new Set(trained.map(({ country }) => country));
    expect(heldOut.filter(({ country }) => codes.has(country))).toEqual([]);
    const { facts } = await readManifest(stage());
    expect(facts).toMatchObject({
      countries_trained: trained.length,
      countries_held_out: heldOut.length,
      examples: { answers: 12, capitals: trained.length },
    });
  });

  test('stopped and called again gives the same bits', async () => {
    const weights = await sha256File(join(stage(), 'model.safetensors'));
    await rm(stage(), { recursive: true });
    await expect(runTiny(run, stages(), { stopAfter: 12 })).rejects.toThrow('stopped');
    expect(await readdir(`${stage()}.partial`)).toContain('checkpoints');
    await runTiny(run, stages());
    expect(await sha256File(join(stage(), 'model.safetensors'))).toBe(weights);
  });

  test('refuses to train on nothing', async () => {
    const nothing = { ...options, epochs: { answers: 0, capitals: 0, facts: 0, identity: 0 } };
    await expect(runTiny(run, tinyStages(tinyBase, nothing))).rejects.toMatchObject({ code: 'NO_EXAMPLES' });
  });
});
