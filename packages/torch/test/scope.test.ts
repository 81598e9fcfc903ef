import { liveBytes, liveTensors, ops, Scope, scope, Tensor } from '@lucie/torch';
import { expect, test } from 'vitest';

const one = () => Tensor.from(Float32Array.of(1));

test('frees what was made inside and keeps what is returned, however it is wrapped', () => {
  const before = liveTensors();
  const kept = scope(() => {
    one();
    return { a: one(), list: [one(), { b: one() }], map: new Map([['c', one()]]), n: 5 };
  });
  expect(liveTensors()).toBe(before + 4);
  expect(kept.map.get('c')!.item()).toBe(1);
  for (const tensor of [
    kept.a,
    kept.list[0] as Tensor,
    (kept.list[1] as { b: Tensor }).b,
    kept.map.get('c')!,
  ])
    tensor.dispose();
  expect(liveTensors()).toBe(before);
});

test('scopes nest: what an inner one keeps belongs to the outer one', () => {
  const before = liveTensors();
  scope(() => {
    const inner = scope(() => ops.add(one(), one()));
    expect(inner.item()).toBe(2);
    expect(liveTensors()).toBe(before + 1);
  });
  expect(liveTensors()).toBe(before);
});

test('an error inside frees everything too', () => {
  const before = liveTensors();
  expect(() =>
    scope(() => {
      one();
      throw new RangeError('inside');
    }),
  ).toThrow('inside');
  expect(liveTensors()).toBe(before);
});

test('`using` frees at the end of the block; keep lets one live on', () => {
  const before = liveTensors();
  let kept: Tensor;
  {
    using inner = new Scope();
    one();
    kept = inner.keep(one());
  }
  expect(liveTensors()).toBe(before + 1);
  expect(kept.item()).toBe(1);
  kept.dispose();
});

test('an inner scope that was never closed ends with the outer one', () => {
  const before = liveTensors();
  {
    using _outer = new Scope();
    new Scope();
    one();
  }
  expect(liveTensors()).toBe(before);
  using after = one();
  expect(after.disposed).toBe(false);
});

test('tensors from outside are left alone, also when returned', () => {
  using outside = one();
  scope(() => outside);
  scope(() => ops.add_(outside, outside));
  expect(outside.item()).toBe(2);
});

test('asynchronous bodies are refused and leave nothing', () => {
  const before = liveTensors();
  expect(() => scope(async () => one())).toThrow(TypeError);
  expect(liveTensors()).toBe(before);
});

test('1,000 training steps hold as many tensors and as much memory as ten', () => {
  using weight = Tensor.from(new Float32Array(64 * 64).fill(0.01), [64, 64]);
  weight.requiresGrad = true;
  using x = Tensor.from(new Float32Array(32 * 64).fill(0.5), [32, 64]);
  const step = () => {
    scope(() => {
      const loss = ops.sum(ops.silu(ops.linear(ops.silu(ops.linear(x, weight)), weight)));
      loss.backward();
      expect(weight.grad!.shape).toEqual([64, 64]);
    });
    weight.grad = undefined;
  };
  for (let i = 0; i < 10; i++) step();
  const tensors = liveTensors();
  const bytes = liveBytes();
  for (let i = 0; i < 1000; i++) step();
  expect(liveTensors()).toBe(tensors);
  // Counted by the allocator: what graphs and gradients hold is in it.
  expect(liveBytes()).toBe(bytes);
});

test('large tensors get their memory back again and again, and one after the other', () => {
  const before = liveBytes();
  const size = 3 << 20;
  for (let i = 0; i < 200; i++) {
    using tensor = ops.zeros([size]);
    expect(liveBytes()).toBeGreaterThanOrEqual(before + 4 * size);
    if (i % 50 === 0) {
      expect(ops.sum(tensor).item()).toBe(0);
      ops.add__Scalar(tensor, 1);
    }
  }
  expect(liveBytes()).toBeLessThan(before + 100_000);
});
