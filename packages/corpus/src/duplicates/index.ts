import type { Step } from '../steps/step.ts';
import type { DuplicatesOptions } from './options.ts';
import { pairsStep } from './pairs.ts';
import { firstPass } from './pass.ts';
import { seniorityStep } from './seniority.ts';
import { signaturesStep } from './signatures.ts';
import { survivorsStep } from './survivors.ts';

export { type DuplicatesInput, type DuplicatesOptions, duplicatesShape } from './options.ts';
export { finalPass, type Pass } from './pass.ts';
export { pairsStep, seniorityStep, signaturesStep, survivorsStep };

/**
 * The steps that find duplicates, in their order: of the step `read`, or over again with other names of what `finalPass`
 * says. Others read the last one, `survivors` or `final-survivors`.
 */
export function duplicateSteps(options: DuplicatesOptions, pass = firstPass): Step[] {
  // Other permutations in the final pass: a pair that shared no band by chance has another chance.
  const seed = options.seed + (pass.final ? 1 : 0);
  return [
    signaturesStep({ ...options, seed }, pass),
    seniorityStep(pass),
    pairsStep(options, pass),
    survivorsStep(pass),
  ];
}
