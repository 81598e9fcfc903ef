import { LucieError } from '@lucie/ledger';
import type { SafetensorsEntry } from '@lucie/model';
import { noGrad, ops, scope, Tensor } from '@lucie/torch';

export interface AdamWOptions {
  /** Decay rates of the running means of gradient and squared gradient. */
  betas: readonly [number, number];
  eps: number;
  /** Pull towards zero per unit of learning rate, on matrices only: norms have one dimension and are left alone. */
  weightDecay: number;
  /** Largest Euclidean norm of all gradients together; larger ones are scaled down to it. */
  clip: number;
}

interface Group {
  decay: number;
  names: string[];
  parameters: Tensor[];
  expAvg: Tensor[];
  expAvgSq: Tensor[];
}

/**
 * AdamW (Loshchilov and Hutter 2019) with gradient clipping by global norm, all parameters of a group in one fused
 * call. Dispose to free its state.
 */
export class AdamW implements Disposable {
  readonly #groups: Group[];
  readonly #options: AdamWOptions;
  /** Steps done, as the fused operator wants them. */
  readonly #steps: Tensor;

  constructor(parameters: ReadonlyMap<string, Tensor>, options: AdamWOptions) {
    this.#options = options;
    this.#steps = Tensor.from(Float32Array.of(0), []);
    const group = (decay: number, wanted: (dimensions: number) => boolean): Group => {
      const chosen = [...parameters].filter(([, tensor]) => wanted(tensor.shape.length));
      const state = () =>
        chosen.map(([, tensor]) => Tensor.from(new Float32Array(tensor.numel), tensor.shape));
      return {
        decay,
        names: chosen.map(([name]) => name),
        parameters: chosen.map(([, tensor]) => tensor),
        expAvg: state(),
        expAvgSq: state(),
      };
    };
    this.#groups = [group(options.weightDecay, (n) => n >= 2), group(0, (n) => n < 2)];
  }

  /** Euclidean norm of all gradients together, before clipping. */
  gradientNorm(): number {
    return scope(() =>
      noGrad(() => {
        const norms = ops._foreach_norm(this.#groups.flatMap(gradients));
        return ops.linalg_vector_norm(ops.stack(norms)).item();
      }),
    );
  }

  /**
   * Updates every parameter from its gradient and forgets the gradients.
   * @param gradientNorm - as `gradientNorm()` gave it
   */
  step(learningRate: number, gradientNorm: number): void {
    const { betas, eps, clip } = this.#options;
    scope(() =>
      noGrad(() => {
        ops.add__Scalar(this.#steps, 1);
        // The operator divides gradients by this, which saves a pass over them.
        const scale = Tensor.from(Float32Array.of(Math.max(1, gradientNorm / clip)), []);
        for (const group of this.#groups) {
          const steps = group.parameters.map(() => this.#steps);
          const { parameters, expAvg, expAvgSq, decay } = group;
          ops._fused_adamw_(parameters, gradients(group), expAvg, expAvgSq, [], steps, {
            lr: learningRate,
            beta1: betas[0],
            beta2: betas[1],
            weight_decay: decay,
            eps,
            amsgrad: false,
            maximize: false,
            grad_scale: scale,
          });
          for (const parameter of group.parameters) parameter.grad = undefined;
        }
      }),
    );
  }

  /** The state under the names of PyTorch's optimiser, `exp_avg.<parameter>` and `exp_avg_sq.<parameter>`. */
  entries(): Map<string, SafetensorsEntry> {
    const entries = new Map<string, SafetensorsEntry>();
    for (const [name, tensor] of this.#state()) {
      entries.set(name, { dtype: 'F32', shape: tensor.shape, bytes: tensor.toBytes() });
    }
    return entries;
  }

  /**
   * Takes the state back.
   * @throws LucieError `CHECKPOINT_FOREIGN` when it belongs to other parameters
   */
  load(entries: Map<string, SafetensorsEntry>, steps: number): void {
    for (const [name, tensor] of this.#state()) {
      const entry = entries.get(name);
      if (entry?.dtype !== 'F32' || `${entry.shape}` !== `${tensor.shape}`) {
        throw new LucieError({
          code: 'CHECKPOINT_FOREIGN',
          found: entry ? `optimiser state ${name} [${entry.shape}]` : `no optimiser state ${name}`,
          expected: `[${tensor.shape}]`,
          todo: 'remove the checkpoint and train anew',
        });
      }
      tensor.copyFromBytes(entry.bytes);
    }
    this.#steps.copyFromBytes(Float32Array.of(steps));
  }

  [Symbol.dispose](): void {
    for (const [, tensor] of this.#state()) tensor.dispose();
    this.#steps.dispose();
  }

  #state(): [string, Tensor][] {
    return this.#groups.flatMap((group) =>
      group.names.flatMap((name, i): [string, Tensor][] => [
        [`exp_avg.${name}`, group.expAvg[i]!],
        [`exp_avg_sq.${name}`, group.expAvgSq[i]!],
      ]),
    );
  }
}

function gradients(group: Group): Tensor[] {
  return group.parameters.map((parameter, i) => {
    const { grad } = parameter;
    if (!grad) throw new Error(`${group.names[i]} has no gradient: call backward first`);
    return grad;
  });
}
