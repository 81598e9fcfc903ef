import type { Need } from '../machine.ts';
import { mainTraining } from './main-training.ts';

/** Characters of the Lucie Training Dataset as released (dataset card): at least as many bytes. */
const CHARACTERS = 8842e9;
const TOKENS = 2314.9e9;
/** As fetched, as read, as deduplicated, as written; zstd makes text about a third. */
const COPIES = 4;
const COMPRESSION = 3;

/** What no school machine has; `./lucie make lucie-7b` says so before it fetches anything. */
export const needs: Need[] = [
  {
    stage: 'corpus',
    what: 'disk',
    amount: (CHARACTERS * COPIES) / COMPRESSION,
    why: `${COPIES} copies of 8.8 TB of text, at about a third of their size`,
  },
  { stage: 'tokens', what: 'disk', amount: 2 * TOKENS, why: '2.3 trillion tokens of two bytes' },
  {
    stage: 'base',
    what: 'memory',
    // Weights, gradients and the optimiser's two means in 32 bits; activations come on top.
    amount: 16 * mainTraining.parameters,
    why: '16 bytes for each of 6.7 billion parameters',
  },
  {
    stage: 'base',
    what: 'devices',
    amount: mainTraining.devices,
    why: 'as the original had, for 40 days; on one it would take over 50 years',
  },
];
