import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Engine, readGguf } from '@lucie/inference';
import { sha256File, silent } from '@lucie/ledger';
import { parameterShapes } from '@lucie/model';
import { expect, test } from 'vitest';
import { ensureModel, hundredMillion, nineMillion } from '../serve/make-model.ts';
import { DRAWN, GREEDY } from '../serve/workload.ts';

const parameters = (model: typeof hundredMillion) =>
  [...parameterShapes(model.config).values()].reduce(
    (sum, shape) => sum + shape.reduce((a, b) => a * b, 1),
    0,
  );

test('the models are as big as they are called', () => {
  expect(parameters(hundredMillion) / 1e6).toBeCloseTo(101, 0);
  expect(parameters(nineMillion) / 1e6).toBeCloseTo(9.6, 0);
  expect(hundredMillion.config.max_position_embeddings).toBeGreaterThanOrEqual(8192);
});

test('a made model is the same twice, and writes whole characters until it is stopped', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'lucie-bench-model-'));
  const tiny = {
    name: 'tiny',
    config: { ...nineMillion.config, vocab_size: 1024, hidden_size: 64, head_dim: 16, intermediate_size: 64 },
    words: 3000,
  };
  try {
    const paths = await Promise.all(
      ['a', 'b'].map((name) => ensureModel(tiny, { progress: silent, dir: join(dir, name) })),
    );
    expect(await sha256File(paths[0]!)).toBe(await sha256File(paths[1]!));
    expect(await readdir(join(dir, 'a'))).toHaveLength(1);
    expect(await ensureModel(tiny, { progress: silent, dir: join(dir, 'a') })).toBe(paths[0]);

    const { tensors } = readGguf(paths[0]!);
    expect(tensors.find(({ name }) => name === 'output.weight')!.shape).toEqual([64, 1024]);
    await using engine = await Engine.load(paths[0]!, { threads: 1, contextSize: 512, trial: false });
    for (const { temperature, topK } of [
      { temperature: GREEDY.temperature, topK: 0 },
      { temperature: DRAWN.temperature, topK: DRAWN.top_k },
    ]) {
      const answer = engine.generate({ prompt: 'Le conseil', maxTokens: 300, temperature, topK });
      const text = await answer.text();
      expect(answer.completionTokens).toBe(300);
      expect(answer.finishReason).toBe('length');
      expect(text).not.toContain('\ufffd');
    }
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
});
