import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { syncDirectory } from '@lucie/ledger';
import { filesHold, readMarker, writeMarker } from './marker.ts';
import type { Step, Unit, UnitContext } from './step.ts';

/**
 * Makes one unit: beside its place, under a name of this process's own, sealed, then renamed. What was there for
 * another key goes. Two processes that make the same unit do not disturb each other: the second one's is dropped.
 */
export async function runUnit(
  step: Step,
  unit: Unit,
  opts: { key: string; dir: string; context: Omit<UnitContext, 'out'> },
): Promise<void> {
  await removeLeftovers(opts.dir);
  const partial = `${opts.dir}.${hostname()}-${process.pid}-${randomBytes(4).toString('hex')}.partial`;
  await mkdir(partial, { recursive: true });
  try {
    await step.run(unit, { ...opts.context, out: partial });
    await writeMarker(partial, opts.key);
    await syncDirectory(partial);
    await takePlace(partial, opts);
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
  await syncDirectory(dirname(opts.dir));
}

async function takePlace(partial: string, { dir, key }: { dir: string; key: string }): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    // Another process was quicker, and may be reading it already; units of one key are equal to the byte.
    const there = await readMarker(dir);
    if (there?.key === key && (await filesHold(dir, there))) return;
    try {
      await rm(dir, { recursive: true, force: true });
      return await rename(partial, dir);
    } catch (error) {
      if (attempt === 3) throw error;
    }
  }
}

/** What killed processes of this machine have left of the unit. */
async function removeLeftovers(dir: string): Promise<void> {
  const parent = dirname(dir);
  if (!existsSync(parent)) return;
  const mine = `${basename(dir)}.${hostname()}-`;
  for (const name of await readdir(parent)) {
    if (!name.startsWith(mine) || !name.endsWith('.partial')) continue;
    const pid = Number(name.slice(mine.length).split('-')[0]);
    if (!existsSync(`/proc/${pid}`)) await rm(join(parent, name), { recursive: true, force: true });
  }
}
