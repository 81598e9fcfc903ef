import { ops, scope, setThreads, Tensor } from '@lucie/torch';
import { describe, expect, test } from 'vitest';
import { gradientError } from './support/grad-check.ts';
import { difference, randomIds, randomTensor } from './support/random-tensor.ts';

/**
 * Every kernel of ours against the same formula in libtorch's own operators, forward and gradients. float32 results
 * are sums of up to 512 products in another order: 2e-6 of the largest value (16 units in the last place) is the
 * tolerance unless a case says otherwise; float64 gradients agree with finite differences to 1e-7.
 */
const FLOAT32 = 2e-6;
const FINITE = 1e-7;

interface Case {
  name: string;
  inputs: (dtype: 'float32' | 'float64', large: boolean) => Tensor[];
  ours: (inputs: Tensor[]) => Tensor[];
  plain: (inputs: Tensor[]) => Tensor[];
}

const angles = (length: number, half: number, dtype: 'float32' | 'float64') => {
  const t = randomTensor([length, half], 99, { dtype, scale: 3 });
  return [ops.cos(t), ops.sin(t)] as const;
};

function plainNorm(x: Tensor, weight: Tensor, eps: number): Tensor {
  const mean = ops.mean_dim(ops.mul(x, x), [-1], { keepdim: true });
  return ops.mul(ops.mul(x, ops.rsqrt(ops.add_Scalar(mean, eps))), weight);
}

function plainRope(x: Tensor, cos: Tensor, sin: Tensor): Tensor {
  const [a, b] = ops.chunk(x, 2, { dim: -1 }) as [Tensor, Tensor];
  const length = x.shape[1]!;
  const c = ops.unsqueeze(ops.slice(cos, { end: length }), 1);
  const s = ops.unsqueeze(ops.slice(sin, { end: length }), 1);
  const first = ops.sub(ops.mul(a, c), ops.mul(b, s));
  return ops.cat([first, ops.add(ops.mul(b, c), ops.mul(a, s))], { dim: -1 });
}

function plainAttention(q: Tensor, k: Tensor, v: Tensor, lengths?: readonly number[]): Tensor {
  const [queries, heads, dim] = q.shape.slice(1) as [number, number, number];
  const [keys, groups] = k.shape.slice(1) as [number, number];
  const spread = (x: Tensor) => ops.repeat_interleave(ops.transpose(x, 1, 2), heads / groups, { dim: 1 });
  const scores = ops.mul_Scalar(
    ops.matmul(ops.transpose(q, 1, 2), ops.transpose(spread(k), 2, 3)),
    1 / Math.sqrt(dim),
  );
  const unseen = lengths
    ? Tensor.from(
        Float32Array.from(lengths.flatMap((n) => Array.from({ length: keys }, (_, i) => (i < n ? 0 : 1)))),
        [lengths.length, 1, 1, keys],
      )
    : ops.triu(ops.ones([queries, keys]), { diagonal: 1 + keys - queries });
  const masked = ops.masked_fill(scores, ops.gt(unseen, 0), Number.NEGATIVE_INFINITY);
  return ops.transpose(ops.matmul(ops.softmax(masked, -1), spread(v)), 1, 2);
}

