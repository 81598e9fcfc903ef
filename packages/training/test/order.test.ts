import { describe, expect, test } from 'vitest';
import { DataOrder, type OrderSpec, type Sample } from '../src/order.ts';

const spec: OrderSpec = {
  seed: 7,
  sequenceLength: 8,
  batchSize: 12,
  sources: [
    { name: 'droit', tokens: 8 * 5000 + 1, epochs: 1 },
    { name: 'fiches', tokens: 8 * 1000 + 4, epochs: 3 },
    { name: 'court', tokens: 3, epochs: 1 },
  ],
};
const range = (n: number) => Array.from({ length: n }, (_, i) => i);
const firstSamples = (n: number, change: Partial<OrderSpec> = {}): Sample[] => {
  const order = new DataOrder({ ...spec, ...change });
  return range(n).map((i) => order.sample(i));
};

describe('the order', () => {
  test('is the same for 1, 2, 3 and 8 ranks', () => {
    for (const step of [0, 1, 500, 9000]) {
      const whole = new DataOrder(spec).step(step);
      expect(whole).toHaveLength(12);
      for (const ranks of [2, 3, 8]) {
        const parts = range(ranks).flatMap((rank) => new DataOrder(spec).step(step, { rank, ranks }));
        expect(parts).toEqual(whole);
      }
    }
  });

  test('can be entered at any step, forwards and backwards', () => {
    const inOrder = range(50).map((step) => new DataOrder(spec).step(step * 400));
    const order = new DataOrder(spec);
    for (const step of range(50).reverse()) expect(order.step(step * 400)).toEqual(inOrder[step]);
  });

  test('depends on the seed', () => {
    expect(firstSamples(100, { seed: 8 })).not.toEqual(firstSamples(100));
  });

  test('is pinned: these first samples must never change for the same seed', () => {
    expect(firstSamples(6).map(({ source, start }) => `${source}:${start}`)).toMatchInlineSnapshot(`
      [
        "1:7056",
        "1:3808",
        "0:32672",
        "0:32840",
        "0:34248",
        "0:39088",
      ]
    `);
  });
});

describe('the mix', () => {
  test('every window once per epoch, and epochs in turn', () => {
    const samples = firstSamples(40_000);
    for (const [source, windows] of [
      [0, 5000],
      [1, 1000],
    ] as const) {
      const starts = samples.filter((sample) => sample.source === source);
      const epochs = Math.floor(starts.length / windows);
      expect(epochs).toBeGreaterThan(2);
      for (let epoch = 0; epoch < epochs; epoch++) {
        const seen = starts.slice(epoch * windows, (epoch + 1) * windows);
        expect(new Set(seen.map((sample) => sample.epoch))).toEqual(new Set([epoch]));
        expect(new Set(seen.map((sample) => sample.start))).toEqual(
          new Set(range(windows).map((w) => w * 8)),
        );
      }
      const [first, second] = [starts.slice(0, windows), starts.slice(windows, 2 * windows)];
      expect(first.map((s) => s.start)).not.toEqual(second.map((s) => s.start));
      expect(first.map((s) => s.start)).not.toEqual(first.map((s) => s.start).sort((a, b) => a - b));
    }
  });

  test('sources in proportion to windows × epochs, those too short never', () => {
    // 5000 × 1 against 1000 × 3: five eighths.
    const counts = [0, 0, 0];
    for (const { source } of firstSamples(65_536)) counts[source]!++;
    expect(counts).toEqual([40_960, 24_576, 0]);
    const early = firstSamples(4000).filter((sample) => sample.source === 0).length / 4000;
    expect(Math.abs(early - 5 / 8)).toBeLessThan(0.03);
  });

  test('every source has its exact share to within one sample after any number of rounds, however small', () => {
    // As uneven as a corpus of trillions: the least has 0.06 samples a round, the greatest 22,000; one is too short.
    const sources = range(50).map((i) => ({
      name: `s${i}`,
      tokens: Math.round(8 * 1.3 ** i * 20) + 1,
      epochs: 1 + (i % 3),
    }));
    sources.splice(30, 0, { name: 'court', tokens: 8, epochs: 3 });
    const windows = sources.map(({ tokens }) => Math.floor((tokens - 1) / 8));
    const weights = windows.map((count, i) => count * sources[i]!.epochs);
    const sum = weights.reduce((a, b) => a + b, 0);
    const order = new DataOrder({ ...spec, sources, shuffleWindow: 512 });
    // Read in order, a sample tells how many of its source came before it.
    const inOrder = new DataOrder({ ...spec, sources, shuffleWindow: 1 });
    const seen = sources.map(() => 0);
    const follow = (round: number) => {
      const first = new Map<number, number>();
      for (let n = round * 65_536; n < (round + 1) * 65_536; n++) {
        const { source } = order.sample(n);
        if (!first.has(source)) first.set(source, n);
        seen[source]!++;
      }
      for (const [source, n] of first) {
        const { epoch, start } = inOrder.sample(n);
        const before = epoch * windows[source]! + start / 8;
        expect(Math.abs(before - (weights[source]! / sum) * 65_536 * round)).toBeLessThan(1);
      }
    };
    for (let round = 0; round < 40; round++) {
      follow(round);
      const exact = weights.map((weight) => (weight / sum) * 65_536 * (round + 1));
      expect(Math.max(...exact.map((count, i) => Math.abs(count - seen[i]!)))).toBeLessThan(1);
    }
    expect(sources.filter((_, i) => seen[i] === 0).map(({ name }) => name)).toEqual(['court']);
    // Entered far on, as after a restart: what came before is known without being read.
    follow(12_000);
    expect(new DataOrder(order.spec).sample(12_000 * 65_536)).toEqual(order.sample(12_000 * 65_536));
  });

  test('windows lie inside their source and stay so over rounds', () => {
    const order = new DataOrder(spec);
    for (const n of [0, 65_535, 65_536, 65_537, 1_000_000]) {
      const { source, start } = order.sample(n);
      expect(start + 9).toBeLessThanOrEqual(spec.sources[source]!.tokens);
    }
    // The round before ended in the same epoch count as the next begins: no window is skipped at the seam.
    const seam = range(400).map((i) => order.sample(65_536 - 200 + i));
    for (const source of [0, 1]) {
      const starts = seam.filter((s) => s.source === source).map((s) => `${s.epoch}:${s.start}`);
      expect(new Set(starts).size).toBe(starts.length);
      const epochs = seam.filter((s) => s.source === source).map((s) => s.epoch);
      expect(epochs).toEqual([...epochs].sort((a, b) => a - b));
      expect(epochs[0]).toBeGreaterThan(5);
    }
  });

  test('refuses a mix in which nothing fills a window', () => {
    const sources = [{ name: 'court', tokens: 8, epochs: 1 }];
    expect(() => new DataOrder({ ...spec, sources })).toThrow(
      expect.objectContaining({ code: 'NOT_ENOUGH_TOKENS' }),
    );
  });
});

