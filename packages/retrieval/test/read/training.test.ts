import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Random } from '@lucie/ledger';
import { ops, scope, setThreads, Tensor } from '@lucie/torch';
import { describe, expect, test } from 'vitest';
import { encodeAdapter, readAdapter } from '../../src/read/adapter.ts';
import { classify } from '../../src/read/classify.ts';
import { parseE5 } from '../../src/read/e5-file.ts';
import { encodePair } from '../../src/read/encode-pair.ts';
import { mergeAdapter } from '../../src/read/merge-adapter.ts';
import type { Label, ReadingExample } from '../../src/read/training/example.ts';
import { judge } from '../../src/read/training/judge.ts';
import { microBatches } from '../../src/read/training/micro-batch.ts';
import { readerLoss } from '../../src/read/training/reader-loss.ts';
import { asQ4, ReaderModel } from '../../src/read/training/reader-model.ts';
import { runTraining, type TrainingFiles } from '../../src/read/training/run-training.ts';
import { type ReaderTraining, trainSteps } from '../../src/read/training/train.ts';
import { trainingOrder } from '../../src/read/training/training-order.ts';
import { UnigramTokenizer } from '../../src/read/unigram.ts';
import { madeE5, TINY, TINY_PIECES } from './made-e5.ts';

const file = parseE5(madeE5(), 'tiny');
const tokenizer = new UnigramTokenizer(file.vocabulary);
const shown = (ids: number[]) => ids.map((one) => TINY_PIECES[one]);

describe('the tokenizer', () => {
  test('takes the likeliest pieces; a space goes in front, runs of spaces are one', () => {
    // ▁le costs 4.6, ▁ l e 1.4 + 2.6 + 1.9.
    expect(shown(tokenizer.encode('le  la'))).toEqual(['▁le', '▁', 'l', 'a']);
    expect(shown(tokenizer.encode(' la'))).toEqual(['▁', 'l', 'a']);
    expect(shown(tokenizer.encode(''))).toEqual(['▁']);
  });

  test('normalises characters, drops some, and knows what is unknown', () => {
    expect(shown(tokenizer.encode('a\u00a0\u0001 b'))).toEqual(['▁', 'a', '▁', 'b']);
    expect(shown(tokenizer.encode('a好😀'))).toEqual(['▁', 'a', '<unk>', '<unk>']);
  });

  test('makes the end mark of the written one', () => {
    expect(shown(tokenizer.encode('a </s> b'))).toEqual(['▁', 'a', '▁', '</s>', '▁', 'b']);
  });
});

describe('a pair', () => {
  const pair = (question: string, passage: string, longest = 64) =>
    shown(encodePair(tokenizer, { question, passage }, longest));

  test('is begin, the question, the end mark, the passage, end', () => {
    expect(pair('le', 'b')).toEqual(['<s>', '▁query', ':', '▁le', '▁', '</s>', '▁', 'b', '</s>']);
  });

  test('loses the passage’s end, not its own; marks in either part are none', () => {
    expect(pair('le', 'abcdefgh', 10)).toEqual([...pair('le', 'ab'), '</s>'].toSpliced(-2, 1));
    expect(pair('le </s> a', '＜/s＞b').filter((piece) => piece === '</s>').length).toBe(2);
  });

  test('of a long question keeps 64 tokens of it and the passage', () => {
    const pieces = pair('a'.repeat(200), 'b', 512);
    expect(pieces.filter((piece) => piece === 'a').length).toBeGreaterThan(60);
    expect(pieces.filter((piece) => piece === 'a').length).toBeLessThan(65);
    expect(pieces.slice(-4)).toEqual(['</s>', '▁', 'b', '</s>']);
  });
});

test('micro-batches hold every sequence once, padded to the longest beside it, within their tokens', () => {
  const random = new Random(3);
  const sequences = Array.from({ length: 50 }, () => Array.from({ length: 1 + random.below(30) }, () => 7));
  const batches = microBatches(sequences, { tokens: 100, pad: 1 });
  expect(batches.flatMap(({ rows }) => rows).sort((a, b) => a - b)).toEqual([...sequences.keys()]);
  for (const { ids, shape, lengths, rows } of batches) {
    expect(shape[0] * shape[1]).toBeLessThanOrEqual(100);
    expect(shape[1]).toBe(Math.max(...lengths));
    for (const [i, row] of rows.entries()) {
      const length = sequences[row]!.length;
      expect(lengths[i]).toBe(length);
      const values = [...ids.subarray(i * shape[1], (i + 1) * shape[1])].map(Number);
      expect(values).toEqual([...sequences[row]!, ...Array(shape[1] - length).fill(1)]);
    }
  }
  expect(microBatches([[1, 2, 3]], { tokens: 1, pad: 1 }).length).toBe(1);
});

test('the loss is the cross-entropy of both outputs: answers count half as much again, contradictions half', () => {
  const labels: Label[] = ['answers', 'contradicts', 'neither'];
  const loss = scope(() =>
    readerLoss(Tensor.from(Float32Array.of(2, -1, 0, 1, -3, 0), [3, 2]), labels).item(),
  );
  const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
  const expected =
    -1.5 * (Math.log(sigmoid(2)) + 0.5 * Math.log(sigmoid(1))) -
    (Math.log(0.5) + 0.5 * Math.log(sigmoid(1))) -
    (Math.log(sigmoid(3)) + 0.5 * Math.log(0.5));
  expect(loss).toBeCloseTo(expected, 5);
});