const cases: Case[] = [
  {
    name: 'rms_norm',
    inputs: (dtype, large) => [
      randomTensor(large ? [3, 170, 129] : [3, 5], 1, { dtype }),
      randomTensor([large ? 129 : 5], 2, { dtype }),
    ],
    ours: ([x, w]) => [ops.rms_norm(x!, w!, 1e-5)],
    plain: ([x, w]) => [plainNorm(x!, w!, 1e-5)],
  },
  {
    name: 'add_rms_norm',
    inputs: (dtype, large) => [
      randomTensor(large ? [2, 150, 96] : [3, 5], 1, { dtype }),
      randomTensor(large ? [2, 150, 96] : [3, 5], 2, { dtype }),
      randomTensor([large ? 96 : 5], 3, { dtype }),
    ],
    ours: ([x, r, w]) => ops.add_rms_norm(x!, r!, w!, 1e-6),
    plain: ([x, r, w]) => {
      const sum = ops.add(x!, r!);
      return [plainNorm(sum, w!, 1e-6), sum];
    },
  },
  {
    name: 'rope',
    inputs: (dtype, large) => [randomTensor(large ? [3, 37, 5, 32] : [2, 3, 2, 4], 1, { dtype })],
    ours: ([x]) => {
      const [cos, sin] = angles(40, x!.shape[3]! / 2, x!.dtype as 'float32');
      return [ops.rope(x!, cos, sin)];
    },
    plain: ([x]) => {
      const [cos, sin] = angles(40, x!.shape[3]! / 2, x!.dtype as 'float32');
      return [plainRope(x!, cos, sin)];
    },
  },
  {
    name: 'swiglu',
    inputs: (dtype, large) => [
      randomTensor(large ? [70, 300] : [3, 5], 1, { dtype, scale: 4 }),
      randomTensor(large ? [70, 300] : [3, 5], 2, { dtype }),
    ],
    ours: ([g, u]) => [ops.swiglu(g!, u!)],
    plain: ([g, u]) => [ops.mul(ops.silu(g!), u!)],
  },
  {
    name: 'linears',
    inputs: (dtype, large) => {
      const width = large ? 96 : 4;
      return [
        randomTensor([2, large ? 64 : 3, width], 1, { dtype }),
        randomTensor([large ? 96 : 3, width], 2, { dtype }),
        randomTensor([large ? 48 : 2, width], 3, { dtype }),
      ];
    },
    ours: ([x, a, b]) => ops.linears(x!, [a!, b!]),
    plain: ([x, a, b]) => [ops.linear(x!, a!), ops.linear(x!, b!)],
  },
  // Heads that share keys; lengths around the block of 64 rows and off the vector's width; a cache before the queries.
  ...(
    [
      { batch: 2, queries: 256, keys: 256, heads: 4, groups: 2, dim: 32 },
      { batch: 1, queries: 65, keys: 65, heads: 3, groups: 1, dim: 20 },
      { batch: 3, queries: 7, keys: 90, heads: 2, groups: 2, dim: 64 },
      { batch: 2, queries: 1, keys: 1, heads: 2, groups: 1, dim: 8 },
    ] as const
  ).map(
    (s): Case => ({
      name: `attention ${s.queries} of ${s.keys}, ${s.heads} heads on ${s.groups}, width ${s.dim}`,
      inputs: (dtype, large) => {
        const [queries, keys, dim] = large
          ? [s.queries, s.keys, s.dim]
          : [Math.min(3, s.queries), Math.min(3, s.queries) + Math.min(2, s.keys - s.queries), 4];
        const batch = large ? s.batch : 1;
        return [
          randomTensor([batch, queries, s.heads, dim], 1, { dtype, scale: 2 }),
          randomTensor([batch, keys, s.groups, dim], 2, { dtype, scale: 2 }),
          randomTensor([batch, keys, s.groups, dim], 3, { dtype }),
        ];
      },
      ours: ([q, k, v]) => [ops.attention(q!, k!, v!)],
      plain: ([q, k, v]) => [plainAttention(q!, k!, v!)],
    }),
  ),
  // Every position over all of its text: lengths on and off the vector's width, around the block of 64 rows.
  ...(
    [
      { lengths: [150, 64, 1], heads: 3, dim: 32 },
      { lengths: [33, 40], heads: 2, dim: 20 },
    ] as const
  ).map(({ lengths, heads, dim }): Case => {
    const own = (large: boolean) => (large ? lengths : [3, 1].slice(0, lengths.length));
    const tensor = (of: readonly number[]) => Tensor.from(BigInt64Array.from(of, BigInt), [of.length]);
    const ofInput = (q: Tensor) => own(q.shape[1] !== 3);
    return {
      name: `attention over lengths ${lengths.join(', ')}`,
      inputs: (dtype, large) => {
        const shape = [own(large).length, Math.max(...own(large)), heads, large ? dim : 4];
        return [1, 2, 3].map((seed) => randomTensor(shape, seed, { dtype, scale: seed < 3 ? 2 : 1 }));
      },
      ours: ([q, k, v]) => [ops.attention(q!, k!, v!, { lengths: tensor(ofInput(q!)) })],
      plain: ([q, k, v]) => [plainAttention(q!, k!, v!, ofInput(q!))],
    };
  }),
];

