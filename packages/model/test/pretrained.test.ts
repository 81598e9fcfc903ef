import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { scope } from '@lucie/torch';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fromFloat32, toFloat32 } from '../src/half.ts';
import { Llama } from '../src/llama.ts';
import { loadPretrained, savePretrained } from '../src/pretrained.ts';
import { readSafetensors, type SafetensorsEntry, writeSafetensors } from '../src/safetensors.ts';
import { idTensor, tinyConfig } from './model.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'pretrained-'));
});
afterEach(() => rm(dir, { recursive: true }));

const text = [[1, 2, 3, 4]];
const logits = (model: Llama) => scope(() => model.logits(idTensor(text)).toFloat32Array());

async function saved(change = {}): Promise<Float32Array> {
  using model = Llama.init(tinyConfig({ eos_token_id: 1, ...change }), { seed: 8 });
  await savePretrained(dir, model, { stopIds: [5, 1] });
  return logits(model);
}

async function changeTensors(change: (tensors: Map<string, SafetensorsEntry>) => void): Promise<void> {
  const path = join(dir, 'model.safetensors');
  const tensors = await readSafetensors(path);
  change(tensors);
  await writeSafetensors(path, tensors);
}

describe('a saved model', () => {
  test.each([[false], [true]])('comes back with the same logits (tied: %s)', async (tie_word_embeddings) => {
    const before = await saved({ tie_word_embeddings });
    using model = await loadPretrained(dir);
    expect(logits(model)).toEqual(before);
    expect(model.config.tie_word_embeddings).toBe(tie_word_embeddings);
    const generation = JSON.parse(await readFile(join(dir, 'generation_config.json'), 'utf8'));
    expect(generation.eos_token_id).toEqual([5, 1]);
  });

  test('in half precision comes back near', async () => {
    const before = await saved();
    await changeTensors((tensors) => {
      for (const [name, entry] of tensors)
        tensors.set(name, fromFloat32(toFloat32(entry), entry.shape, 'F16'));
    });
    using model = await loadPretrained(dir);
    const after = logits(model);
    const worst = Math.max(...after.map((value, i) => Math.abs(value - before[i]!)));
    expect(worst).toBeGreaterThan(0);
    expect(worst).toBeLessThan(0.05);
  });

  test('a tied model with the output matrix written out is accepted', async () => {
    const before = await saved({ tie_word_embeddings: true });
    await changeTensors((tensors) => {
      tensors.set('lm_head.weight', tensors.get('model.embed_tokens.weight')!);
    });
    using model = await loadPretrained(dir);
    expect(logits(model)).toEqual(before);
  });
});

describe('a foreign folder is refused', () => {
  const norm = 'model.norm.weight';
  test.each<[string, (tensors: Map<string, SafetensorsEntry>) => void, string]>([
    ['a missing tensor', (t) => t.delete(norm), `no ${norm}`],
    ['an extra tensor', (t) => t.set('score.weight', t.get(norm)!), 'unknown score.weight'],
    ['another shape', (t) => t.set(norm, fromFloat32(new Float32Array(15), [15])), '[15] instead of [16]'],
    [
      'another type',
      (t) => t.set(norm, { dtype: 'I32', shape: [16], bytes: new Uint8Array(64) }),
      'of type I32',
    ],
  ])('%s', async (_name, change, words) => {
    await saved();
    await changeTensors(change);
    await expect(loadPretrained(dir)).rejects.toMatchObject({
      code: 'CHECKPOINT_FOREIGN',
      message: expect.stringContaining(words),
    });
  });

  test('another architecture, a broken config, a missing or cut file', async () => {
    await expect(loadPretrained(dir)).rejects.toMatchObject({ code: 'MODEL_MISSING' });
    await saved();
    const path = join(dir, 'config.json');
    const config = await readFile(path, 'utf8');
    await writeFile(path, config.replace('LlamaForCausalLM', 'MistralForCausalLM'));
    await expect(loadPretrained(dir)).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
    await writeFile(path, config.slice(0, 50));
    await expect(loadPretrained(dir)).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
    await writeFile(path, config);
    await truncate(join(dir, 'model.safetensors'), 5000);
    await expect(loadPretrained(dir)).rejects.toMatchObject({ code: 'SAFETENSORS_TRUNCATED' });
    await rm(join(dir, 'model.safetensors'));
    await expect(loadPretrained(dir)).rejects.toMatchObject({ code: 'MODEL_MISSING' });
  });
});
