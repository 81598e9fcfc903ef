import type { Step } from '../steps/step.ts';
import type { DuplicatesOptions } from './options.ts';
import { pairsStep } from './pairs.ts';
import { seniorityStep } from './seniority.ts';
import { signaturesStep } from './signatures.ts';
import { survivorsStep } from './survivors.ts';

export { type DuplicatesInput, type DuplicatesOptions, duplicatesShape } from './options.ts';
export { pairsStep, seniorityStep, signaturesStep, survivorsStep };

/** The steps that find duplicates, in their order. They read the step `read`; others read the step `survivors`. */
export function duplicateSteps(options: DuplicatesOptions): Step[] {
  return [signaturesStep(options), seniorityStep(), pairsStep(options), survivorsStep()];
}
