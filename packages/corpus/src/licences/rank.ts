import type { Freedoms } from './licence.ts';
import { licences } from './table.ts';

/** What weighs how much when one licence is held against another; each outweighs all below it. */
const weights: [keyof Freedoms, boolean, number][] = [
  ['mayTrain', false, 32],
  ['redistribute', false, 16],
  ['commercial', false, 8],
  ['modify', false, 4],
  ['shareAlike', true, 2],
  ['attribution', true, 1],
];

/** 0 for the freest licences, more for each thing held back or asked; equal for equal freedoms, endless for an unknown one. */
export function licenceRank(id: string): number {
  const licence = Object.hasOwn(licences, id) ? licences[id] : undefined;
  if (!licence) return Number.POSITIVE_INFINITY;
  return weights.reduce(
    (rank, [freedom, binding, weight]) => rank + (licence[freedom] === binding ? weight : 0),
    0,
  );
}

/** Whether `strict` holds back and asks at least everything that `other` does. */
export function coversAll(strict: string, other: string): boolean {
  const [a, b] = [licences[strict]!, licences[other]!];
  return weights.every(([freedom, binding]) => b[freedom] !== binding || a[freedom] === binding);
}