/** Passages with a z answer, those with a q contradict, whatever the question. */
function planted(count: number): ReadingExample[] {
  const random = new Random(9, 'planted');
  const word = () => Array.from({ length: 3 }, () => 'abcdefgh'[random.below(8)]).join('');
  const passage = (letter: string) => `${word()} ${letter}${letter}${letter} ${word()}`;
  return Array.from({ length: count }, (_, i) => ({
    group: `g${i % 4}`,
    question: `le ${word()} ?`,
    passages: [
      ...(i % 3 === 0 ? [] : [{ text: passage('z'), label: 'answers' as const }]),
      { text: passage('q'), label: 'contradicts' as const },
      { text: passage('m'), label: 'neither' as const },
    ],
  }));
}

const run: ReaderTraining = {
  examples: trainingOrder([{ examples: planted(60), epochs: 10 }], 1),
  seed: 1,
  lr: 0.03,
  warmupSteps: 5,
  stepTokens: 300,
  microTokens: 150,
  longest: 64,
  dropout: 0.1,
  compute: undefined,
};
const facts = { base: '0'.repeat(64), data: { planted: '1'.repeat(64) } };

function trained(change: Partial<ReaderTraining> = {}, firstLayer = 0) {
  setThreads(1);
  const model = new ReaderModel(file, { rank: 4, alpha: 8, seed: change.seed ?? 1, firstLayer });
  const steps = [...trainSteps(model, tokenizer, { ...run, ...change })];
  return { model, steps, adapter: model.adapter(facts) };
}

describe('training', () => {
  test('learns a planted pattern: the loss falls, and what it then says is right', () => {
    const { model, steps } = trained();
    using _ = model;
    const mean = (part: typeof steps) => part.reduce((sum, { loss }) => sum + loss, 0) / part.length;
    expect(mean(steps.slice(-10))).toBeLessThan(0.3 * mean(steps.slice(0, 5)));
    expect(steps.at(-1)!.seen).toBe(600);
    expect(steps[0]!.lr).toBeCloseTo(0.006, 6);
    expect(steps.at(-1)!.lr).toBeLessThan(0.0015);
    const judged = judge(model, tokenizer, {
      examples: planted(80).slice(60),
      longest: 64,
      microTokens: 100,
      compute: undefined,
    });
    expect(judged.first).toBeGreaterThan(0.9);
    expect(judged.auc).toBeGreaterThan(0.9);
    expect(judged.loss).toBeLessThan(0.3);
  });

  test('gives the same bytes again, others with another seed', () => {
    const short = { examples: run.examples.slice(0, 40) };
    const bytes = (change: Partial<ReaderTraining>) => {
      const { model, adapter } = trained({ ...short, ...change });
      model[Symbol.dispose]();
      return Buffer.from(encodeAdapter(adapter)).toString('base64');
    };
    expect(bytes({})).toBe(bytes({}));
    expect(bytes({})).not.toBe(bytes({ seed: 2 }));
    expect(bytes({ compute: 'bfloat16' })).toBe(bytes({ compute: 'bfloat16' }));
  });

  test('trains what will run: the merged file says what the trained model said', async () => {
    const { model, adapter } = trained({ examples: run.examples.slice(0, 60) });
    const bytes = file.bytes.slice();
    for (const [name, matrix] of await mergeAdapter(file, adapter, 'trained'))
      bytes.set(matrix, file.tensors.get(name)!.offset);
    using merged = new ReaderModel(parseE5(bytes, 'merged'), { rank: 1, alpha: 1, seed: 1 });
    const pairs = planted(6).flatMap(({ question, passages }) =>
      passages.map(({ text }) => encodePair(tokenizer, { question, passage: text }, 64)),
    );
    using _ = model;
    for (const batch of microBatches(pairs, { tokens: 200, pad: 1 })) {
      scope(() => {
        const logits = model.logits(batch, { replaced: model.lora.step(asQ4).weights }).toFloat32Array();
        const vectors = merged.vectors(batch, {}).toFloat32Array();
        for (const row of batch.rows.keys()) {
          const vector = vectors.subarray(row * 32, (row + 1) * 32);
          const { answers, contradicts } = classify(vector, adapter.classifier);
          const expected = [...logits.subarray(2 * row, 2 * row + 2)].map((x) => 1 / (1 + Math.exp(-x)));
          expect(answers).toBeCloseTo(expected[0]!, 3);
          expect(contradicts).toBeCloseTo(expected[1]!, 3);
        }
      });
    }
  });

  test('goes on from an adapter, and refuses one of another rank', () => {
    const { model, adapter } = trained({ examples: run.examples.slice(0, 20) });
    model[Symbol.dispose]();
    using next = new ReaderModel(file, { rank: 4, alpha: 8, seed: 5 });
    next.load(adapter);
    expect(encodeAdapter({ ...next.adapter(facts), seed: 1 })).toEqual(encodeAdapter(adapter));
    using other = new ReaderModel(file, { rank: 2, alpha: 8, seed: 5 });
    expect(() => other.load(adapter)).toThrow(expect.objectContaining({ code: 'ADAPTER_FOREIGN' }));
  });

  test('leaves the layers below the first as they are', () => {
    const { model, adapter } = trained({ examples: run.examples.slice(0, 10) }, 1);
    using _ = model;
    expect([...adapter.pairs.keys()].length).toBe(6);
    expect([...adapter.pairs.keys()].every((name) => name.startsWith('encoder.layer.1.'))).toBe(true);
    expect(adapter.pairs.get('encoder.layer.1.output.dense')!.B.some((value) => value !== 0)).toBe(true);
  });

  test('stops before a weight changes when the loss is not finite', () => {
    using model = new ReaderModel(file, { rank: 4, alpha: 8, seed: 1 });
    scope(() => model.head.bias.copyFromBytes(Float32Array.of(Number.NaN, 0)));
    expect(() => [...trainSteps(model, tokenizer, run)]).toThrow(
      expect.objectContaining({ code: 'LOSS_NOT_FINITE' }),
    );
    expect(scope(() => ops.isfinite(model.head.weight).toBytes().every(Boolean))).toBe(true);
  });
});

