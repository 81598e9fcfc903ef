import { noGrad, scope, type Tensor } from '@lucie/torch';

/**
 * The largest difference between the gradients of `loss` by backward and by central finite differences, each relative
 * to the larger of 1 and the gradient's size. In float64 with step 1e-5 the truncation error is about 1e-10 times the
 * third derivative, the rounding error about 1e-11 times the loss: below 1e-7 for well-scaled functions.
 * @param loss - a scalar from these inputs, the same for the same values
 * @param inputs - float64 leaves; every element is nudged
 */
export function gradientError(loss: (inputs: Tensor[]) => Tensor, inputs: Tensor[], step = 1e-5): number {
  for (const input of inputs) {
    input.requiresGrad = true;
    input.grad = undefined;
  }
  scope(() => loss(inputs).backward());
  let worst = 0;
  for (const input of inputs) {
    const values = input.toFloat64Array();
    const analytic = scope(() => input.grad?.toFloat64Array() ?? new Float64Array(values.length));
    const at = (i: number, value: number): number => {
      const nudged = values.slice();
      nudged[i] = value;
      noGrad(() => input.copyFromBytes(nudged));
      return scope(() => noGrad(() => loss(inputs).item()));
    };
    for (let i = 0; i < values.length; i++) {
      const numeric = (at(i, values[i]! + step) - at(i, values[i]! - step)) / (2 * step);
      worst = Math.max(worst, Math.abs(numeric - analytic[i]!) / Math.max(1, Math.abs(analytic[i]!)));
      // A gradient that is NaN must not pass as "not larger".
      if (Number.isNaN(numeric - analytic[i]!)) return Number.NaN;
    }
    noGrad(() => input.copyFromBytes(values));
  }
  return worst;
}