describe('a shuffle window', () => {
  const dated = { ...spec, shuffleWindow: 64 };
  const windowsOf = (samples: Sample[], source: number) =>
    samples.filter((sample) => sample.source === source).map(({ start }) => start / 8);

  test('reads a source from its beginning to its end, every window once an epoch', () => {
    const seen = firstSamples(40_000, dated);
    for (const [source, windows] of [
      [0, 5000],
      [1, 1000],
    ] as const) {
      const read = windowsOf(seen, source);
      for (let epoch = 0; epoch < 3; epoch++) {
        const whole = read.slice(epoch * windows, (epoch + 1) * windows);
        expect([...whole].sort((a, b) => a - b)).toEqual(range(windows));
        expect(Math.max(...whole.map((window, place) => Math.abs(window - place)))).toBeLessThan(64);
        // Shuffled inside: hardly any window stands in its place.
        expect(whole.filter((window, place) => window === place).length).toBeLessThan(windows / 10);
      }
      expect(read.slice(0, windows)).not.toEqual(read.slice(windows, 2 * windows));
      // Each block is shuffled in its own way.
      const steps = (block: number) => read.slice(block * 64, block * 64 + 64).map((window) => window % 64);
      expect(steps(1)).not.toEqual(steps(2));
    }
  });

  test('of one leaves the order of the corpus', () => {
    const read = windowsOf(firstSamples(9000, { shuffleWindow: 1 }), 0);
    expect(read.slice(0, 5000)).toEqual(range(5000));
    expect(read.slice(5000, 5100)).toEqual(range(100));
  });

  test('as wide as the source, or wider, is the shuffle without one', () => {
    for (const shuffleWindow of [5000, 1e9])
      expect(firstSamples(3000, { shuffleWindow })).toEqual(firstSamples(3000));
    expect(firstSamples(3000, { shuffleWindow: 4999 })).not.toEqual(firstSamples(3000));
  });

  test('is the same for 1, 2, 3 and 8 ranks, entered at any step', () => {
    const inOrder = range(40).map((step) => new DataOrder(dated).step(step * 300));
    const order = new DataOrder(dated);
    for (const step of range(40).reverse()) {
      expect(order.step(step * 300)).toEqual(inOrder[step]);
      for (const ranks of [2, 3, 8]) {
        const parts = range(ranks).flatMap((rank) => order.step(step * 300, { rank, ranks }));
        expect(parts).toEqual(inOrder[step]);
      }
    }
  });

  test('does not change how the sources are mixed', () => {
    const sources = (change: Partial<OrderSpec>) => firstSamples(5000, change).map(({ source }) => source);
    expect(sources({ shuffleWindow: 64 })).toEqual(sources({}));
  });
});
