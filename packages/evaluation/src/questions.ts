import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { LucieError, type Progress, Random, silent } from '@lucie/ledger';
import { z } from 'zod';
import type { AnswerResult } from './scores.ts';
import type { TextGenerator } from './text-generator.ts';

const questionShape = z.object({ question: z.string().min(1), expected: z.string().min(1) });

/** A question with the words that a right answer contains. */
export type Question = z.infer<typeof questionShape>;

const FIRST = 'Quelle est la capitale de la France ?';

/**
 * Reads `[{question, expected}]`; an absent file is an empty list.
 * @throws LucieError `QUESTIONS_INVALID`
 */
export async function readQuestions(path: string): Promise<Question[]> {
  if (!existsSync(path)) return [];
  try {
    return z.array(questionShape).parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (cause) {
    throw new LucieError({
      code: 'QUESTIONS_INVALID',
      found: `${path} that is no list of questions`,
      expected: '[{"question", "expected"}, …]',
      todo: 'build the instruct stage again',
      cause,
    });
  }
}

/** Up to `count` questions about capitals: that of France first where it is among them, the others drawn by `seed`. */
export function pickCapitals(questions: Question[], opts: { count: number; seed: number }): Question[] {
  const capitals = questions.filter(({ question }) => /^Quelle est la capitale\b/u.test(question));
  const first = capitals.filter(({ question }) => plain(question) === plain(FIRST)).slice(0, 1);
  const others = capitals.filter((question) => !first.includes(question));
  new Random(opts.seed, 'questions').shuffle(others);
  return [...first, ...others].slice(0, opts.count);
}

/** Asks each question. */
export async function askQuestions(
  generator: TextGenerator,
  questions: Question[],
  opts: { set: AnswerResult['set']; maxTokens: number; progress?: Progress; signal?: AbortSignal },
): Promise<AnswerResult[]> {
  const progress = opts.progress ?? silent;
  const answers: AnswerResult[] = [];
  for (const { question, expected } of questions) {
    opts.signal?.throwIfAborted();
    const { text, tokens, stopped } = await generator.answer(question, { maxTokens: opts.maxTokens });
    answers.push({
      set: opts.set,
      question,
      expected,
      answer: text,
      stopped,
      correct: containsAnswer(text, expected),
      tokens,
    });
    progress.update(answers.length);
  }
  return answers;
}

/** True when the expected words occur in this order and whole, accents, case and punctuation aside. */
export function containsAnswer(answer: string, expected: string): boolean {
  const wanted = plain(expected);
  return wanted !== '' && ` ${plain(answer)} `.includes(` ${wanted} `);
}

/** Lower case, without accents, words apart by one space. */
function plain(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/œ/gu, 'oe')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}
