import { Random } from '@lucie/ledger';
import type { Tokenizer } from '@lucie/tokenizer';
import type { Fact } from './country-questions.ts';
import { type Example, encodePair, type Kind, type Pair } from './example.ts';

/** What can be trained on: fixed pairs, and facts that have several wordings. */
export interface Material {
  pairs: Pair[];
  facts: Fact[];
}

/**
 * All examples of a run in the order of training, a function of material, epochs and seed. Each epoch of a fact draws
 * one of its wordings; what is seen often is spread over the whole run.
 * @param opts.epochs - how often each kind is seen; a fraction takes that part of the kind once more
 */
export function mixExamples(
  material: Material,
  tokenizer: Tokenizer,
  opts: { epochs: Record<Kind, number>; seed: number },
): Example[] {
  const random = new Random(opts.seed, 'instruct/mix');
  const encoded = new Map<string, Example>();
  const encode = (question: string, answer: string) => {
    const key = `${question}\0${answer}`;
    const example = encoded.get(key) ?? encodePair(tokenizer, { question, answer });
    encoded.set(key, example);
    return example;
  };
  const items = [
    ...material.pairs.map((pair) => ({ kind: pair.kind, draw: () => encode(pair.question, pair.answer) })),
    ...material.facts.map((fact) => ({
      kind: fact.kind,
      draw: () => encode(fact.questions[random.below(fact.questions.length)]!, fact.answer),
    })),
  ];
  const placed: { at: number; example: Example }[] = [];
  for (const kind of [...new Set(items.map((item) => item.kind))].sort()) {
    const own = items.filter((item) => item.kind === kind);
    const epochs = opts.epochs[kind];
    for (let epoch = 0; epoch < epochs; epoch++) {
      const part = Math.min(1, epochs - epoch);
      for (const item of random.shuffle([...own]).slice(0, Math.round(part * own.length))) {
        placed.push({ at: (epoch + part * random.float()) / epochs, example: item.draw() });
      }
    }
  }
  return placed.sort((a, b) => a.at - b.at).map(({ example }) => example);
}
