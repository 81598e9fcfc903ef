import { Random } from '@lucie/ledger';
import { ops, scope, Tensor } from '@lucie/torch';
import { describe, expect, test } from 'vitest';
import { type LlamaConfigInput, parseConfig } from '../src/config.ts';
import { Llama } from '../src/llama.ts';
import { idTensor, tinyConfig } from './model.ts';

/** What Hugging Face and PyTorch leave out of a loss. */
const IGNORE = -100;
const ids = [
  [3, 1, 4, 1, 5],
  [9, 2, 6, 5, 36],
];
const targets = [
  [1, 4, IGNORE, 5, 9],
  [2, 6, 5, 36, IGNORE],
];

function lossOf(model: Llama): number {
  return scope(() => model.loss(idTensor(ids), idTensor(targets)).item());
}

function gradientsOf(model: Llama): Map<string, Float64Array> {
  return scope(() => {
    model.loss(idTensor(ids), idTensor(targets)).backward();
    return new Map([...model.parameters].map(([name, tensor]) => [name, tensor.grad!.toFloat64Array()]));
  });
}

/** Central differences in float64: their error is of order step², far below the bound. */
function numericGradient(model: Llama, name: string, index: number): number {
  const step = 1e-5;
  const tensor = model.parameters.get(name)!;
  const values = tensor.toFloat64Array();
  const at = (value: number) => {
    const changed = values.slice();
    changed[index] = value;
    tensor.copyFromBytes(changed);
    return lossOf(model);
  };
  const difference = (at(values[index]! + step) - at(values[index]! - step)) / (2 * step);
  tensor.copyFromBytes(values);
  return difference;
}

describe.each<[string, Partial<LlamaConfigInput>]>([
  ['grouped heads', {}],
  ['tied embeddings', { tie_word_embeddings: true }],
  ['one key-value head, wide heads', { num_key_value_heads: 1, head_dim: 6 }],
  ['as many key-value heads as heads, one layer', { num_key_value_heads: 4, num_hidden_layers: 1 }],
])('gradients of a model with %s', (_name, change) => {
  test('equal finite differences in every parameter', () => {
    using model = Llama.init(tinyConfig(change), { seed: 11, dtype: 'float64' });
    const random = new Random(5, 'indices');
    const gradients = gradientsOf(model);
    for (const [name, gradient] of gradients) {
      for (let i = 0; i < 4; i++) {
        const index = name.includes('embed_tokens')
          ? ids[0]![i]! * 16 + random.below(16)
          : random.below(gradient.length);
        const numeric = numericGradient(model, name, index);
        const error = Math.abs(gradient[index]! - numeric);
        expect(error, `${name}[${index}]`).toBeLessThan(1e-8 + 1e-5 * Math.abs(numeric));
      }
      expect(
        gradient.some((value) => Math.abs(value) > 1e-6),
        name,
      ).toBe(true);
    }
  });
});

describe('the two uses of tied embeddings', () => {
  test('add up: the gradient is that of lookup plus that of output', () => {
    const tied = tinyConfig({ tie_word_embeddings: true });
    const free = parseConfig({ ...tied, tie_word_embeddings: false });
    using one = Llama.init(tied, { seed: 3, dtype: 'float64' });
    using two = Llama.init(free, { seed: 3, dtype: 'float64' });
    two.parameters
      .get('lm_head.weight')!
      .copyFromBytes(one.parameters.get('model.embed_tokens.weight')!.toBytes());
    expect(lossOf(one)).toBeCloseTo(lossOf(two), 12);
    const together = gradientsOf(one).get('model.embed_tokens.weight')!;
    const apart = gradientsOf(two);
    const lookup = apart.get('model.embed_tokens.weight')!;
    const output = apart.get('lm_head.weight')!;
    for (const [i, value] of together.entries()) expect(value).toBeCloseTo(lookup[i]! + output[i]!, 12);
  });
});

describe('the loss', () => {
  test('is the mean of −log softmax over real targets alone, as logits and losses give it', () => {
    using model = Llama.init(tinyConfig(), { seed: 4, dtype: 'float64' });
    const logits = scope(() => model.logits(idTensor(ids)).toFloat64Array());
    const expected = targets.flat().map((target, row) => {
      if (target === IGNORE) return 0;
      const scores = logits.subarray(row * 37, (row + 1) * 37);
      return Math.log(scores.reduce((sum, z) => sum + Math.exp(z), 0)) - scores[target]!;
    });
    expect(lossOf(model)).toBeCloseTo(expected.reduce((a, b) => a + b) / 8, 12);
    const rows = scope(() => model.losses(idTensor(ids), idTensor(targets)).toFloat64Array());
    for (const [i, value] of expected.entries()) expect(rows[i]).toBeCloseTo(value, 12);
  });

  test('of nothing is not a number', () => {
    using model = Llama.init(tinyConfig(), { seed: 4 });
    expect(scope(() => model.loss(idTensor([[1, 2]]), idTensor([[IGNORE, IGNORE]])).item())).toBeNaN();
  });

  test('starts near that of guessing for a small initialisation', () => {
    using model = Llama.init(tinyConfig({ initializer_range: 0.02 }), { seed: 4 });
    const loss = scope(() => model.loss(idTensor(ids), idTensor(targets)).item());
    expect(Math.abs(loss - Math.log(37))).toBeLessThan(0.05);
  });
});

test('float32 agrees with float64', () => {
  using narrow = Llama.init(tinyConfig(), { seed: 6 });
  using wide = Llama.init(tinyConfig(), { seed: 6, dtype: 'float64' });
  expect(lossOf(narrow)).toBeCloseTo(lossOf(wide), 5);
  const difference = scope(() => {
    const a = narrow.logits(idTensor(ids));
    return ops.max(ops.abs(ops.sub(ops.to(a, 'float64'), wide.logits(idTensor(ids))))).item();
  });
  expect(difference).toBeLessThan(1e-4);
  expect(Tensor.from(new Float32Array(1)).dtype).toBe('float32');
});
