import { isLucieError, LucieError } from '@lucie/ledger';
import type { IngestLimits } from './ingest-limits.ts';

/** `DOCUMENT_FORMAT`: a file of a kind that is not read. */
export function unreadFormat(found: string, todo = 'save it as PDF or DOCX and add it again'): LucieError {
  return new LucieError({
    code: 'DOCUMENT_FORMAT',
    found,
    expected: 'a PDF, DOCX, HTML, Markdown or plain text document',
    todo,
  });
}

/** `DOCUMENT_BROKEN`: of a kind that is read, but not well-formed, or made so that two programs would read it differently. */
export function broken(found: string, cause?: unknown): LucieError {
  return new LucieError({
    code: 'DOCUMENT_BROKEN',
    found,
    expected: 'a document that its own program opens without repair',
    todo: 'open it there, save it again, and add the new file',
    ...(cause === undefined ? {} : { cause }),
  });
}

const UNITS: Record<keyof IngestLimits, string> = {
  bytes: 'bytes',
  expandedBytes: 'bytes when unpacked',
  pages: 'pages',
  characters: 'characters',
  ms: 'milliseconds',
  memoryMiB: 'MiB of memory',
};

/** `DOCUMENT_TOO_LARGE`, with the limit that it goes beyond. */
export function tooLarge(
  limit: keyof IngestLimits,
  found: number | string,
  limits: IngestLimits,
): LucieError {
  return new LucieError({
    code: 'DOCUMENT_TOO_LARGE',
    found: `a document of ${typeof found === 'number' ? found.toLocaleString('en') : found} ${UNITS[limit]}`,
    expected: `at most ${limits[limit].toLocaleString('en')} ${UNITS[limit]}`,
    todo: 'split it, or leave out what the class does not need',
  });
}

/** `DOCUMENT_TOO_LARGE`, for one of too many short pieces. */
export function tooManyItems(limits: IngestLimits): LucieError {
  return tooLarge('characters', 'so many short pieces that they cost more than the allowed', limits);
}

/** `DOCUMENT_TOO_SLOW`. */
export function tooSlow(limits: IngestLimits): LucieError {
  return new LucieError({
    code: 'DOCUMENT_TOO_SLOW',
    found: `a document that is not read after ${limits.ms.toLocaleString('en')} milliseconds`,
    expected: 'one that is read by then',
    todo: 'split it, or save it again from the program that made it',
  });
}

/** `DOCUMENT_EMPTY`. */
export function empty(found: string): LucieError {
  return new LucieError({
    code: 'DOCUMENT_EMPTY',
    found,
    expected: 'text',
    todo: 'add the document with its text: what is only a picture cannot be read here',
  });
}

/** `READER_MISSING`: a fault of the installation, not of the document. */
function readerMissing(message: string): LucieError {
  return new LucieError({
    code: 'READER_MISSING',
    found: message,
    expected: 'all packages of this program to be installed',
    todo: 'run ./lucie doctor',
  });
}

/** Whatever a reader throws, as a coded error: a fault of a library on odd input is a broken document, not a crash. */
export function asDocumentError(error: unknown): LucieError {
  if (isLucieError(error)) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ERR_MODULE_NOT_FOUND') return readerMissing(message);
  return broken('a document that cannot be read through', error);
}
