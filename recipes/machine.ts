import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { dirname, resolve } from 'node:path';
import { LucieError } from '@lucie/ledger';

/** Something that a stage of a recipe cannot do without. */
export interface Need {
  stage: string;
  what: 'disk' | 'memory' | 'devices';
  /** Bytes; of devices their number. */
  amount: number;
  /** Where the figure comes from, for the message. */
  why: string;
}

/** What there is: free bytes where runs are kept, bytes of memory, devices that one model can be trained on. */
export type Machine = Record<Need['what'], number>;

/** This machine. Our engine trains a model on one device; more take a cluster program that is not built in yet. */
export async function thisMachine(dir: string): Promise<Machine> {
  let place = resolve(dir);
  while (!existsSync(place)) place = dirname(place);
  const { bavail, bsize } = await statfs(place);
  return { disk: bavail * bsize, memory: totalmem(), devices: 1 };
}

/**
 * Refuses before anything is fetched or begun.
 * @throws LucieError `MACHINE_TOO_SMALL`
 */
export function refuseTooSmall(name: string, needs: readonly Need[], machine: Machine): void {
  const lacking = needs.filter(({ what, amount }) => machine[what] < amount);
  if (lacking.length === 0) return;
  throw new LucieError({
    code: 'MACHINE_TOO_SMALL',
    found: [...new Set(lacking.map(({ what }) => amountOf(what, machine[what])))].join(', '),
    expected: `for ${name} ${lacking.map(({ what, amount, why }) => `${amountOf(what, amount)} (${why})`).join(', ')}`,
    todo: 'read the recipe for what it is, build a smaller one (./lucie make nano), or stop earlier with --until',
  });
}

function amountOf(what: Need['what'], amount: number): string {
  if (what === 'devices') return `${amount} ${amount === 1 ? 'device' : 'devices'}`;
  const [unit, size] = amount >= 1e12 ? ['TB', 1e12] : ['GB', 1e9];
  return `${(amount / (size as number)).toFixed(1)} ${unit} of ${what === 'disk' ? 'free disk' : 'memory'}`;
}
