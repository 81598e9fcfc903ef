import { mkdirSync, statfsSync } from 'node:fs';
import { LucieError } from '@lucie/ledger';
import { bytesOfModels } from './model-store.ts';

/** What is left free on the disk: a machine whose disk is full does not even log in. */
const RESERVE_BYTES = 2e9;

/**
 * Refuses what does not fit, before the first byte.
 * @param need - bytes to come
 * @throws LucieError `DISK_FULL`, `QUOTA_EXCEEDED`
 */
export async function checkRoom(
  need: number,
  opts: { cacheDir: string; quotaBytes?: number | undefined; reserveBytes?: number | undefined },
): Promise<void> {
  if (need === 0) return;
  const reserve = opts.reserveBytes ?? RESERVE_BYTES;
  mkdirSync(opts.cacheDir, { recursive: true });
  const { bavail, bsize } = statfsSync(opts.cacheDir);
  const free = bavail * bsize;
  if (need > free - reserve) {
    throw new LucieError({
      code: 'DISK_FULL',
      found: `${gigabytes(free)} free at ${opts.cacheDir}`,
      expected: `${gigabytes(need)} for the model, and ${gigabytes(reserve)} that stay free`,
      todo: 'free some space (./lucie pull --list, --remove), choose a smaller quantisation, or set LUCIE_CACHE to another disk',
    });
  }
  if (opts.quotaBytes === undefined) return;
  const used = await bytesOfModels(opts.cacheDir);
  if (used + need > opts.quotaBytes) {
    throw new LucieError({
      code: 'QUOTA_EXCEEDED',
      found: `${gigabytes(used)} of models there, and ${gigabytes(need)} to come`,
      expected: `${gigabytes(opts.quotaBytes)} at most`,
      todo: 'remove a model (./lucie pull --list, --remove) or raise --quota',
    });
  }
}

/** `4.37 GB`, `0.10 MB`. */
export function gigabytes(bytes: number): string {
  return bytes >= 1e8 ? `${(bytes / 1e9).toFixed(2)} GB` : `${(bytes / 1e6).toFixed(2)} MB`;
}
