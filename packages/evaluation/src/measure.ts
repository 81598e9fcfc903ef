import { type Progress, silent } from '@lucie/ledger';
import { type DocumentScore, scoreDocuments } from './bits-per-byte.ts';
import { type GrammarItem, scoreGrammar } from './grammar.ts';
import { type HeldOutDocument, limitBytes } from './held-out.ts';
import type { LanguageModel } from './language-model.ts';
import { askQuestions, type Question } from './questions.ts';
import { drawSamples } from './samples.ts';
import type { AnswerResult, SampleResult, Task } from './scores.ts';
import { answerTasks, bitsTasks, grammarTask, samplesTask, type TaskSettings } from './tasks.ts';
import type { TextGenerator } from './text-generator.ts';

/** One line of `items.jsonl`: what was measured on one document, pair, sample or question. */
export type LogItem = { task: string; model: string; id: string } & Record<string, unknown>;

/** Figures of some tasks with the single observations behind them. */
export interface Measured {
  tasks: Task[];
  items: LogItem[];
}

export interface MeasureOptions extends TaskSettings {
  progress?: Progress;
  signal?: AbortSignal;
}

/** Bits per byte of held-out documents, language by language, French first. */
export async function measureBits(
  model: LanguageModel,
  documents: HeldOutDocument[],
  opts: MeasureOptions & { stride: number; maxBytes: number },
): Promise<Measured> {
  const progress = opts.progress ?? silent;
  const measured: Measured = { tasks: [], items: [] };
  const languages = [...new Set(documents.map(({ language }) => language))].sort(
    (a, b) => Number(b === 'fr') - Number(a === 'fr') || (a < b ? -1 : 1),
  );
  for (const language of languages) {
    const own = limitBytes(
      documents.filter((document) => document.language === language),
      opts.maxBytes,
    );
    const texts = own.map(({ text }) => text);
    progress.start(`bits per byte, ${language}`, texts.length, 'documents');
    const scores: DocumentScore[] = await scoreDocuments(model, texts, {
      stride: opts.stride,
      progress,
      ...(opts.signal ? { signal: opts.signal } : {}),
    });
    const tasks = await bitsTasks(own, scores, { ...opts, language });
    progress.end(`${tasks[0]!.value.toFixed(3)} (xz ${tasks[0]!.peer!.xz.toFixed(3)})`);
    measured.tasks.push(...tasks);
    for (const [i, { id, source }] of own.entries()) {
      measured.items.push({ task: tasks[0]!.name, model: opts.model, id, source, ...scores[i]! });
    }
  }
  return measured;
}

/** Accuracy on minimal pairs. */
export async function measureGrammar(
  model: LanguageModel,
  pairs: GrammarItem[],
  opts: MeasureOptions,
): Promise<Measured> {
  const progress = opts.progress ?? silent;
  progress.start('French grammar', pairs.length, 'pairs');
  const results = await scoreGrammar(model, pairs, opts);
  const task = grammarTask(results, opts);
  progress.end(`${(100 * task.value).toFixed(1)} % right`);
  return {
    tasks: [task],
    items: results.map((result) => ({ task: task.name, model: opts.model, ...result })),
  };
}

/** Samples of a base model and the share of them that is French. */
export async function measureSamples(
  generator: TextGenerator,
  opts: MeasureOptions & {
    count: number;
    maxTokens: number;
    temperature: number;
    detectLanguage: (text: string) => string;
  },
): Promise<Measured & { samples: SampleResult[] }> {
  const progress = opts.progress ?? silent;
  progress.start('samples', opts.count, 'samples');
  const samples = await drawSamples(generator, opts);
  const task = samplesTask(samples, opts);
  progress.end(`${(100 * task.value).toFixed(0)} % in French`);
  return {
    tasks: [task],
    samples,
    items: samples.map((sample, i) => ({
      task: task.name,
      model: opts.model,
      id: `sample-${i + 1}`,
      ...sample,
    })),
  };
}

/** Answers of an instruct model to one set of questions. */
export async function measureAnswers(
  generator: TextGenerator,
  questions: Question[],
  opts: MeasureOptions & { set: AnswerResult['set']; maxTokens: number },
): Promise<Measured & { answers: AnswerResult[] }> {
  const progress = opts.progress ?? silent;
  progress.start(`questions (${opts.set})`, questions.length, 'questions');
  const answers = await askQuestions(generator, questions, opts);
  const tasks = answerTasks(answers, opts);
  progress.end(
    `${answers.filter(({ stopped }) => stopped).length} of ${answers.length} stop, ${answers.filter(({ correct }) => correct).length} right`,
  );
  return {
    tasks,
    answers,
    items: answers.map((answer, i) => ({
      task: tasks[0]!.name,
      model: opts.model,
      id: `question-${i + 1}`,
      ...answer,
    })),
  };
}
