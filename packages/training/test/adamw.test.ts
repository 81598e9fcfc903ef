import { ops, scope, Tensor } from '@lucie/torch';
import { describe, expect, test } from 'vitest';
import { AdamW } from '../src/adamw.ts';

const options = { betas: [0.9, 0.95] as const, eps: 1e-8, weightDecay: 0.1, clip: 1 };

function parameters(): Map<string, Tensor> {
  const matrix = Tensor.from(Float32Array.of(1, -2, 3, -4), [2, 2]);
  const norm = Tensor.from(Float32Array.of(1, 1.5), [2]);
  for (const tensor of [matrix, norm]) tensor.requiresGrad = true;
  return new Map([
    ['matrix', matrix],
    ['norm', norm],
  ]);
}

/** Gives every parameter this gradient by a loss that has it. */
function backward(all: Map<string, Tensor>, gradients: Record<string, number[]>): void {
  for (const [name, tensor] of all) {
    const slope = Tensor.from(Float32Array.from(gradients[name]!), tensor.shape);
    ops.sum(ops.mul(tensor, slope)).backward();
  }
}

/** AdamW as Loshchilov and Hutter write it, in float64. */
function plainAdamW(start: number[], gradients: number[][], opts: { lr: number; decay: number }): number[] {
  const [b1, b2] = options.betas;
  return start.map((value, i) => {
    let [x, m, v] = [value, 0, 0];
    for (const [step, gradient] of gradients.entries()) {
      const g = gradient[i]!;
      m = b1 * m + (1 - b1) * g;
      v = b2 * v + (1 - b2) * g * g;
      const mHat = m / (1 - b1 ** (step + 1));
      const vHat = v / (1 - b2 ** (step + 1));
      x -= opts.lr * opts.decay * x + (opts.lr * mHat) / (Math.sqrt(vHat) + options.eps);
    }
    return x;
  });
}

const steps = [
  { matrix: [0.1, -0.2, 0.05, 0.3], norm: [0.2, -0.1] },
  // Norm 5.02: clipped to 1.
  { matrix: [3, 0, -4, 0.2], norm: [0.3, 0.2] },
  { matrix: [-0.1, 0.2, 0.3, -0.1], norm: [0, 0.4] },
];
const clipped = steps.map(({ matrix, norm }) => {
  const length = Math.hypot(...matrix, ...norm);
  const scale = Math.min(1, 1 / length);
  return { length, matrix: matrix.map((g) => g * scale), norm: norm.map((g) => g * scale) };
});

describe('AdamW', () => {
  test('follows the published rule, clips by the global norm and decays matrices only', () => {
    scope(() => {
      const all = parameters();
      using optimizer = new AdamW(all, options);
      for (const [i, gradients] of steps.entries()) {
        backward(all, gradients);
        const norm = optimizer.gradientNorm();
        expect(norm).toBeCloseTo(clipped[i]!.length, 5);
        optimizer.step(0.1, norm);
        expect(all.get('matrix')!.grad).toBeUndefined();
      }
      const matrix = plainAdamW(
        [1, -2, 3, -4],
        clipped.map((s) => s.matrix),
        { lr: 0.1, decay: 0.1 },
      );
      const norm = plainAdamW(
        [1, 1.5],
        clipped.map((s) => s.norm),
        { lr: 0.1, decay: 0 },
      );
      const actual = [...all.values()].flatMap((tensor) => [...tensor.toFloat32Array()]);
      for (const [i, value] of [...matrix, ...norm].entries()) expect(actual[i]).toBeCloseTo(value, 5);
    });
  });

  test('goes on from its saved state to the bit', () => {
    scope(() => {
      const run = (stop: number) => {
        let all = parameters();
        let optimizer = new AdamW(all, options);
        for (const [i, gradients] of steps.entries()) {
          if (i === stop) {
            const state = optimizer.entries();
            const copies = [...all].map(([name, tensor]): [string, Tensor] => {
              const copy = Tensor.from(tensor.toFloat32Array(), tensor.shape);
              copy.requiresGrad = true;
              return [name, copy];
            });
            all = new Map(copies);
            optimizer = new AdamW(all, options);
            optimizer.load(state, stop);
          }
          backward(all, gradients);
          optimizer.step(0.1, optimizer.gradientNorm());
        }
        return [...all.values()].map((tensor) => tensor.toFloat32Array());
      };
      const whole = run(-1);
      for (const stop of [1, 2]) expect(run(stop)).toEqual(whole);
    });
  });

  test('refuses the state of other parameters', () => {
    scope(() => {
      using optimizer = new AdamW(parameters(), options);
      const state = optimizer.entries();
      expect([...state.keys()]).toContain('exp_avg_sq.norm');
      state.delete('exp_avg_sq.norm');
      expect(() => optimizer.load(state, 1)).toThrow(expect.objectContaining({ code: 'CHECKPOINT_FOREIGN' }));
    });
  });
});
