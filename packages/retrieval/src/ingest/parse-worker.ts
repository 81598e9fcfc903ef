import { parentPort, workerData } from 'node:worker_threads';
import type { ParsedDocument } from '../document.ts';
import { asDocumentError } from './document-error.ts';
import type { IngestLimits } from './ingest-limits.ts';
import { readDocument } from './read-document.ts';

export interface ParseJob {
  bytes: Uint8Array;
  name: string;
  limits: IngestLimits;
}

export type ParseReply = { parsed: ParsedDocument } | { error: { code: string; message: string } };

/** The one thing this thread does; whatever it throws is answered in words. */
async function reply(job: ParseJob): Promise<ParseReply> {
  try {
    return { parsed: await readDocument(job.bytes, job.name, job.limits) };
  } catch (thrown) {
    const { code, message } = asDocumentError(thrown);
    return { error: { code, message } };
  }
}

parentPort!.postMessage(await reply(workerData as ParseJob));
