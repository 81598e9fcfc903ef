import { tooLarge } from '../document-error.ts';
import type { IngestLimits } from '../ingest-limits.ts';

const EVERY_MS = 50;

/**
 * Gives up a reading whose buffers grow beyond what a document may hold unpacked: 30 MB of a PDF can say 30 GB of
 * spaces, and buffers do not count for the thread's heap limit. It looks whenever the reader waits; what unpacks
 * without ever waiting meets the time limit.
 * @param given - bytes that the reader itself keeps.
 * @throws LucieError DOCUMENT_TOO_LARGE.
 */
export async function withinMemory<T>(
  read: () => Promise<T>,
  given: number,
  limits: IngestLimits,
): Promise<T> {
  let before = process.memoryUsage().arrayBuffers;
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setInterval(() => {
    const now = process.memoryUsage().arrayBuffers;
    // What others left behind may be freed meanwhile.
    before = Math.min(before, now);
    const grown = now - before - given;
    if (grown > limits.expandedBytes) {
      reject(tooLarge('expandedBytes', `more than ${limits.expandedBytes.toLocaleString('en')}`, limits));
    }
  }, EVERY_MS);
  try {
    return await Promise.race([read(), promise]);
  } finally {
    clearInterval(timer);
  }
}
