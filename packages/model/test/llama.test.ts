import { Random } from '@lucie/ledger';
import { liveTensors, noGrad, ops, scope, Tensor } from '@lucie/torch';
import { describe, expect, test } from 'vitest';
import { type LlamaConfigInput, parseConfig } from '../src/config.ts';
import { Llama } from '../src/llama.ts';
import { parameterShapes } from '../src/parameters.ts';
import { ropeFrequencies, ropeTable } from '../src/rope.ts';
import { sample } from '../src/sample.ts';
import { idTensor, tinyConfig } from './model.ts';

function logits(model: Llama, rows: number[][]): Float64Array {
  return scope(() => noGrad(() => model.logits(idTensor(rows)).toFloat64Array()));
}

const wide = (change: Partial<LlamaConfigInput> = {}, seed = 2) =>
  Llama.init(tinyConfig(change), { seed, dtype: 'float64' });

function maxDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let worst = 0;
  for (let i = 0; i < a.length; i++) worst = Math.max(worst, Math.abs(a[i]! - b[i]!));
  return worst;
}

describe('causality', () => {
  test('a later token changes nothing before it, and something from it on', () => {
    using model = wide();
    const text = [5, 8, 13, 21, 34, 3, 7];
    const before = logits(model, [text]);
    for (let at = 1; at < text.length; at++) {
      const changed = logits(model, [text.with(at, 30)]);
      expect(maxDifference(before.subarray(0, at * 37), changed.subarray(0, at * 37))).toBe(0);
      const last = (text.length - 1) * 37;
      expect(maxDifference(before.subarray(last), changed.subarray(last))).toBeGreaterThan(1e-3);
    }
  });

  test('rows of a batch do not see each other', () => {
    using model = wide();
    const [a, b] = [
      [1, 2, 3, 4],
      [9, 8, 7, 6],
    ] as const;
    const both = logits(model, [[...a], [...b]]);
    expect(maxDifference(both.subarray(4 * 37), logits(model, [[...b]]))).toBeLessThan(1e-12);
  });
});

describe('grouped-query attention', () => {
  test('equals multi-head attention with repeated key and value heads', () => {
    const grouped = tinyConfig({ num_key_value_heads: 2 });
    const full = parseConfig({ ...grouped, num_key_value_heads: 4 });
    using one = Llama.init(grouped, { seed: 9, dtype: 'float64' });
    const expanded = new Map<string, Tensor>();
    for (const [name, shape] of parameterShapes(full)) {
      const tensor = one.parameters.get(name)!;
      const repeated = /[kv]_proj/.test(name);
      const values = repeated ? repeatHeads(tensor, { heads: 2, times: 2 }) : tensor.toFloat64Array();
      expanded.set(name, Tensor.from(values, shape));
    }
    using two = new Llama(full, expanded);
    const text = [[3, 1, 4, 1, 5, 9, 2, 6]];
    expect(maxDifference(logits(one, text), logits(two, text))).toBeLessThan(1e-12);
  });

  function repeatHeads(tensor: Tensor, opts: { heads: number; times: number }): Float64Array {
    const values = tensor.toFloat64Array();
    const size = values.length / opts.heads;
    const parts = Array.from({ length: opts.heads * opts.times }, (_, head) => {
      const from = Math.floor(head / opts.times) * size;
      return [...values.subarray(from, from + size)];
    });
    return Float64Array.from(parts.flat());
  }
});

