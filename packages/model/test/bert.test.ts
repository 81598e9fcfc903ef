import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Random } from '@lucie/ledger';
import { noGrad, ops, scope, Tensor } from '@lucie/torch';
import { describe, expect, test } from 'vitest';
import { Bert } from '../src/bert.ts';
import { type BertConfig, bertParameterShapes } from '../src/bert-config.ts';
import { toFloat32 } from '../src/half.ts';
import { Lora } from '../src/lora.ts';
import { readSafetensors } from '../src/safetensors.ts';
import { idTensor } from './model.ts';

// A tiny random BERT of PyPI's transformers with what its last layer leaves: recorded by
// bench/release/record-bert-hidden.py, versions in the folder's provenance.json.
const fixture = join(import.meta.dirname, 'fixtures/huggingface/bert');
const json = (name: string) => JSON.parse(readFileSync(join(fixture, name), 'utf8'));
const config = json('config.json') as BertConfig;
const { ids, lengths } = json('ids.json') as { ids: number[][]; lengths: number[] };
const entries = await readSafetensors(join(fixture, 'model.safetensors'));

function recorded(dtype: 'float32' | 'float64' = 'float32'): Bert {
  const parameters = new Map(
    [...bertParameterShapes(config)].map(([name, shape]) => {
      const values = toFloat32(entries.get(name)!);
      return [name, Tensor.from(dtype === 'float64' ? Float64Array.from(values) : values, shape)];
    }),
  );
  return new Bert(config, parameters);
}

/** The values of the rows' real tokens. */
function real(values: ArrayLike<number>): number[] {
  const { hidden_size: width } = config;
  const time = ids[0]!.length;
  return lengths.flatMap((length, row) =>
    Array.from({ length: length * width }, (_, i) => values[row * time * width + i]!),
  );
}

const worst = (a: number[], b: number[]) => Math.max(...a.map((value, i) => Math.abs(value - b[i]!)));

describe('the encoder', () => {
  const hidden = new Float32Array(new Uint8Array(readFileSync(join(fixture, 'hidden.f32'))).buffer);

  test('equals that of Hugging Face, in rows of two lengths', () => {
    using model = recorded();
    const ours = scope(() => noGrad(() => model.hidden(idTensor(ids), lengths).toFloat32Array()));
    expect(real(ours).length).toBe((6 + 4) * 12);
    // Measured 2e-6 with values up to 4: what float32 leaves.
    expect(worst(real(ours), real(hidden))).toBeLessThan(1e-5);
  });

  test('in bfloat16 is near it, and gives back float32', () => {
    using model = recorded();
    const pass = { compute: 'bfloat16' } as const;
    const ours = scope(() => noGrad(() => model.hidden(idTensor(ids), lengths, pass).toFloat32Array()));
    const error = worst(real(ours), real(hidden));
    // 8 bits of mantissa: 2⁻⁸ of values up to 4 in each of a dozen products.
    expect(error).toBeLessThan(0.15);
    expect(error).toBeGreaterThan(1e-4);
  });

  test('gives a row the same alone as padded beside a longer one', () => {
    using model = recorded('float64');
    const run = (rows: number[][], counts: number[]) =>
      scope(() => noGrad(() => model.hidden(idTensor(rows), counts).toFloat64Array()));
    const together = real(run(ids, lengths)).slice(6 * 12);
    expect(worst([...run([ids[1]!.slice(0, 4)], [4])], together)).toBeLessThan(1e-12);
  });

  test('drops values only when asked to, differently from row to row', () => {
    using model = recorded();
    const run = (dropout: number) =>
      scope(() => noGrad(() => [...model.hidden(idTensor(ids), lengths, { dropout }).toFloat32Array()]));
    expect(run(0)).toEqual(run(0));
    expect(run(0.5)).not.toEqual(run(0.5));
  });

  test('refuses texts beyond its positions and parameters that are not its own', () => {
    using model = recorded();
    const long = [Array.from({ length: 10 }, () => 1)];
    expect(() => scope(() => model.hidden(idTensor(long), [10]))).toThrow(/10 tokens/);
    expect(() =>
      scope(() => new Bert({ ...config, intermediate_size: 21 }, new Map(model.parameters))),
    ).toThrow(expect.objectContaining({ code: 'BERT_PARAMETERS' }));
    expect(() => scope(() => new Bert(config, new Map()))).toThrow(/no embeddings.word_embeddings.weight/);
  });
});