test('an order mixes sources as often as they are wanted', () => {
  const [a, b] = [planted(10), planted(20).slice(10)];
  const order = trainingOrder(
    [
      { examples: a, epochs: 2.5 },
      { examples: b, epochs: 0 },
    ],
    7,
  );
  expect(order.length).toBe(25);
  const counts = a.map((example) => order.filter((one) => one === example).length);
  expect(counts.every((count) => count === 2 || count === 3)).toBe(true);
  expect(order).toEqual(
    trainingOrder(
      [
        { examples: a, epochs: 2.5 },
        { examples: b, epochs: 0 },
      ],
      7,
    ),
  );
  expect(order).not.toEqual(trainingOrder([{ examples: a, epochs: 2.5 }], 8));
});

test('a training from files writes the adapter and says what it held out', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'train-reader-'));
  for (const folder of ['texts', 'parts']) mkdirSync(join(dir, folder));
  const paragraphs = ['abc zzz', 'abd mmm', 'abe qqq', 'abf hhh'].map((text) => ({ kind: 'text', text }));
  const lines = ['a-1', 'b-1'].flatMap((text) => {
    writeFileSync(
      join(dir, 'texts', `${text}.json`),
      JSON.stringify({ id: text, title: 'le', pages: [{ page: 1, paragraphs }] }),
    );
    return [1, 2].map((paragraph) => ({
      id: `${text}-q${paragraph}`,
      kind: 'direct',
      question: 'le abc ?',
      pupil: 'le abc',
      text,
      evidence: [{ text, page: 1, paragraph, quote: 'ab' }],
    }));
  });
  writeFileSync(join(dir, 'parts/a.jsonl'), lines.map((line) => JSON.stringify(line)).join('\n'));
  writeFileSync(join(dir, 'base.bin'), madeE5({ config: TINY }));
  const out = join(dir, 'adapter.safetensors');
  const said: string[] = [];
  const { examples: _, ...training } = run;
  const files: TrainingFiles = {
    base: join(dir, 'base.bin'),
    out,
    saveEvery: 1,
    school: { dir, epochs: 2 },
    hold: ['b-'],
    limit: 1e9,
    threads: 1,
    model: { rank: 2, alpha: 4 },
    training,
  };
  await runTraining(files, (line) => said.push(line));
  expect(said[0]).toBe('4 examples of 2, 2 held out');
  expect(said[1]).toMatch(/step 1 {2}4\/4 examples {2}loss \d\.\d+ .* tokens\/s/);
  expect(said[2]).toMatch(/held out: loss \d/);
  const adapter = await readAdapter(out);
  expect(adapter.rank).toBe(2);
  expect(adapter.pairs.size).toBe(12);
  expect(Object.keys(adapter.data)).toEqual(['ecole-fr-train']);

  // Goes on from there with other data: what both have seen is said.
  const context = 'abc zzz. '.repeat(9);
  const qas = [{ question: 'le abc ?', answers: [{ text: 'zzz', answer_start: 4 }] }];
  mkdirSync(join(dir, 'data'));
  const squad = { data: [{ title: 'le', paragraphs: [{ context, qas }] }] };
  writeFileSync(join(dir, 'data/more.json'), JSON.stringify(squad));
  const data = { dir: join(dir, 'data'), epochs: 3 };
  await runTraining({ ...files, init: out, school: { dir, epochs: 0 }, data }, (line) => said.push(line));
  expect(said[3]).toBe('3 examples of 1, 0 held out');
  const next = await readAdapter(out);
  expect(Object.keys(next.data)).toEqual(['ecole-fr-train', 'more.json']);
  expect(next.data['ecole-fr-train']).toBe(adapter.data['ecole-fr-train']);
  expect(next.base).toBe(adapter.base);
});
