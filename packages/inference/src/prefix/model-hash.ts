import { once } from 'node:events';
import { statSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { fileHash, sha256 } from '@lucie/ledger';
import { modelFiles } from '../gguf/model-files.ts';

/** A file of this size is hashed in some 20 ms: less than a thread needs to start. */
const SMALL = 32_000_000;

/** SHA-256 of a model's file; of the hashes of its parts, where there are several. */
export async function modelHash(path: string): Promise<string> {
  const [first, ...others] = modelFiles(path);
  if (others.length === 0) return await hash(first!);
  const hashes: string[] = [];
  for (const file of [first!, ...others]) hashes.push(await hash(file));
  return sha256(hashes.join('\n'));
}

/** A large file by a thread of its own, since gigabytes would hold up everybody being answered. */
async function hash(path: string): Promise<string> {
  if (statSync(path).size < SMALL) return fileHash(path);
  const worker = new Worker(new URL('./model-hash-worker.ts', import.meta.url), {
    workerData: path,
    execArgv: [],
  });
  const [digest] = (await once(worker, 'message')) as [string];
  return digest;
}
