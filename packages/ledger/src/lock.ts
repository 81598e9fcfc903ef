import { randomBytes } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { link, mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { LucieError } from './error.ts';

/** When the process began, in clock ticks since boot: tells a reused process id from the one that took the lock. */
function startTime(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[19];
  } catch {
    return undefined;
  }
}

/**
 * Takes a lock file for this process; dispose to release it. A lock whose process is gone is taken over.
 * @throws LucieError `ALREADY_RUNNING`
 */
export async function takeLock(path: string): Promise<Disposable> {
  await mkdir(dirname(path), { recursive: true });
  // Linked when it is whole: a lock without its holder's name would look like one left behind.
  const aside = `${path}.${process.pid}-${randomBytes(4).toString('hex')}`;
  for (let attempt = 0; ; attempt++) {
    try {
      await writeFile(aside, `${process.pid} ${startTime(process.pid)}\n`);
      await link(aside, path);
      return { [Symbol.dispose]: () => rmSync(path, { force: true }) };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || attempt > 3) throw error;
      const [pid, began] = readHolder(path);
      if (pid && startTime(Number(pid)) === began) {
        throw new LucieError({
          code: 'ALREADY_RUNNING',
          found: `process ${pid} at work in ${dirname(path)}`,
          expected: 'one process per run folder',
          todo: `wait for it to end, or stop it with: kill ${pid}`,
        });
      }
      rmSync(path, { force: true });
    } finally {
      await rm(aside, { force: true });
    }
  }
}

function readHolder(path: string): string[] {
  try {
    return readFileSync(path, 'utf8').trim().split(' ');
  } catch {
    return [];
  }
}
