import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncDirectory } from '@lucie/ledger';
import { writeMarker } from './marker.ts';
import type { Step, Unit, UnitContext } from './step.ts';

/** Makes one unit: beside its place, sealed, then renamed. What was there for another key goes. */
export async function runUnit(
  step: Step,
  unit: Unit,
  opts: { key: string; dir: string; context: Omit<UnitContext, 'out'> },
): Promise<void> {
  const partial = `${opts.dir}.partial`;
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial, { recursive: true });
  await step.run(unit, { ...opts.context, out: partial });
  await writeMarker(partial, opts.key);
  await syncDirectory(partial);
  await rm(opts.dir, { recursive: true, force: true });
  await rename(partial, opts.dir);
  await syncDirectory(dirname(opts.dir));
}
