import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type CorpusReport, type Document, licences, writeDocuments } from '@lucie/corpus';
import type { Scores } from '@lucie/evaluation';
import { type Stage, writeJson } from '@lucie/ledger';
import { tinyDocuments, writeInstructFolder } from './tiny-folder.ts';

const documents: Document[] = tinyDocuments.map(({ id, text, source, language }) => ({
  id,
  text,
  source,
  language,
  licence: 'etalab-2.0',
  date: '2026-01-01',
  url: '',
  title: '',
  extra: '{}',
}));

const removed = { documents: 321, bytes: 4_567 };
const share = { documents: 9_876, bytes: 1_234_567, share: 0.987654, tokens: 289_805 };
const none = { documents: 0, bytes: 0 };

export const report: CorpusReport = {
  format: 2,
  documents: { documents: 10_000, bytes: 1_250_000 },
  heldOut: { documents: 12, bytes: 5_000 },
  read: { documents: 10_333, bytes: 1_315_433 },
  tokens: 293_752,
  rules: [
    { rule: 'language', removed: none, changed: none },
    { rule: 'near-duplicate', removed, changed: none },
  ],
  languages: {
    fr: share,
    en: { documents: 124, bytes: 15_433, share: 0.012346, tokens: 3_947 },
    'code:go': { documents: 1, bytes: 99, share: 0.00008, tokens: 34 },
  },
  licences: {
    'etalab-2.0': { ...share, ...licences['etalab-2.0']! },
    'ODbL-1.0': { ...share, share: 0.012346, ...licences['ODbL-1.0']! },
  },
  sources: [
    {
      source: 'fiches',
      origin: { package: '@exemple/fiches', version: '1.2.3', integrity: 'sha512-abcdef==' },
      attribution: 'Fiches du ministère des Essais',
      homepage: 'https://fiches.example/',
      licences: ['etalab-2.0'],
      languages: ['fr'],
      read: { documents: 10_209, bytes: 1_300_000 },
      removed: { 'near-duplicate': removed },
      changed: {},
      counts: {},
      kept: { documents: 9_876, bytes: 1_234_567 },
      tokens: 289_805,
      unaccounted: none,
      heldOut: { documents: 12, bytes: 5_000 },
      share: 0.987654,
      dates: { first: '2019-05-04', last: '2026-03-02' },
    },
    {
      source: 'pays',
      origin: { package: 'pays-du-monde', version: '4.5.6', integrity: 'sha512-ghijkl==' },
      attribution: 'Pays du monde, un auteur',
      homepage: '',
      licences: ['ODbL-1.0'],
      languages: ['en'],
      read: { documents: 124, bytes: 15_433 },
      removed: {},
      changed: {},
      counts: {},
      kept: { documents: 124, bytes: 15_433 },
      tokens: 3_947,
      unaccounted: none,
      heldOut: { documents: 0, bytes: 0 },
      share: 0.012346,
      dates: { first: '2024', last: '2024' },
    },
  ],
  years: { '2024': { documents: 124, bytes: 15_433, share: 0.012346, tokens: 3_947 }, '2026': share },
  absent: [{ source: 'manuels', why: 'no Debian here' }],
  personalData: {},
  duplicates: { clusters: 0, removed: {}, sizes: [], similarities: [], between: [], biggest: [] },
  contamination: [],
  mix: {
    format: 1,
    order: { by: 'reading' },
    temperature: 1,
    bytesPerToken: {},
    tokens: 293_752,
    trainedTokens: 293_752,
    sources: [],
    languages: {},
    categories: {},
  },
  composition: [],
  samples: [],
};

const taskOfShares = (name: string, model: string, value: number, n: number): Scores['tasks'][number] => ({
  name,
  metric: 'share',
  better: 'higher',
  model,
  value,
  low: value,
  high: value,
  n,
  bar: null,
});

const scores: Scores = {
  version: 1,
  name: 'essai',
  models: { base: { sha256: 'ab'.repeat(32), parameters: 257_000, contextLength: 256, vocabSize: 320 } },
  protocol: { stride: 64, seed: 1, resamples: 50 },
  tasks: [
    {
      name: 'bits-per-byte-fr',
      metric: 'bits-per-byte',
      better: 'lower',
      model: 'base',
      value: 1.6789,
      low: 1.6012,
      high: 1.7531,
      n: 12,
      bar: 1.7,
      peer: { xz: 2.2468, zstd: 2.3579 },
    },
    taskOfShares('samples-in-french', 'base', 0.4, 10),
    { ...taskOfShares('capitals-stopped', 'instruct', 20 / 21, 21), bar: 19 / 21 },
    taskOfShares('capitals-held-out-correct', 'instruct', 1 / 21, 21),
  ],
  samples: [],
  answers: [],
  skipped: [],
};

const training = {
  parameters: 257_000,
  steps: 1_234,
  tokens_seen: 5_054_464,
  final_loss: 3.3219,
  tokens_per_second: 9_753,
};

const identity = { torch: '2.15.0', capability: 'AVX512', cpu: 'Processeur d’essai', threads: 3 };

/** Small weights: the best token is the last one again, by far, so that rounding has nothing to decide. */
export function writeCalmFolder(dir: string): Promise<void> {
  return writeInstructFolder(dir, { config: { initializer_range: 0.02 } });
}

/** The six stages before a release, each leaving what the release reads, in no time. */
export function earlierStages(folder: (dir: string) => Promise<void> = writeCalmFolder): Stage[] {
  const stage = (
    name: string,
    facts: Record<string, unknown>,
    write: (dir: string) => Promise<unknown>,
    seed?: number,
  ): Stage => ({
    name,
    version: 1,
    options: seed === undefined ? {} : { seed },
    needs: [],
    async run({ dir, identity: record }) {
      if (seed !== undefined) await record(identity);
      await mkdir(dir, { recursive: true });
      await write(dir);
      return { facts };
    },
  });
  return [
    stage('corpus', {}, async (dir) => {
      await writeDocuments(join(dir, 'heldout.parquet'), documents);
      await writeJson(join(dir, 'report.json'), report);
    }),
    stage('tokenizer', { vocabulary_size: 320, pre_tokenizer: 'qwen2' }, (dir) =>
      writeFile(join(dir, 'a'), ''),
    ),
    stage('tokens', { train: { fiches: { tokens: 6_000_000 }, pays: { tokens: 738_000 } } }, (dir) =>
      writeFile(join(dir, 'b'), ''),
    ),
    stage('base', training, (dir) => writeFile(join(dir, 'c'), ''), 41),
    stage(
      'instruct',
      {
        ...training,
        steps: 77,
        examples: { answers: 100, capitals: 234 },
        countries_trained: 9,
        countries_held_out: 1,
      },
      folder,
      43,
    ),
    stage('evaluation', {}, (dir) => writeJson(join(dir, 'scores.json'), scores)),
  ];
}