test('attention refuses lengths that are none of its keys', () => {
  scope(() => {
    const x = randomTensor([2, 3, 1, 4], 1, { dtype: 'float32' });
    for (const wrong of [[3n], [3n, 0n], [4n, 1n]])
      expect(() =>
        ops.attention(x, x, x, { lengths: Tensor.from(BigInt64Array.from(wrong), [wrong.length]) }),
      ).toThrow(/length/);
  });
});

/** A scalar that weighs every output element differently, so that no gradient is missed by symmetry. */
function probe(outputs: Tensor[]): Tensor {
  return outputs
    .map((out, i) => {
      const weights = randomTensor(out.shape, 50 + i, { dtype: out.dtype as 'float32' });
      return ops.sum(ops.mul(out, weights));
    })
    .reduce((a, b) => ops.add(a, b));
}

function outputsAndGradients(inputs: Tensor[], outputs: (inputs: Tensor[]) => Tensor[]): Tensor[] {
  for (const input of inputs) {
    input.requiresGrad = true;
    input.grad = undefined;
  }
  return scope(() => {
    const results = outputs(inputs);
    probe(results).backward();
    return [...results.map((r) => ops.detach(r)), ...inputs.map((input) => input.grad!)];
  });
}

describe.each(cases)('$name', ({ inputs, ours, plain }) => {
  test("equals libtorch's own operators, forward and backward", () => {
    scope(() => {
      const given = inputs('float32', true);
      const found = outputsAndGradients(given, ours);
      const expected = outputsAndGradients(given, plain);
      expect(found.length).toBe(expected.length);
      for (const [i, tensor] of found.entries()) {
        expect(tensor.shape).toEqual(expected[i]!.shape);
        expect(difference(tensor, expected[i]!), `result ${i}`).toBeLessThan(FLOAT32);
      }
    });
  });

  test('has the gradients of finite differences', () => {
    scope(() => {
      const error = gradientError((x) => probe(ours(x)), inputs('float64', false));
      expect(error).toBeLessThan(FINITE);
    });
  });

  test('gives the same bits again, and for one thread and two where sums are split by stretches', () => {
    scope(() => {
      const given = inputs('float32', true);
      const bytes = () =>
        outputsAndGradients(given, ours).map((t) => Buffer.from(t.toBytes()).toString('base64'));
      const first = bytes();
      expect(bytes()).toEqual(first);
      setThreads(2);
      try {
        const two = bytes();
        expect(bytes()).toEqual(two);
      } finally {
        setThreads(1);
      }
    });
  });
});

