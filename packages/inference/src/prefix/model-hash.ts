import { once } from 'node:events';
import { statSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { fileHash } from '@lucie/ledger';

/** A file of this size is hashed in some 20 ms: less than a thread needs to start. */
const SMALL = 32_000_000;

/** SHA-256 of a model file; a large one by a thread of its own, since gigabytes would hold up everybody being answered. */
export async function modelHash(path: string): Promise<string> {
  if (statSync(path).size < SMALL) return fileHash(path);
  const worker = new Worker(new URL('./model-hash-worker.ts', import.meta.url), {
    workerData: path,
    execArgv: [],
  });
  const [hash] = (await once(worker, 'message')) as [string];
  return hash;
}
