import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256 } from '@lucie/ledger';
import { describe, expect, test } from 'vitest';
import { BENCHMARK } from '../../src/answer/calibration/fit.ts';
import { type CalibrationExample, fitCalibration } from '../../src/answer/calibration/fit-calibration.ts';
import { fitLogistic } from '../../src/answer/calibration/fit-logistic.ts';
import weights from '../../src/answer/calibration/weights.json' with { type: 'json' };
import { FEATURES, type Feature, type FeatureValues } from '../../src/answer/refusal-features.ts';
import {
  answerProbability,
  featureNames,
  type LogisticWeights,
  weightsFor,
} from '../../src/answer/refusal-model.ts';

const BASES = ['lexical', 'dense', 'reader'] as const;
const folder = join(import.meta.dirname, '../../src/answer/calibration');
const examples = (name: string): CalibrationExample[] =>
  readFileSync(join(folder, `examples-${name}.jsonl`), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

describe('the weights of refusal', () => {
  test('are of the benchmark as it is frozen', () => {
    expect(weights.benchmark).toBe(sha256(readFileSync(join(BENCHMARK, 'SHA256SUMS'))));
  });

  test.each(BASES)('%s: fitting again gives the same, to nine digits', (name) => {
    const again = fitCalibration(examples(name), name);
    const kept: LogisticWeights = weights[name];
    expect(Object.keys(again.weights)).toEqual(Object.keys(kept.weights));
    for (const [feature, value] of Object.entries(again.weights)) {
      expect(value).toBeCloseTo(kept.weights[feature as Feature]!, 6);
    }
    expect(again.bias).toBeCloseTo(kept.bias, 6);
    expect(again.threshold).toBeCloseTo(kept.threshold, 6);
    expect(again.crossValidated.coverage).toBeGreaterThanOrEqual(0.7);
  });

  test('come from the development split alone, both spellings of each question', () => {
    const split = new Map(
      readFileSync(join(BENCHMARK, 'questions.jsonl'), 'utf8')
        .trim()
        .split('\n')
        .map((line): [string, string] => {
          const { id, split } = JSON.parse(line);
          return [id, split];
        }),
    );
    for (const name of BASES) {
      const all = examples(name);
      expect(all.every(({ id }) => split.get(id) === 'dev')).toBe(true);
      expect(all.length).toBeGreaterThan(250);
    }
  });

  test('never count against their feature', () => {
    for (const { weights: own } of BASES.map((name) => weights[name])) {
      for (const [name, value] of Object.entries(own))
        expect(value * FEATURES[name as Feature]).toBeGreaterThanOrEqual(0);
    }
  });

  test('are chosen by what the passages were found and read with', () => {
    const bare = { hits: [{}, { dense: 0 }] };
    expect(weightsFor(bare)).toBe(weights.lexical);
    expect(weightsFor({ hits: [{}, { dense: 0.8 }] })).toBe(weights.dense);
    expect(weightsFor({ hits: [{ dense: 0.8 }], readings: new Map() })).toBe(weights.reader);
    expect(featureNames('lexical')).not.toContain('dense');
    expect(featureNames('dense')).not.toContain('reads');
    expect(featureNames('reader')).toContain('reads');
  });

  test('give a probability by the logistic function', () => {
    const none = Object.fromEntries(Object.keys(FEATURES).map((name) => [name, 0])) as FeatureValues;
    const model = { bias: Math.log(3), weights: { covered: 2 }, threshold: 0.5 };
    expect(answerProbability(none, model)).toBeCloseTo(0.75, 12);
    expect(answerProbability({ ...none, covered: -Math.log(3) }, model)).toBeCloseTo(0.25, 12);
  });
});

describe('logistic regression', () => {
  test('without a penalty it gives the odds of a table (2×2, log odds ratio by hand)', () => {
    // x = 0: 30 of 40 are 1; x = 1: 10 of 50: bias ln 3, weight ln(10/40) − ln 3.
    const rows = (n: number, x: number, y: 0 | 1) => Array.from({ length: n }, () => ({ x: [x], y }));
    const { bias, weights: own } = fitLogistic(
      [...rows(30, 0, 1), ...rows(10, 0, 0), ...rows(10, 1, 1), ...rows(40, 1, 0)],
      0,
    );
    expect(bias).toBeCloseTo(Math.log(3), 8);
    expect(own[0]).toBeCloseTo(Math.log(0.25) - Math.log(3), 8);
  });

  test('a penalty draws weights to 0, and a feature that never varies gets none', () => {
    const rows = [0, 0, 0, 1, 1, 1].map((x, i) => ({ x: [x, 5], y: (i === 2 || i > 3 ? 1 : 0) as 0 | 1 }));
    const free = fitLogistic(rows, 0.001);
    const held = fitLogistic(rows, 10);
    expect(Math.abs(held.weights[0]!)).toBeLessThan(Math.abs(free.weights[0]!));
    expect(held.weights[1]).toBeCloseTo(0, 9);
  });
});