test('gradients equal finite differences in every parameter that real tokens use', () => {
  using model = recorded('float64');
  const random = new Random(5, 'bert');
  const weights = Float64Array.from({ length: 2 * 6 * 12 }, () => random.normal());
  // What stands behind a row's end counts for nothing.
  weights.fill(0, (6 + 4) * 12);
  const loss = () => ops.sum(ops.mul(model.hidden(idTensor(ids), lengths), Tensor.from(weights, [2, 6, 12])));
  for (const tensor of model.parameters.values()) tensor.requiresGrad = true;
  scope(() => loss().backward());
  for (const [name, tensor] of model.parameters) {
    const gradient = scope(() => tensor.grad!.toFloat64Array());
    const values = tensor.toFloat64Array();
    for (let i = 0; i < 3; i++) {
      // Token 7 is in the text, positions 0 and 1 are.
      const index = random.below(Math.min(values.length, 12)) + (name.includes('word') ? 7 * 12 : 0);
      const at = (value: number) => {
        const changed = values.slice();
        changed[index] = value;
        noGrad(() => tensor.copyFromBytes(changed));
        return scope(() => noGrad(() => loss().item()));
      };
      const numeric = (at(values[index]! + 1e-5) - at(values[index]! - 1e-5)) / 2e-5;
      noGrad(() => tensor.copyFromBytes(values));
      const error = Math.abs(gradient[index]! - numeric);
      expect(error, `${name}[${index}]`).toBeLessThan(1e-7 + 1e-6 * Math.abs(numeric));
    }
  }
});

describe('low-rank adapters', () => {
  const name = 'encoder.layer.0.output.dense.weight';
  const make = (model: Bert) => {
    const base = new Map([[name, model.parameters.get(name)!]]);
    return new Lora(base, { rank: 2, alpha: 6, seed: 3 });
  };
  const lossWith = (model: Bert, weights: Map<string, Tensor>) =>
    ops.sum(ops.square(ops.slice(model.hidden(idTensor(ids), [6, 6], { replaced: weights }), { end: 1 })));

  test('start as nothing: the matrix is the model’s own', () => {
    using model = recorded();
    using lora = make(model);
    scope(() => {
      expect(ops.equal(lora.step().weights.get(name)!, model.parameters.get(name)!)).toBe(true);
      expect([...lora.parameters.keys()]).toEqual([`${name}.lora_A`, `${name}.lora_B`]);
      expect(lora.pairs.get(name)!.a.shape).toEqual([2, 20]);
      const largest = Math.max(...lora.pairs.get(name)!.a.toFloat32Array().map(Math.abs));
      expect(largest).toBeLessThan(1 / Math.sqrt(20));
      expect(largest).toBeGreaterThan(0.8 / Math.sqrt(20));
    });
  });

  test('run as W + (alpha / rank)·B·A, rounded; gradients are those of the rounded matrix, passed on', () => {
    using model = recorded();
    using lora = make(model);
    const { a, b } = lora.pairs.get(name)!;
    const random = new Random(8);
    noGrad(() => b.copyFromBytes(Float32Array.from({ length: 24 }, () => 0.1 * random.normal())));
    const round = (values: Float32Array) => values.map((value) => Math.round(value * 4) / 4);
    scope(() => {
      const step = lora.step(round);
      const used = step.weights.get(name)!;
      const [W, A, B] = [model.parameters.get(name)!, a, b].map((t) => t.toFloat32Array()) as [
        Float32Array,
        Float32Array,
        Float32Array,
      ];
      const merged = W.map((w, i) => {
        const [row, column] = [Math.floor(i / 20), i % 20];
        return w + 3 * (B[row * 2]! * A[column]! + B[row * 2 + 1]! * A[20 + column]!);
      });
      const off = used.toFloat32Array().filter((value, i) => Math.abs(value - round(merged)[i]!) > 1e-6);
      expect(off.length).toBe(0);
      // Twice, as two micro-batches do.
      for (let i = 0; i < 2; i++) lossWith(model, step.weights).backward();
      step.backward();
      const grad = used.grad!;
      const forA = ops.mul_Scalar(ops.mm(ops.t(b), grad), 3);
      const forB = ops.mul_Scalar(ops.mm(grad, ops.t(a)), 3);
      expect(ops.allclose(a.grad!, forA, { rtol: 1e-5, atol: 1e-6 })).toBe(true);
      expect(ops.allclose(b.grad!, forB, { rtol: 1e-5, atol: 1e-6 })).toBe(true);
      expect(ops.max(ops.abs(forB)).item()).toBeGreaterThan(1e-3);
    });
  });

  test('without rounding the loss falls along the gradient as it foretells', () => {
    using model = recorded();
    using lora = make(model);
    const { b } = lora.pairs.get(name)!;
    const loss = () => scope(() => noGrad(() => lossWith(model, lora.step().weights).item()));
    scope(() => {
      const step = lora.step();
      lossWith(model, step.weights).backward();
      step.backward();
    });
    const before = loss();
    const gradient = scope(() => b.grad!.toFloat32Array());
    const square = gradient.reduce((sum, g) => sum + g * g, 0);
    const rate = 0.01 / Math.sqrt(square);
    noGrad(() => b.copyFromBytes(b.toFloat32Array().map((value, i) => value - rate * gradient[i]!)));
    expect((before - loss()) / (rate * square)).toBeCloseTo(1, 1);
  });
});
