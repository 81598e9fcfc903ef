import { LucieError, Random } from '@lucie/ledger';
import { z } from 'zod';

/** Everything that decides what a step sees. Kept as `order.json` beside the weights. */
export const orderShape = z.strictObject({
  seed: z.int().min(0),
  sequenceLength: z.int().positive(),
  batchSize: z.int().positive(),
  sources: z
    .array(
      z.strictObject({
        name: z.string(),
        tokens: z.int().min(0),
        /** How often a source's text is seen relative to the others': 2 is twice as often. */
        epochs: z.number().positive(),
      }),
    )
    .min(1),
  /**
   * Without it each epoch of a source is shuffled whole. With it the source is read from its beginning to its end, so
   * that a corpus in order of date is learnt in that order: every block of so many windows is shuffled in itself, and
   * none moves further than its block. 1: exactly as it lies. What the steps do not reach is never seen: they should
   * cover whole epochs.
   */
  shuffleWindow: z.int().positive().optional(),
});
export type OrderSpec = z.infer<typeof orderShape>;

/** One row of a batch: `sequenceLength + 1` tokens of a source from token `start` on. */
export interface Sample {
  /** Index into the spec's sources. */
  source: number;
  start: number;
  /** How many times the source had been seen whole before. */
  epoch: number;
}

/** Samples that share one shuffled round of the mix; its inverse is the mix's grain. */
const ROUND = 1 << 16;

/**
 * The order of the data: what step s sees is a pure function of the spec and s, whatever the number of ranks and
 * restarts. A source's tokens are cut into fixed windows that overlap by one token, so that each token is predicted
 * once; each epoch shuffles them anew, whole or in blocks (`shuffleWindow`). Sources interleave in rounds of 65,536
 * samples, each a shuffle that holds every source in proportion to its windows × epochs: after every round each has had
 * its exact share to within one sample, however small it is.
 */
export class DataOrder {
  readonly spec: OrderSpec;
  readonly #windows: number[];
  /** Samples of each source in a round, before they are made whole. */
  readonly #exact: number[];
  /** Samples of each source before round r, for the rounds reached so far. */
  readonly #before: Float64Array[];
  #round?: { index: number; source: Uint16Array; rank: Uint32Array };
  #shuffles: ({ epoch: number; block: number; windows: Uint32Array } | undefined)[] = [];

  /** @throws LucieError `NOT_ENOUGH_TOKENS` when no source fills one window */
  constructor(spec: OrderSpec) {
    this.spec = spec;
    this.#windows = spec.sources.map(({ tokens }) =>
      Math.max(0, Math.floor((tokens - 1) / spec.sequenceLength)),
    );
    const weights = spec.sources.map(({ epochs }, i) => epochs * this.#windows[i]!);
    if (weights.every((weight) => weight === 0)) {
      throw new LucieError({
        code: 'NOT_ENOUGH_TOKENS',
        found: `${Math.max(...spec.sources.map((source) => source.tokens))} tokens in the largest source`,
        expected: `at least ${spec.sequenceLength + 1}`,
        todo: 'add text or shorten sequenceLength',
      });
    }
    const sum = weights.reduce((a, b) => a + b, 0);
    this.#exact = weights.map((weight) => (weight / sum) * ROUND);
    this.#before = [new Float64Array(weights.length)];
  }

  /** Sample number n = step × batchSize + row. */
  sample(n: number): Sample {
    const round = this.#roundOf(Math.floor(n / ROUND));
    const slot = n % ROUND;
    const source = round.source[slot]!;
    const seen = this.#before[round.index]![source]! + round.rank[slot]!;
    const epoch = Math.floor(seen / this.#windows[source]!);
    const window = this.#windowAt(source, { epoch, place: seen % this.#windows[source]! });
    return { source, epoch, start: window * this.spec.sequenceLength };
  }

  /** The rows of one rank at a step; the ranks' rows in order make the batch of a single rank. */
  step(step: number, share: { rank: number; ranks: number } = { rank: 0, ranks: 1 }): Sample[] {
    const { batchSize } = this.spec;
    const first = Math.floor((share.rank * batchSize) / share.ranks);
    const end = Math.floor(((share.rank + 1) * batchSize) / share.ranks);
    return Array.from({ length: end - first }, (_, row) => this.sample(step * batchSize + first + row));
  }

  #roundOf(index: number): { index: number; source: Uint16Array; rank: Uint32Array } {
    if (this.#round?.index === index) return this.#round;
    while (this.#before.length < index + 2)
      this.#before.push(afterRound(this.#exact, this.#before.at(-1)!, this.#before.length));
    const before = this.#before[index]!;
    const source = new Uint16Array(ROUND);
    let filled = 0;
    for (const [i, after] of this.#before[index + 1]!.entries())
      source.fill(i, filled, (filled += after - before[i]!));
    new Random(this.spec.seed, `order/round/${index}`).shuffle(source);
    const rank = new Uint32Array(ROUND);
    const counts = new Uint32Array(before.length);
    for (let slot = 0; slot < ROUND; slot++) rank[slot] = counts[source[slot]!]!++;
    return (this.#round = { index, source, rank });
  }

  /** The window that stands at a place of an epoch: blocks follow each other, shuffled each in itself. */
  #windowAt(source: number, at: { epoch: number; place: number }): number {
    const windows = this.#windows[source]!;
    const blockSize = Math.min(this.spec.shuffleWindow ?? windows, windows);
    const block = Math.floor(at.place / blockSize);
    const kept = this.#shuffles[source];
    if (kept?.epoch === at.epoch && kept.block === block) return kept.windows[at.place - block * blockSize]!;
    const first = block * blockSize;
    const length = Math.min(blockSize, windows - first);
    const shuffled = Uint32Array.from({ length }, (_, i) => first + i);
    const stream = `order/${this.spec.sources[source]!.name}/${at.epoch}`;
    new Random(this.spec.seed, block === 0 ? stream : `${stream}/${block}`).shuffle(shuffled);
    this.#shuffles[source] = { epoch: at.epoch, block, windows: shuffled };
    return shuffled[at.place - first]!;
  }
}

/**
 * Samples of each source after so many rounds, from those after one round less: what each is due, in whole numbers
 * (largest remainders; ties to the first). What a source is owed, or had too early, goes into the next round; rounded
 * alike each time a source of less than half a sample a round would never be seen.
 */
function afterRound(exact: number[], before: Float64Array, rounds: number): Float64Array {
  const due = exact.map((share, i) => share * rounds - before[i]!);
  const quotas = due.map((samples) => Math.max(0, Math.floor(samples)));
  const left = ROUND - quotas.reduce((a, b) => a + b, 0);
  const byRemainder = due.map((samples, i) => ({ i, remainder: samples - quotas[i]! }));
  byRemainder.sort((a, b) => b.remainder - a.remainder || a.i - b.i);
  for (const { i } of byRemainder.slice(0, Math.max(0, left))) quotas[i]!++;
  return before.map((samples, i) => samples + quotas[i]!);
}
