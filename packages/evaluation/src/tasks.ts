import { bars } from './bars.ts';
import { bitsPerByte, type DocumentScore, joinDocuments } from './bits-per-byte.ts';
import { bootstrap, share } from './bootstrap.ts';
import { compressorBits } from './compressors.ts';
import type { GrammarResult } from './grammar.ts';
import type { HeldOutDocument } from './held-out.ts';
import type { AnswerResult, SampleResult, Task } from './scores.ts';

/** How intervals are drawn, and of which model the figures are. */
export interface TaskSettings {
  model: string;
  seed: number;
  resamples: number;
}

/**
 * Bits per byte of one language beside those of compressors, in all and per source, and the ratio to `xz`.
 * @param documents - and their scores, in the same order: joined they are the file that is compressed
 */
export async function bitsTasks(
  documents: HeldOutDocument[],
  scores: DocumentScore[],
  settings: TaskSettings & { language: string },
): Promise<Task[]> {
  const { language, model } = settings;
  const whole = bootstrap(scores, bitsPerByte, settings);
  const peer = await compressorBits(joinDocuments(documents.map(({ text }) => text)));
  const perSource: NonNullable<Task['perSource']> = {};
  for (const [source, indices] of groupBy(documents, (document) => document.source)) {
    const own = indices.map((i) => scores[i]!);
    perSource[source] = {
      ...bootstrap(own, bitsPerByte, settings),
      bytes: own.reduce((sum, { bytes }) => sum + bytes, 0),
      peer: await compressorBits(joinDocuments(indices.map((i) => documents[i]!.text))),
    };
  }
  const { value, low, high, n } = whole;
  const ratio = { value: value / peer.xz, low: low / peer.xz, high: high / peer.xz, n };
  return [
    {
      name: `bits-per-byte-${language}`,
      metric: 'bits-per-byte',
      better: 'lower',
      model,
      bar: null,
      ...whole,
      peer,
      perSource,
    },
    {
      name: `bits-per-byte-${language}-over-xz`,
      metric: 'ratio',
      better: 'lower',
      model,
      bar: language === 'fr' ? bars.bitsPerByteOverXz : null,
      ...ratio,
    },
  ];
}

/** Share of minimal pairs that are told right, in all and per category. */
export function grammarTask(results: GrammarResult[], settings: TaskSettings): Task {
  const accuracy = (of: GrammarResult[]) => share(of.map(({ correct }) => correct));
  const perCategory: NonNullable<Task['perCategory']> = {};
  for (const [category, indices] of groupBy(results, (result) => result.category)) {
    const own = indices.map((i) => results[i]!);
    perCategory[category] = bootstrap(own, accuracy, settings);
  }
  return {
    name: 'grammaire-fr',
    metric: 'accuracy',
    better: 'higher',
    model: settings.model,
    bar: null,
    ...bootstrap(results, accuracy, settings),
    perCategory,
  };
}

/** Share of samples in French. */
export function samplesTask(samples: SampleResult[], settings: TaskSettings): Task {
  return shareTask(
    'samples-in-french',
    samples.map(({ language }) => language === 'fr'),
    { ...settings, bar: bars.samplesInFrench },
  );
}

/** Shares of answers that stop by themselves and that are right, for one set of questions. */
export function answerTasks(
  answers: AnswerResult[],
  settings: TaskSettings & { set: AnswerResult['set'] },
): Task[] {
  const prefix = settings.set === 'train' ? 'capitals' : 'capitals-held-out';
  return [
    shareTask(
      `${prefix}-stopped`,
      answers.map(({ stopped }) => stopped),
      { ...settings, bar: settings.set === 'train' ? bars.answersThatStop : null },
    ),
    shareTask(
      `${prefix}-correct`,
      answers.map(({ correct }) => correct),
      { ...settings, bar: null },
    ),
  ];
}

function shareTask(name: string, outcomes: boolean[], opts: TaskSettings & { bar: number | null }): Task {
  return {
    name,
    metric: 'share',
    better: 'higher',
    model: opts.model,
    bar: opts.bar,
    ...bootstrap(outcomes, share, opts),
  };
}

/** Indices by key, in the order in which keys first occur. */
function groupBy<T>(items: T[], key: (item: T) => string): Map<string, number[]> {
  const groups = new Map<string, number[]>();
  for (const [i, item] of items.entries()) {
    const group = groups.get(key(item));
    if (group) group.push(i);
    else groups.set(key(item), [i]);
  }
  return groups;
}
