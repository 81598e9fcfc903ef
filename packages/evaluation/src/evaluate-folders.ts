import { join } from 'node:path';
import { detectLanguage } from '@lucie/corpus';
import type { Progress } from '@lucie/ledger';
import { readGrammarItems } from './grammar.ts';
import type { HeldOutDocument } from './held-out.ts';
import { describeModel, LlamaModel } from './llama-model.ts';
import {
  type LogItem,
  type Measured,
  measureAnswers,
  measureBits,
  measureGrammar,
  measureSamples,
} from './measure.ts';
import type { EvaluationOptions } from './options.ts';
import { pickCapitals, readQuestions } from './questions.ts';
import { type Scores, scoresShape } from './scores.ts';

/** A Hugging Face folder and what its figures are filed under: `base`, `instruct`, `model`. */
export interface JudgedFolder {
  role: string;
  dir: string;
}

export interface FoldersToJudge {
  /** Asked for bits per byte and grammar. */
  language: JudgedFolder;
  /** Also writes samples: a base model does, a chat model has no reason to. */
  samples: boolean;
  /** Asked questions through the chat template; the questions of its training lie in its folder. */
  chat?: JudgedFolder;
  /** Absent: bits per byte is skipped, and said to be. */
  heldOut?: HeldOutDocument[];
}

/** Runs every task that the folders and data allow; the others are listed as skipped with the reason. */
export async function evaluateFolders(
  judged: FoldersToJudge,
  options: EvaluationOptions,
  context: { progress: Progress; signal?: AbortSignal },
): Promise<{ scores: Scores; items: LogItem[] }> {
  const { seed, resamples } = options;
  const models: Scores['models'] = {};
  const tasks: Scores['tasks'] = [];
  const items: LogItem[] = [];
  const scores: Pick<Scores, 'samples' | 'answers' | 'skipped'> = { samples: [], answers: [], skipped: [] };
  let stride = options.stride ?? 1;
  const add = (measured: Measured) => {
    tasks.push(...measured.tasks);
    items.push(...measured.items);
  };

  {
    using model = await LlamaModel.open(judged.language.dir);
    const common = { ...context, seed, resamples, model: judged.language.role };
    models[judged.language.role] = await describeModel(judged.language.dir, model);
    stride = Math.min(options.stride ?? Math.ceil(model.contextLength / 4), model.contextLength);
    if (judged.heldOut?.length) {
      add(await measureBits(model, judged.heldOut, { ...common, stride, maxBytes: options.maxBytes }));
    } else scores.skipped.push({ name: 'bits-per-byte', reason: 'no held-out documents were given' });
    add(await measureGrammar(model, await readGrammarItems(), common));
    if (judged.samples) {
      const drawn = await measureSamples(model, { ...common, ...options.samples, detectLanguage });
      add(drawn);
      scores.samples.push(...drawn.samples);
    }
  }

  if (judged.chat) {
    using model = await LlamaModel.open(judged.chat.dir);
    const common = { ...context, seed, resamples, model: judged.chat.role };
    models[judged.chat.role] ??= await describeModel(judged.chat.dir, model);
    for (const set of ['train', 'held-out'] as const) {
      const all = await readQuestions(join(judged.chat.dir, `${set}-facts.json`));
      const questions = pickCapitals(all, { count: options.questions.count, seed });
      if (questions.length === 0) {
        const reason = `no questions about capitals in ${set}-facts.json`;
        scores.skipped.push({ name: set === 'train' ? 'capitals' : 'capitals-held-out', reason });
        continue;
      }
      const { maxTokens } = options.questions;
      const asked = await measureAnswers(model, questions, { ...common, set, maxTokens });
      add(asked);
      scores.answers.push(...asked.answers);
    }
  }

  const protocol = { stride, seed, resamples };
  return {
    scores: scoresShape.parse({ version: 1, name: options.name, models, protocol, tasks, ...scores }),
    items,
  };
}
