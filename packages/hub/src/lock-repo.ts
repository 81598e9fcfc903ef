import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout } from 'node:timers/promises';
import type { HubRepo } from './hub-repo.ts';

/** SQLite's word for "another process holds it". */
const BUSY = 5;

/**
 * Waits until no other process fetches or removes files of this repository, and keeps others out until disposed. The lock is one of the system on
 * an open file (through SQLite), so that it ends with its process, however that ends.
 */
export async function lockRepo(
  repo: Pick<HubRepo, 'type' | 'name'>,
  opts: { cacheDir: string; signal: AbortSignal; onWait?: (() => void) | undefined },
): Promise<Disposable> {
  const dir = join(opts.cacheDir, 'locks');
  await mkdir(dir, { recursive: true });
  const path = join(dir, `${repo.type}--${repo.name.replace('/', '--')}.lock`);
  for (let told = false; ; told = true) {
    opts.signal.throwIfAborted();
    const lock = tryLock(path);
    if (lock) return lock;
    if (!told) opts.onWait?.();
    await setTimeout(200, undefined, { signal: opts.signal });
  }
}

function tryLock(path: string): Disposable | undefined {
  const database = new DatabaseSync(path);
  try {
    database.exec('BEGIN EXCLUSIVE');
    return { [Symbol.dispose]: () => database.close() };
  } catch (error) {
    database.close();
    if ((error as { errcode?: number }).errcode !== BUSY) throw error;
    return undefined;
  }
}