describe('rotary positions', () => {
  const config = tinyConfig({ rope_theta: 500 });

  test('frequencies are theta^(−2i/d)', () => {
    const frequencies = ropeFrequencies(tinyConfig({ head_dim: 8, rope_theta: 10_000 }));
    for (const [i, value] of [1, 0.1, 0.01, 0.001].entries()) expect(frequencies[i]).toBeCloseTo(value, 12);
  });

  test('scores depend on the distance alone', () => {
    const random = new Random(1);
    const vector = () => Float64Array.from({ length: 4 }, () => random.normal());
    const [q, k] = [vector(), vector()];
    const scores = scope(() => {
      const { cos, sin } = ropeTable(config, { dtype: 'float64' });
      const turned = (x: Float64Array) => {
        const everywhere = Float64Array.from({ length: 12 * 4 }, (_, i) => x[i % 4]!);
        return ops.view(ops.rope(Tensor.from(everywhere, [1, 12, 1, 4]), cos, sin), [12, 4]);
      };
      return ops.mm(turned(q), ops.t(turned(k))).toFloat64Array();
    });
    const score = (i: number, j: number) => scores[i * 12 + j]!;
    for (const distance of [0, 1, 5]) {
      for (let j = 1; j + distance < 12; j++) {
        expect(score(j + distance, j)).toBeCloseTo(score(distance, 0), 10);
      }
    }
    expect(Math.abs(score(5, 0) - score(1, 0))).toBeGreaterThan(1e-3);
    const plain = q.reduce((sum, x, i) => sum + x * k[i]!, 0);
    expect(score(7, 7)).toBeCloseTo(plain, 10);
  });

  test('the order of earlier tokens matters', () => {
    using model = wide();
    const forwards = logits(model, [[4, 5, 6]]).subarray(2 * 37);
    const swapped = logits(model, [[5, 4, 6]]).subarray(2 * 37);
    expect(maxDifference(forwards, swapped)).toBeGreaterThan(1e-3);
  });

  test('Llama 3.1 rescales slow pairs only', () => {
    const rope_scaling = {
      rope_type: 'llama3' as const,
      factor: 8,
      low_freq_factor: 1,
      high_freq_factor: 4,
      original_max_position_embeddings: 8192,
    };
    // As Meta's reference code puts it, by wavelength: below 8192 / 4 kept, above 8192 / 1 divided by 8, between them
    // interpolated.
    const shape = { head_dim: 128, rope_theta: 500_000, max_position_embeddings: 16 };
    const plain = ropeFrequencies(tinyConfig(shape));
    const scaled = ropeFrequencies(tinyConfig({ ...shape, rope_scaling }));
    for (const [i, frequency] of plain.entries()) {
      const wavelength = (2 * Math.PI) / frequency;
      if (wavelength < 2048) expect(scaled[i]).toBe(frequency);
      else if (wavelength > 8192) expect(scaled[i]).toBeCloseTo(frequency / 8, 15);
      else {
        const smooth = (8192 / wavelength - 1) / 3;
        expect(scaled[i]).toBeCloseTo((1 - smooth) * (frequency / 8) + smooth * frequency, 15);
      }
    }
    expect(scaled.at(-1)).toBeCloseTo(plain.at(-1)! / 8, 15);
  });
});

describe('limits', () => {
  test('a text longer than the context is refused', () => {
    using model = wide();
    const long = Array.from({ length: 33 }, () => 1);
    expect(() => scope(() => model.logits(idTensor([long])))).toThrow(
      expect.objectContaining({ code: 'CONTEXT_TOO_LONG' }),
    );
  });

  test('nothing leaks: tensors and their number stay the same over steps', () => {
    const before = liveTensors();
    {
      using model = wide();
      const held = liveTensors();
      for (let i = 0; i < 3; i++) {
        scope(() => model.loss(idTensor([[1, 2, 3]]), idTensor([[2, 3, 4]])).backward());
        for (const parameter of model.parameters.values()) parameter.grad = undefined;
        expect(liveTensors()).toBe(held);
      }
    }
    expect(liveTensors()).toBe(before);
  });
});

describe('sample', () => {
  test('follows the likeliest id, stops at stop ids and at the context’s end', () => {
    using model = wide();
    const { ids, stopped } = sample(model, [1, 2], { maxTokens: 5, stopIds: [] });
    expect([ids.length, stopped]).toEqual([5, false]);
    const text = [1, 2];
    for (const id of ids) {
      const last = logits(model, [text]).slice(-37);
      expect(id).toBe(last.indexOf(Math.max(...last)));
      text.push(id);
    }
    const cut = ids.indexOf(ids[2]!);
    const again = sample(model, [1, 2], { maxTokens: 5, stopIds: [ids[2]!] });
    expect(again).toEqual({ ids: ids.slice(0, cut), stopped: true });
    expect(sample(model, [1, 2], { maxTokens: 500, stopIds: [] }).ids).toHaveLength(30);
  });

  test('draws reproducibly and in the model’s proportions', () => {
    using model = wide({ num_hidden_layers: 1 });
    const options = { maxTokens: 8, stopIds: [], temperature: 1 };
    const drawn = sample(model, [3], { ...options, seed: 1 });
    expect(sample(model, [3], { ...options, seed: 1 })).toEqual(drawn);
    expect(sample(model, [3], { ...options, seed: 2 })).not.toEqual(drawn);
    const scores = logits(model, [[3]]);
    const total = scores.reduce((sum, z) => sum + Math.exp(z), 0);
    const counts = new Float64Array(37);
    for (let seed = 0; seed < 1500; seed++) {
      counts[sample(model, [3], { ...options, maxTokens: 1, seed }).ids[0]!]!++;
    }
    for (const [id, count] of counts.entries()) {
      const share = Math.exp(scores[id]!) / total;
      expect(Math.abs(count / 1500 - share)).toBeLessThan(5 * Math.sqrt(share / 1500) + 0.002);
    }
  });
});
