import { explainSystemError, LucieError } from '@lucie/ledger';

/** DuckDB's words for too little memory, or of a full disk, as a sentence that a user can act on; all else as it was. */
export function explainOutOfMemory(error: unknown, memoryBytes: number): unknown {
  if (!(error instanceof Error) || !error.message.startsWith('Out of Memory Error')) {
    return explainSystemError(error);
  }
  return new LucieError({
    code: 'MEMORY_TOO_LITTLE',
    found: `${Math.round(memoryBytes / 1e6)} MB, which did not suffice even with files beside`,
    expected: 'some 100 MB for each million documents of the largest source',
    todo: 'give more with --memory',
    cause: error,
  });
}
