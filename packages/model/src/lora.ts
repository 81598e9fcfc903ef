import { Random } from '@lucie/ledger';
import { noGrad, ops, scope, Tensor } from '@lucie/torch';

/** One adapted matrix: it runs as `W + (alpha / rank)·B·A`. */
export interface LoraPair {
  /** [rank, in] */
  a: Tensor;
  /** [out, rank] */
  b: Tensor;
}

export interface LoraOptions {
  rank: number;
  /** The change of a matrix is scaled by alpha / rank. */
  alpha: number;
  seed: number;
}

/**
 * Low-rank adapters of some matrices of a frozen model (Hu et al. 2022): A starts as PEFT starts it, uniform within
 * ±1/√in, B at zero, so that training starts from the model as it is. Dispose to free them.
 *
 * The matrices of a step are made once and serve all its micro-batches:
 * ```ts
 * const step = lora.step(round);            // matrices to run with, and the way back
 * … backward through step.weights, as often as wanted
 * step.backward();                          // gradients are in lora.parameters
 * ```
 */
export class Lora implements Disposable {
  readonly pairs: ReadonlyMap<string, LoraPair>;
  readonly scale: number;
  readonly #base: ReadonlyMap<string, Tensor>;

  /** @param base - the frozen matrices, [out, in] float32, by their names: they stay their owner's */
  constructor(base: ReadonlyMap<string, Tensor>, { rank, alpha, seed }: LoraOptions) {
    this.#base = base;
    this.scale = alpha / rank;
    const pairs = new Map<string, LoraPair>();
    for (const [name, matrix] of base) {
      const [out, inside] = matrix.shape as [number, number];
      const random = new Random(seed, `lora/${name}`);
      const bound = 1 / Math.sqrt(inside);
      const values = Float32Array.from({ length: rank * inside }, () => (2 * random.float() - 1) * bound);
      const a = Tensor.from(values, [rank, inside]);
      const b = Tensor.from(new Float32Array(out * rank), [out, rank]);
      for (const leaf of [a, b]) leaf.requiresGrad = true;
      pairs.set(name, { a, b });
    }
    this.pairs = pairs;
  }

  /** Everything that is trained: `<name of the matrix>.lora_A`, `….lora_B`. */
  get parameters(): Map<string, Tensor> {
    const all = new Map<string, Tensor>();
    for (const [name, { a, b }] of this.pairs) all.set(`${name}.lora_A`, a).set(`${name}.lora_B`, b);
    return all;
  }

  /**
   * The matrices of a step. With `round` they are what it makes of W + scale·B·A, and gradients pass through as if it
   * were not there (straight-through, Bengio et al. 2013): what is trained is what runs after rounding. The tensors
   * belong to the scope.
   */
  step(round?: (values: Float32Array) => Float32Array): {
    weights: Map<string, Tensor>;
    backward: () => void;
  } {
    const made = [...this.pairs].map(([name, { a, b }]) => {
      const change = ops.mul_Scalar(ops.mm(b, a), this.scale);
      const used = scope(() =>
        noGrad(() => {
          const sum = ops.add(this.#base.get(name)!, change);
          return round ? Tensor.from(round(sum.toFloat32Array()), sum.shape) : ops.detach(sum);
        }),
      );
      used.requiresGrad = true;
      return { name, change, used };
    });
    return {
      weights: new Map(made.map(({ name, used }) => [name, used])),
      backward: () => {
        for (const { change, used } of made) {
          const { grad } = used;
          if (grad) change.backward(grad);
        }
      },
    };
  }

  [Symbol.dispose](): void {
    for (const { a, b } of this.pairs.values()) for (const tensor of [a, b]) tensor.dispose();
  }
}
