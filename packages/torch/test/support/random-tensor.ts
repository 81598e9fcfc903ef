import { Random } from '@lucie/ledger';
import { Tensor } from '@lucie/torch';

/** Standard normal values, the same for the same seed. */
export function randomTensor(
  shape: number[],
  seed: number,
  opts: { dtype?: 'float32' | 'float64'; scale?: number } = {},
): Tensor {
  const random = new Random(seed, 'test');
  const numel = shape.reduce((a, b) => a * b, 1);
  const values = Float64Array.from({ length: numel }, () => random.normal() * (opts.scale ?? 1));
  return Tensor.from(opts.dtype === 'float64' ? values : Float32Array.from(values), shape);
}

/** Integers below `bound`, as int64. */
export function randomIds(shape: number[], bound: number, seed: number): Tensor {
  const random = new Random(seed, 'test-ids');
  const numel = shape.reduce((a, b) => a * b, 1);
  return Tensor.from(
    BigInt64Array.from({ length: numel }, () => BigInt(random.below(bound))),
    shape,
  );
}

/** The largest difference between two tensors of one shape, relative to the largest value of the second. */
export function difference(a: Tensor, b: Tensor): number {
  const left = numbers(a);
  const right = numbers(b);
  if (left.length !== right.length) return Number.POSITIVE_INFINITY;
  let worst = 0;
  let size = 0;
  for (let i = 0; i < left.length; i++) {
    worst = Math.max(worst, Math.abs(left[i]! - right[i]!));
    if (Number.isNaN(left[i]! - right[i]!)) return Number.NaN;
    size = Math.max(size, Math.abs(right[i]!));
  }
  return worst / Math.max(size, 1e-30);
}

function numbers(tensor: Tensor): Float32Array | Float64Array {
  return tensor.dtype === 'float64' ? tensor.toFloat64Array() : tensor.toFloat32Array();
}
