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

/**
 * `rename` refuses to replace a folder that holds files, so of several processes that bring the same unit one is
 * first, and nobody ever removes what stands under the unit's name: other processes may be reading it already.
 */
async function takePlace(partial: string, { dir, key }: { dir: string; key: string }): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await rename(partial, dir);
    } catch (error) {
      if (attempt === 10 || !isTaken(error)) throw error;
    }
    if (await isUnit(dir, key)) return;
    await moveAside(dir, { key, to: `${partial.replace(/\.partial$/, '')}-old.partial` });
  }
}

/** Units of one key are equal to the byte. */
async function isUnit(dir: string, key: string): Promise<boolean> {
  const there = await readMarker(dir);
  return there?.key === key && (await filesHold(dir, there));
}

/** Clears the name of an outdated unit. Another process may have replaced it meanwhile: that one goes back. */
async function moveAside(dir: string, { key, to }: { key: string; to: string }): Promise<void> {
  try {
    await rename(dir, to);
    if (await isUnit(to, key)) await rename(to, dir);
  } catch (error) {
    if (!isTaken(error) && codeOf(error) !== 'ENOENT') throw error;
  } finally {
    await rm(to, { recursive: true, force: true });
  }
}

function isTaken(error: unknown): boolean {
  return ['ENOTEMPTY', 'EEXIST'].includes(codeOf(error) ?? '');
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
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
