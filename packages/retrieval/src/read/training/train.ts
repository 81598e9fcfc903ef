import { LucieError, Random } from '@lucie/ledger';
import type { BertPass } from '@lucie/model';
import { manualSeed, ops, scope } from '@lucie/torch';
import { AdamW } from '@lucie/training';
import { encodePair } from '../encode-pair.ts';
import type { UnigramTokenizer } from '../unigram.ts';
import type { Label, ReadingExample } from './example.ts';
import { microBatches } from './micro-batch.ts';
import { readerLoss } from './reader-loss.ts';
import { asQ4, type ReaderModel } from './reader-model.ts';
import { misspell } from './spelling-noise.ts';

export interface ReaderTraining {
  /** Examples in the order they are seen, repeated for each epoch. */
  examples: readonly ReadingExample[];
  seed: number;
  /** Highest learning rate, reached after `warmupSteps`; it falls in a straight line to a fiftieth with the last example. */
  lr: number;
  warmupSteps: number;
  /** Tokens between two updates, at least. */
  stepTokens: number;
  /** Tokens of one pass through the model, at most. */
  microTokens: number;
  /** Tokens of question and passage together, at most. */
  longest: number;
  dropout: number;
  compute: BertPass['compute'];
}

/** What a step did. */
export interface ReaderStep {
  step: number;
  /** Examples seen so far. */
  seen: number;
  /** Mean over the step's passages. */
  loss: number;
  /** Share of the passages of which "answers" is judged right at one half. */
  accuracy: number;
  passages: number;
  tokens: number;
  lr: number;
}

interface Pair {
  ids: number[];
  label: Label;
}

/**
 * Trains the model in place, a step at a time: AdamW on the low-rank matrices and the head, gradients cut to length 1.
 * The same seed, examples and number of threads give the same bits.
 * @throws LucieError `LOSS_NOT_FINITE`
 */
export function* trainSteps(
  model: ReaderModel,
  tokenizer: UnigramTokenizer,
  run: ReaderTraining,
): Generator<ReaderStep, void> {
  const random = new Random(run.seed, 'reader/questions');
  manualSeed(run.seed);
  // Betas of the prototype: gradients of small batches are noisy, and 0.999 would remember the warm-up for long.
  using optimizer = new AdamW(model.parameters, {
    betas: [0.9, 0.98],
    eps: 1e-8,
    weightDecay: 0.01,
    clip: 1,
  });
  for (let step = 0, seen = 0; seen < run.examples.length; step++) {
    const lr = rateAt(step, seen / run.examples.length, run);
    const pairs: Pair[] = [];
    let tokens = 0;
    while (seen < run.examples.length && tokens < run.stepTokens) {
      for (const pair of pairsOf(run.examples[seen++]!, tokenizer, { longest: run.longest, random })) {
        pairs.push(pair);
        tokens += pair.ids.length;
      }
    }
    if (pairs.length === 0) continue;
    const { loss, right } = update(model, optimizer, { pairs, lr, run, pad: tokenizer.vocabulary.pad, step });
    const { length: passages } = pairs;
    yield { step, seen, loss, accuracy: right / passages, passages, tokens, lr };
  }
}

function rateAt(step: number, done: number, { lr, warmupSteps }: ReaderTraining): number {
  return lr * Math.min(1, (step + 1) / Math.max(1, warmupSteps)) * Math.max(0.02, 1 - done);
}

/** Two in five questions as pupils really typed them, or else one in four misspelt. */
function pairsOf(
  { question, pupil, passages }: ReadingExample,
  tokenizer: UnigramTokenizer,
  { longest, random }: { longest: number; random: Random },
): Pair[] {
  const [typed, spoilt] = [random.float() < 0.4, random.float() < 0.25];
  const asked = pupil !== undefined && typed ? pupil : spoilt ? misspell(question, random) : question;
  return passages.map(({ text, label }) => ({
    ids: encodePair(tokenizer, { question: asked, passage: text }, longest),
    label,
  }));
}

function update(
  model: ReaderModel,
  optimizer: AdamW,
  {
    pairs,
    lr,
    run,
    pad,
    step,
  }: { pairs: Pair[]; lr: number; run: ReaderTraining; pad: number; step: number },
): { loss: number; right: number } {
  return scope(() => {
    const sequences = pairs.map(({ ids }) => ids);
    const adapted = model.lora.step(asQ4);
    const pass: BertPass = { compute: run.compute, dropout: run.dropout, replaced: adapted.weights };
    let [loss, right] = [0, 0];
    for (const batch of microBatches(sequences, { tokens: run.microTokens, pad })) {
      scope(() => {
        const labels = batch.rows.map((row) => pairs[row]!.label);
        const logits = model.logits(batch, pass);
        const share = ops.mul_Scalar(readerLoss(logits, labels), 1 / pairs.length);
        loss += share.item();
        share.backward();
        const scores = logits.toFloat32Array();
        right += labels.filter((label, i) => scores[2 * i]! > 0 === (label === 'answers')).length;
      });
    }
    adapted.backward();
    const norm = optimizer.gradientNorm();
    if (!Number.isFinite(loss) || !Number.isFinite(norm)) throw notFinite(step, loss, norm);
    optimizer.step(lr, norm);
    return { loss, right };
  });
}

function notFinite(step: number, loss: number, norm: number): LucieError {
  return new LucieError({
    code: 'LOSS_NOT_FINITE',
    found: `loss ${loss} and gradient norm ${norm} at step ${step}`,
    expected: 'finite numbers',
    todo: 'lower the learning rate or lengthen the warm-up',
  });
}
