import type { Energy } from '@lucie/ledger';
import type { Counters } from './counters.ts';
import type { Slot } from './slot.ts';

/**
 * Enters a step that has been decoded into the counters, and gives each work its share of the energy.
 * @returns tokens of prompts that were read, and of answers
 */
export function countStep(
  counters: Counters,
  slots: readonly Slot[],
  step: { ms: number; energy: Energy; fillers: number },
): { reading: number; generating: number } {
  let reading = 0;
  let all = 0;
  for (const { work, branch, planned } of slots) {
    const before = branch.length - planned;
    counters.promptTokens += Math.min(planned, Math.max(0, work.promptTokens - before));
    all += planned;
    if (planned > 1) reading += planned;
  }
  const { joules, method } = step.energy;
  for (const { work, planned } of slots) {
    if (planned > 0) work.spend({ joules: (joules * planned) / all, method });
  }
  counters.steps++;
  counters.fillers += step.fillers;
  counters.stepMsTotal += step.ms;
  counters.stepMsLast = step.ms;
  counters.stepMsMax = Math.max(counters.stepMsMax, step.ms);
  return { reading, generating: all - reading };
}
