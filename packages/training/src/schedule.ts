/** Learning rate over a run: linear warm-up, then half a cosine. */
export interface Schedule {
  /** Highest learning rate. */
  lr: number;
  /** Steps until it is reached. */
  warmupSteps: number;
  /** Steps of the whole run. */
  steps: number;
  /** Learning rate of the last step as a fraction of the highest. */
  minLrRatio: number;
}

/**
 * Learning rate of step 0, 1, …: `lr·(step + 1)/warmupSteps` while warming up, then a cosine from `lr` down to
 * `lr·minLrRatio`, which the last step has exactly (Loshchilov and Hutter 2017, SGDR, without restarts).
 */
export function learningRate(step: number, schedule: Schedule): number {
  const { lr, warmupSteps, steps, minLrRatio } = schedule;
  if (step < warmupSteps) return (lr * (step + 1)) / warmupSteps;
  const progress = Math.min(1, (step + 1 - warmupSteps) / Math.max(1, steps - warmupSteps));
  return lr * (minLrRatio + ((1 - minLrRatio) * (1 + Math.cos(Math.PI * progress))) / 2);
}
