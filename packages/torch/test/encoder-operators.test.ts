import { ops, scope, Tensor } from '@lucie/torch';
import { expect, test } from 'vitest';
import { gradientError } from './support/grad-check.ts';
import { randomTensor } from './support/random-tensor.ts';

test('gelu is x·Φ(x) with the normal distribution itself, not its tanh approximation', () => {
  // Φ of 0, ±1, 2 and 3 from Abramowitz and Stegun, table 26.1.
  const phi = [0.5, 0.841344746068543, 0.158655253931457, 0.977249868051821, 0.99865010196837];
  const x = [0, 1, -1, 2, 3];
  const y = scope(() => ops.gelu(Tensor.from(Float64Array.from(x))).toFloat64Array());
  for (const [i, value] of y.entries()) expect(value).toBeCloseTo(x[i]! * phi[i]!, 13);
  expect(
    gradientError(([t]) => ops.sum(ops.gelu(t!)), [randomTensor([7], 1, { dtype: 'float64' })]),
  ).toBeLessThan(1e-7);
});

test('layer_norm: mean zero and variance one of each row, then weight and bias', () => {
  scope(() => {
    const x = Tensor.from(Float64Array.of(1, 2, 3, 6, -1, 0, 0, 5), [2, 4]);
    const weight = Tensor.from(Float64Array.of(1, 2, 1, 1));
    const bias = Tensor.from(Float64Array.of(0, 0, 0.5, 0));
    const y = ops.layer_norm(x, [4], { weight, bias, eps: 0.5 }).toFloat64Array();
    // Means 3 and 1, variances 3.5 and 5.5: with eps, 4 and 6.
    const s = 1 / Math.sqrt(6);
    const expected = [-1, -1, 0.5, 1.5, -2 * s, -2 * s, 0.5 - s, 4 * s];
    for (const [i, value] of y.entries()) expect(value).toBeCloseTo(expected[i]!, 13);
  });
  const inputs = [[3, 5], [5], [5]].map((shape, i) => randomTensor(shape, i, { dtype: 'float64' }));
  const mixed = randomTensor([3, 5], 9, { dtype: 'float64' });
  const loss = ([x, weight, bias]: Tensor[]) =>
    ops.sum(ops.mul(mixed, ops.layer_norm(x!, [5], { weight: weight!, bias: bias!, eps: 1e-3 })));
  expect(gradientError(loss, inputs)).toBeLessThan(1e-7);
});

test('binary_cross_entropy_with_logits: −log of the probability given to the target, weighted', () => {
  scope(() => {
    const x = Tensor.from(Float64Array.of(0, 2, -1000));
    const target = Tensor.from(Float64Array.of(1, 0, 1));
    const weight = Tensor.from(Float64Array.of(1, 3, 1));
    const y = ops.binary_cross_entropy_with_logits(x, target, { weight, reduction: 0 }).toFloat64Array();
    const expected = [Math.log(2), 3 * Math.log1p(Math.exp(2)), 1000];
    for (const [i, value] of y.entries()) expect(value).toBeCloseTo(expected[i]!, 12);
  });
  const target = Tensor.from(Float64Array.of(1, 0, 1, 0));
  const loss = ([x]: Tensor[]) => ops.binary_cross_entropy_with_logits(x!, target);
  expect(gradientError(loss, [randomTensor([4], 3, { dtype: 'float64' })])).toBeLessThan(1e-7);
});
