import { Worker } from 'node:worker_threads';
import { LucieError } from '@lucie/ledger';
import type { ParsedDocument } from '../document.ts';
import { asDocumentError, broken, empty, tooLarge, tooSlow } from './document-error.ts';
import { DEFAULT_INGEST_LIMITS, type IngestLimits } from './ingest-limits.ts';
import type { ParseJob, ParseReply } from './parse-worker.ts';

/** In between, unpacking adds some tens of mebibytes. */
const MEMORY_LOOK_MS = 50;

export interface ParseOptions {
  limits?: Partial<IngestLimits>;
  /** Ends the reading at once; its reason is what the promise is rejected with. */
  signal?: AbortSignal;
}

/**
 * Reads a document in a thread of its own, which is ended at a limit and takes nothing down with it. What the file is, its
 * content decides; its name only serves as a last title and to tell Markdown from plain text. Nothing is fetched,
 * nothing is written, and `bytes` stay as they are.
 * @throws LucieError DOCUMENT_FORMAT, DOCUMENT_BROKEN, DOCUMENT_TOO_LARGE, DOCUMENT_TOO_SLOW, DOCUMENT_EMPTY.
 */
export async function parseDocument(
  bytes: Uint8Array,
  name: string,
  opts: ParseOptions = {},
): Promise<ParsedDocument> {
  const limits = { ...DEFAULT_INGEST_LIMITS, ...opts.limits };
  opts.signal?.throwIfAborted();
  if (bytes.length === 0) throw empty('a file of 0 bytes');
  if (bytes.length > limits.bytes) throw tooLarge('bytes', bytes.length, limits);
  return await runWorker({ bytes: new Uint8Array(bytes), name, limits }, opts.signal);
}

async function runWorker(job: ParseJob, signal: AbortSignal | undefined): Promise<ParsedDocument> {
  const worker = new Worker(new URL('./parse-worker.ts', import.meta.url), {
    workerData: job,
    transferList: [job.bytes.buffer as ArrayBuffer],
    resourceLimits: { maxOldGenerationSizeMb: job.limits.memoryMiB, maxYoungGenerationSizeMb: 32 },
    // A reader needs no secrets, no debugger and no terminal: what libraries print may quote the document.
    env: {},
    execArgv: [],
    stdout: true,
    stderr: true,
  });
  worker.stdout.resume();
  worker.stderr.resume();
  const { promise, resolve, reject } = Promise.withResolvers<ParsedDocument>();
  const onAbort = () => reject(signal!.reason);
  const timer = setTimeout(() => reject(tooSlow(job.limits)), job.limits.ms);
  const watch = watchMemory(worker, job.limits, reject);
  signal?.addEventListener('abort', onAbort, { once: true });
  worker.once('message', (reply: ParseReply) => {
    if ('parsed' in reply) resolve(reply.parsed);
    else reject(crossedError(reply.error));
  });
  worker.once('error', (error: NodeJS.ErrnoException) => reject(workerError(error, job.limits)));
  worker.once('exit', (code) => reject(broken(`a document whose reader stopped with ${code}`)));
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    clearInterval(watch);
    signal?.removeEventListener('abort', onAbort);
    await worker.terminate();
  }
}

/**
 * V8 bounds a thread's objects, not the buffers beside them, into which streams are unpacked. It answers while the thread
 * is in the middle of a loop.
 */
function watchMemory(
  worker: Worker,
  limits: IngestLimits,
  reject: (error: LucieError) => void,
): NodeJS.Timeout {
  return setInterval(async () => {
    // A thread that has ended tells nothing, and needs no watching.
    const heap = await worker.getHeapStatistics().catch(() => undefined);
    const used = Math.round((heap?.external_memory ?? 0) / 2 ** 20);
    if (used > limits.memoryMiB) reject(tooLarge('memoryMiB', used, limits));
  }, MEMORY_LOOK_MS);
}

function workerError(error: NodeJS.ErrnoException, limits: IngestLimits): LucieError {
  if (error.code === 'ERR_WORKER_OUT_OF_MEMORY')
    return tooLarge('memoryMiB', `more than ${limits.memoryMiB.toLocaleString('en')}`, limits);
  return asDocumentError(error);
}

/** An error loses its class and code between threads, so they are sent beside its words. */
function crossedError(sent: { code: string; message: string }): LucieError {
  const error = new LucieError({ code: sent.code, found: '', expected: '', todo: '' });
  error.message = sent.message;
  return error;
}