describe('linear_cross_entropy', () => {
  const problem = (dtype: 'float32' | 'float64', rows: number, width: number, ids: number) => ({
    x: randomTensor([rows, width], 1, { dtype }),
    weight: randomTensor([ids, width], 2, { dtype, scale: 0.3 }),
    targets: randomIds([rows], ids, 3),
  });
  const plain = (x: Tensor, weight: Tensor, targets: Tensor) =>
    ops.cross_entropy_loss(ops.linear(x, weight), targets);

  test.each([
    { rows: 300, width: 64, ids: 5000 },
    { rows: 17, width: 8, ids: 90000 },
    { rows: 1, width: 3, ids: 2 },
  ])('equals linear, then cross_entropy: $rows rows, $ids ids', ({ rows, width, ids }) => {
    scope(() => {
      const { x, weight, targets } = problem('float32', rows, width, ids);
      const run = (loss: (i: Tensor[]) => Tensor) => outputsAndGradients([x, weight], (i) => [loss(i)]);
      const found = run(([a, b]) => ops.linear_cross_entropy(a!, b!, targets));
      const expected = run(([a, b]) => plain(a!, b!, targets));
      const tolerance = FLOAT32 * 2;
      for (const [i, tensor] of found.entries())
        expect(difference(tensor, expected[i]!), `result ${i}`).toBeLessThan(tolerance);
    });
  });

  test('leaves ignored targets out of loss, mean and gradients', () => {
    scope(() => {
      const { x, weight, targets } = problem('float32', 40, 16, 100);
      const some = targets.toBigInt64Array().map((id, i) => (i % 3 === 0 ? id : -100n));
      ops.copy_(targets, Tensor.from(some));
      const run = (loss: (i: Tensor[]) => Tensor) => outputsAndGradients([x, weight], (i) => [loss(i)]);
      const found = run(([a, b]) => ops.linear_cross_entropy(a!, b!, targets));
      const expected = run(([a, b]) => plain(a!, b!, targets));
      for (const [i, tensor] of found.entries())
        expect(difference(tensor, expected[i]!)).toBeLessThan(FLOAT32 * 2);
      const ignoredRow = found[1]!.toFloat32Array().slice(16, 32);
      expect([...ignoredRow]).toEqual(Array(16).fill(0));
    });
  });

  test('has the gradients of finite differences', () => {
    scope(() => {
      const { x, weight, targets } = problem('float64', 5, 3, 7);
      const error = gradientError(([a, b]) => ops.linear_cross_entropy(a!, b!, targets), [x, weight]);
      expect(error).toBeLessThan(FINITE);
    });
  });

  test('multiplies by the gradient that arrives', () => {
    scope(() => {
      const { x, weight, targets } = problem('float64', 5, 3, 7);
      const error = gradientError(
        ([a, b]) => ops.mul_Scalar(ops.linear_cross_entropy(a!, b!, targets), 3.5),
        [x, weight],
      );
      expect(error).toBeLessThan(FINITE);
    });
  });

  test('gives gradients to x alone when the weight is frozen', () => {
    scope(() => {
      const { x, weight, targets } = problem('float32', 20, 8, 50);
      x.requiresGrad = true;
      ops.linear_cross_entropy(x, weight, targets).backward();
      expect(weight.grad).toBeUndefined();
      const ours = x.grad!;
      x.grad = undefined;
      plain(x, weight, targets).backward();
      expect(difference(ours, x.grad!)).toBeLessThan(FLOAT32);
    });
  });

  test('is NaN, as in PyTorch, when every target is ignored', () => {
    scope(() => {
      const { x, weight } = problem('float32', 4, 8, 50);
      expect(
        ops.linear_cross_entropy(x, weight, Tensor.from(new BigInt64Array(4).fill(-100n))).item(),
      ).toBeNaN();
    });
  });

  test('refuses an id beyond the vocabulary', () => {
    scope(() => {
      const { x, weight } = problem('float32', 4, 8, 50);
      for (const id of [50n, -1n, -101n]) {
        expect(() => ops.linear_cross_entropy(x, weight, Tensor.from(new BigInt64Array(4).fill(id)))).toThrow(
          expect.objectContaining({ code: 'OPERATOR_FAILED' }),
        );
      }
    });
  });

  test('per row: the losses whose mean is the loss', () => {
    scope(() => {
      const { x, weight, targets } = problem('float32', 40, 16, 100);
      const rows = ops.linear_cross_entropy_rows(x, weight, targets);
      const expected = ops.cross_entropy_loss(ops.linear(x, weight), targets, { reduction: 0 });
      expect(difference(rows, expected)).toBeLessThan(FLOAT32);
      expect(rows.requiresGrad).toBe(false);
      const shaped = ops.linear_cross_entropy_rows(
        ops.view(x, [4, 10, 16]),
        weight,
        ops.view(targets, [4, 10]),
      );
      expect(shaped.shape).toEqual([4, 10]);
    });
  });
});

const floats = (values: number[]) => Tensor.from(Float32Array.from(values));

describe('the exponential of the kernels', () => {
  test('survives extreme gates without NaN or infinity', () => {
    scope(() => {
      const gate = floats([-1e30, -200, -88, -87, 0, 87, 88, 200, 1e30]);
      const values = ops.swiglu(gate, ops.ones([9])).toFloat32Array();
      const expected = ops.silu(gate).toFloat32Array();
      for (const [i, value] of values.entries())
        expect(Math.abs(value - expected[i]!)).toBeLessThanOrEqual(
          1e-6 * Math.max(1e-30, Math.abs(expected[i]!)) + 1e-36,
        );
    });
  });

  test('keeps NaN visible', () => {
    scope(() => expect(ops.swiglu(floats([Number.NaN]), ops.ones([1])).item()).toBeNaN());
  });
});
