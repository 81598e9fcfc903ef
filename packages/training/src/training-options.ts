import { availableParallelism } from 'node:os';
import type { StageContext } from '@lucie/ledger';
import { engineIdentity, setThreads } from '@lucie/torch';
import { z } from 'zod';

/** What every kind of training is told; each stage adds its own. */
export const trainingOptions = {
  /** Highest learning rate. */
  lr: z.number().positive(),
  /** Learning rate of the last step as a fraction of the highest. */
  minLrRatio: z.number().min(0).max(1).default(0.1),
  warmupSteps: z.int().min(0).default(0),
  /** Decay of the optimiser's two running means. */
  betas: z.tuple([z.number().min(0).lt(1), z.number().min(0).lt(1)]).default([0.9, 0.95]),
  eps: z.number().positive().default(1e-8),
  /** On matrices only. */
  weightDecay: z.number().min(0).default(0.1),
  /** Largest norm of the gradient. */
  clip: z.number().positive().default(1),
  seed: z.int().min(0).default(1),
  /** Steps between checkpoints. */
  checkpointEvery: z.int().positive().default(200),
  /** `auto`: as many as there are cores when the stage begins. */
  threads: z.union([z.literal('auto'), z.int().positive()]).default('auto'),
};

/**
 * Sets the engine's threads and records what results depend on beside options. A resumed stage goes on with the
 * threads that it began with: sums in another order would be other weights.
 */
export async function useEngine(
  threads: 'auto' | number,
  identity: StageContext['identity'],
): Promise<number> {
  const wanted = threads === 'auto' ? availableParallelism() : threads;
  const agreed = await identity({ ...engineIdentity(), threads: wanted });
  setThreads(Number(agreed.threads));
  return Number(agreed.threads);
}
