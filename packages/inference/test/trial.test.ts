import { randomUUID } from 'node:crypto';
import { copyFile, mkdtemp, readdir, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tinyConfig, tinyTokens, writeTinyGguf } from '../../release/test/tiny-model.ts';
import { Engine, string, strings } from '../src/index.ts';
import { keepNewest } from '../src/models/keep-newest.ts';
import { Trial, tryModel } from '../src/models/trial.ts';
import { rememberTrial, trialRemembered } from '../src/models/trial-memory.ts';
import { families } from './chat-families.ts';
import { writeFamilyGguf } from './family-model.ts';

let dir: string;
let path: string;
const config = tinyConfig({ hidden_size: 32, num_hidden_layers: 1 });
const options = { threads: 1, sequences: 1, contextSize: 64 };

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'lucie-trial-'));
  path = await writeTinyGguf(dir, { config });
});

afterAll(() => rm(dir, { recursive: true }));

const refused = (reason: RegExp) =>
  expect.objectContaining({ code: 'MODEL_REFUSED', message: expect.stringMatching(reason) });

/** llama.cpp stops the process with a failed assertion when two tokens have the same text. */
async function writeDeadly(): Promise<string> {
  const tokens = [...tinyTokens];
  tokens[20] = tokens[21]!;
  return await writeTinyGguf(join(dir, 'deadly'), {
    config,
    metadata: new Map([['tokenizer.ggml.tokens', strings(tokens)]]),
  });
}

describe('a trial', () => {
  test('passes what runs', async () => {
    await tryModel(path);
  });

  test('tells what llama.cpp says against a file', async () => {
    const lacking = await writeTinyGguf(join(dir, 'lacking'), {
      config,
      change: (source) => ({ ...source, name: source.name.replace('ffn_up', 'ffn_out') }),
    });
    await expect(tryModel(lacking)).rejects.toEqual(refused(/blk\.0\.ffn_up\.weight/));
  });

  test('outlives a crash, tells its cause, and tries the next file', async () => {
    await using trial = new Trial();
    await trial.try(path);
    await expect(trial.try(await writeDeadly())).rejects.toEqual(refused(/SIGABRT.*GGML_ASSERT/));
    await trial.try(path);
    expect(trial.started).toBe(2);
  });

  test('ends one that hangs, or that takes too much memory', async () => {
    await expect(tryModel(path, { timeMs: 1 })).rejects.toEqual(refused(/not done after 0\.001 s/));
    await expect(tryModel(path, { memoryBytes: 2 ** 20 })).rejects.toEqual(refused(/took more than 1 MiB/));
  });

  test('finds a template that does not end', async () => {
    for (const [name, when] of [
      ['endless', 'true'],
      ['later', 'messages|length > 1'],
      ['without', 'not add_generation_prompt'],
    ]) {
      const loop = '{% for i in range(30000) %}{% for j in range(30000) %}{% endfor %}{% endfor %}';
      const endless = await writeFamilyGguf(join(dir, name!), {
        ...families.chatml,
        template: `{% if ${when} %}${loop}{% endif %}`,
      });
      await expect(tryModel(endless)).rejects.toEqual(refused(/template that is not done/));
    }
  });
});

describe('loading', () => {
  test('tries a file once, and again when it is another', async () => {
    const named = (name: string) => new Map([['general.name', string(name)]]);
    const fresh = await writeTinyGguf(join(dir, 'fresh'), { config, metadata: named(randomUUID()) });
    expect(trialRemembered(fresh)).toBe(false);
    await (await Engine.load(fresh, options)).close();
    expect(trialRemembered(fresh)).toBe(true);
    // The same bytes under another name are the same model.
    await copyFile(fresh, join(dir, 'copy.gguf'));
    expect(trialRemembered(join(dir, 'copy.gguf'))).toBe(true);
    await writeTinyGguf(join(dir, 'fresh'), { config, metadata: named(randomUUID()) });
    expect(trialRemembered(fresh)).toBe(false);
  });

  test('does not remember what was refused', async () => {
    const lacking = join(dir, 'lacking', 'tiny.gguf');
    await expect(Engine.load(lacking, options)).rejects.toEqual(refused(/ffn_up/));
    expect(trialRemembered(lacking)).toBe(false);
  });

  test('of what has passed the newest are remembered', async () => {
    const folder = await mkdtemp(join(dir, 'memory-'));
    for (const [i, name] of ['b', 'd', 'a', 'c'].entries()) {
      await writeFile(join(folder, name), '');
      await utimes(join(folder, name), i + 1, i + 1);
    }
    keepNewest(folder, 4);
    expect(await readdir(folder)).toHaveLength(4);
    keepNewest(folder, 2);
    expect((await readdir(folder)).sort()).toEqual(['a', 'c']);
  });

  test('a large file is known by its times instead of its bytes', async () => {
    const large = join(dir, 'large.bin');
    await writeFile(large, randomUUID());
    await truncate(large, 40_000_000);
    rememberTrial(large);
    expect(trialRemembered(large)).toBe(true);
    await truncate(large, 40_000_001);
    expect(trialRemembered(large)).toBe(false);
  });

  test('a file that is cut while it is served goes on answering', async () => {
    const served = join(dir, 'served.gguf');
    await copyFile(path, served);
    await using engine = await Engine.load(served, options);
    const say = () =>
      engine
        .generate({ prompt: 'Un', maxTokens: 16, temperature: 0, stopIds: [], cachePrompt: false })
        .text();
    const before = await say();
    await truncate(served, 0);
    expect(await say()).toBe(before);
  });
});
