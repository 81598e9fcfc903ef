import { join } from 'node:path';
import { type Document, type Mix, writeDocuments } from '@lucie/corpus';
import {
  type Progress,
  Random,
  runStages,
  type Stage,
  silent,
  writeFileAtomic,
  writeJson,
} from '@lucie/ledger';
import { formatTokenizerJson, trainTokenizer } from '@lucie/tokenizer';
import { type BaseOptions, baseStage } from '../src/base-stage.ts';
import { type InstructOptions, instructStage } from '../src/instruct-stage.ts';
import { tokensStage } from '../src/tokens-stage.ts';

/** Sentences of a small made-up world, the same for the same number. */
export function tinyText(seed: number, sentences = 12): string {
  const random = new Random(seed, 'tiny');
  const pick = (words: string) => {
    const list = words.split(' ');
    return list[random.below(list.length)]!;
  };
  return Array.from(
    { length: sentences },
    () =>
      `${pick('Le La Un Une')} ${pick('chat maison école loi ville rivière')} ${pick('voit aime suit trouve garde')} ` +
      `${pick('le la un une')} ${pick('jardin route livre pain élève été')}${pick('. . ! ?')}`,
  ).join(' ');
}

const common = { licence: 'CC0-1.0', language: 'fr', date: '2024', url: '' };

export function tinyDocuments(): Document[] {
  const texts = (source: string, count: number, offset: number) =>
    Array.from({ length: count }, (_, i): Document => {
      const text = tinyText(offset + i);
      return { ...common, id: `${source}/${i}`, source, title: `Texte ${i}`, text, extra: '{}' };
    });
  const sheets = texts('fiches', 12, 500).map((document, i) => ({
    ...document,
    title: `Que fait le chat ${i} ?`,
    extra: JSON.stringify({ kind: 'question-answer' }),
  }));
  const countries = tinyCountries.map(([code, name, capital], i): Document => {
    const extra = {
      kind: 'facts',
      code,
      name,
      the: `la ${name}`,
      of: `de la ${name}`,
      in: `en ${name}`,
      capitals: [capital],
      continent: 'Europe',
      languages: ['français'],
      currencies: ['euro'],
      neighbours: [],
    };
    const text = `La capitale de la ${name} est ${capital}.`;
    return { ...common, id: `pays/${i}`, source: 'pays', title: name, text, extra: JSON.stringify(extra) };
  });
  return [...texts('textes', 30, 0), ...sheets, ...countries];
}

const tinyCountries: [string, string, string][] = [
  ['FRA', 'France', 'Paris'],
  ['ITA', 'Italie', 'Rome'],
  ['ESP', 'Espagne', 'Madrid'],
  ['DEU', 'Allemagne', 'Berlin'],
  ['GRC', 'Grèce', 'Athènes'],
  ['POL', 'Pologne', 'Varsovie'],
  ['BEL', 'Belgique', 'Bruxelles'],
  ['CHE', 'Suisse', 'Berne'],
];

const corpusStage = (mix: Mix | undefined): Stage => ({
  name: 'corpus',
  version: 1,
  options: mix ? { mix } : {},
  needs: [],
  async run({ dir }) {
    if (mix) await writeJson(join(dir, 'mix.json'), mix);
    await writeDocuments(join(dir, 'documents.parquet'), tinyDocuments());
    const heldout = [{ ...tinyDocuments()[0]!, id: 'textes/held', text: tinyText(999) }];
    await writeDocuments(join(dir, 'heldout.parquet'), heldout);
    return { licences: ['CC0-1.0'] };
  },
});

/** A mix as the corpus stage writes it, of which training reads the epochs. */
export function tinyMix(epochs: Record<string, number>): Mix {
  const none = { tokens: 0, trainedTokens: 0, share: 0, trainedShare: 0 };
  const held = { documents: 0, bytes: 0, heldOutDocuments: 0, heldOutBytes: 0 };
  return {
    format: 1,
    order: { by: 'reading' },
    temperature: 1,
    bytesPerToken: {},
    tokens: 0,
    trainedTokens: 0,
    sources: Object.entries(epochs).map(([source, epochs]) => ({
      source,
      category: 'other',
      languages: ['fr'],
      licences: ['CC0-1.0'],
      ...held,
      epochs,
      ...none,
    })),
    languages: {},
    categories: {},
  };
}

const tokenizerStage: Stage = {
  name: 'tokenizer',
  version: 1,
  options: {},
  needs: ['corpus'],
  async run({ dir }) {
    const texts = tinyDocuments().map(({ title, text }) => `${title}\n\n${text}`);
    const tokenizer = await trainTokenizer(texts, {
      vocabularySize: 320,
      minFrequency: 2,
      maxTokenLength: 16,
      preTokenizer: 'gpt-2',
    });
    await writeFileAtomic(join(dir, 'tokenizer.json'), formatTokenizerJson(tokenizer.model));
    return {};
  },
};

/** A model of a few thousand parameters, trained in about a second. */
export const tinyBase = {
  model: {
    hidden_size: 16,
    intermediate_size: 32,
    num_hidden_layers: 2,
    num_attention_heads: 4,
    num_key_value_heads: 2,
    max_position_embeddings: 160,
  },
  steps: 16,
  batchSize: 4,
  sequenceLength: 32,
  lr: 0.01,
  warmupSteps: 4,
  checkpointEvery: 5,
  threads: 1,
} satisfies BaseOptions;

export const tinyInstruct = {
  name: 'LUCIE pico',
  epochs: { answers: 1, capitals: 2, facts: 1, identity: 1 },
  tokensPerBatch: 512,
  maxTokens: 160,
  lr: 0.01,
  checkpointEvery: 5,
  threads: 1,
} satisfies InstructOptions;

/** The stages up to base or instruct on the made-up corpus. */
export function tinyStages(base: BaseOptions, instruct?: InstructOptions, mix?: Mix): Stage[] {
  const stages = [corpusStage(mix), tokenizerStage, tokensStage(), baseStage(base)];
  return instruct ? [...stages, instructStage(instruct)] : stages;
}

export interface TinyRunOptions {
  /** Aborts when a training stage has done so many steps in this call. */
  stopAfter?: number;
  /** Called after each step of training. */
  onStep?: () => void;
}

export function runTiny(runDir: string, stages: Stage[], opts: TinyRunOptions = {}) {
  const controller = new AbortController();
  let training = false;
  const progress: Progress = {
    ...silent,
    start: (label) => void (training = label === 'training'),
    update: (done) => {
      if (!training) return;
      opts.onStep?.();
      if (done === opts.stopAfter) controller.abort(new Error('stopped'));
    },
  };
  const { signal } = controller;
  return runStages(runDir, stages, { recipe: 'tiny', progress, say: () => {}, signal });
}
