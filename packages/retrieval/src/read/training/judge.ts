import type { BertPass } from '@lucie/model';
import { noGrad, scope } from '@lucie/torch';
import { encodePair } from '../encode-pair.ts';
import type { UnigramTokenizer } from '../unigram.ts';
import type { ReadingExample } from './example.ts';
import { microBatches } from './micro-batch.ts';
import { targetsOf } from './reader-loss.ts';
import { asQ4, type ReaderModel } from './reader-model.ts';

/** How well the reader reads examples that it has not learnt from. */
export interface Judgement {
  /** Mean over passages and outputs, in nats. */
  loss: number;
  /** Questions with an answer whose best passage answers, among all passages of their example. */
  first: number;
  /** Chance that a question with an answer has a higher best passage than one without. */
  auc: number;
}

/** Reads every example as it will run: 4-bit values, nothing dropped. @returns NaN for what no example can show */
export function judge(
  model: ReaderModel,
  tokenizer: UnigramTokenizer,
  {
    examples,
    ...run
  }: {
    examples: readonly ReadingExample[];
    longest: number;
    microTokens: number;
    compute: BertPass['compute'];
  },
): Judgement {
  let [loss, passages] = [0, 0];
  const found: { best: number; right: boolean; answerable: boolean }[] = [];
  scope(() =>
    noGrad(() => {
      const { weights } = model.lora.step(asQ4);
      for (const example of examples) {
        const sequences = example.passages.map(({ text }) =>
          encodePair(tokenizer, { question: example.question, passage: text }, run.longest),
        );
        const logits = sequences.map((): readonly number[] => []);
        const { pad } = tokenizer.vocabulary;
        for (const batch of microBatches(sequences, { tokens: run.microTokens, pad })) {
          const scores = scope(() =>
            model.logits(batch, { compute: run.compute, replaced: weights }).toFloat32Array(),
          );
          for (const [i, row] of batch.rows.entries()) logits[row] = [...scores.subarray(2 * i, 2 * i + 2)];
        }
        for (const [i, { label }] of example.passages.entries())
          for (const [output, target] of targetsOf(label).entries())
            loss += Math.log1p(Math.exp((target === 1 ? -1 : 1) * logits[i]![output]!)) / 2;
        passages += sequences.length;
        const answers = logits.map(([answer]) => answer!);
        const best = Math.max(...answers);
        const right = example.passages[answers.indexOf(best)]?.label === 'answers';
        found.push({ best, right, answerable: example.passages.some(({ label }) => label === 'answers') });
      }
    }),
  );
  const answerable = found.filter((one) => one.answerable);
  const rest = found.filter((one) => !one.answerable);
  const first = answerable.filter(({ right }) => right).length / answerable.length;
  let wins = 0;
  for (const a of answerable) for (const b of rest) wins += a.best > b.best ? 1 : a.best === b.best ? 0.5 : 0;
  return { loss: loss / passages, first, auc: wins / (answerable.length * rest.length) };
}
