import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { LucieError, sha256 } from '@lucie/ledger';
import { z } from 'zod';
import type { CourseQuestion, CourseText, QuestionSet } from './question-set.ts';

const squadShape = z.object({
  data: z
    .array(
      z.object({
        title: z.string().optional(),
        paragraphs: z
          .array(
            z.object({
              context: z.string().min(1),
              qas: z.array(
                z.object({
                  id: z.union([z.string(), z.number()]).optional(),
                  question: z.string().min(1),
                  is_impossible: z.boolean().optional(),
                  answers: z.array(z.object({ text: z.string() })).default([]),
                }),
              ),
            }),
          )
          .min(1),
      }),
    )
    .min(1),
});

/** True for JSON in SQuAD's shape (Rajpurkar et al. 2016): `data[].paragraphs[].{context, qas[]}`. */
export function isSquad(value: unknown): boolean {
  return squadShape.safeParse(value).success;
}

/**
 * Reads a file in SQuAD's shape, 1.1 or 2.0 (`is_impossible`): an article is a text of one page, each context a
 * paragraph of it, each question's evidence the context under which it stands. Questions have one split, `test`, and
 * no pupil's spelling; an answerable one is of the kind `direct`, an impossible one `silent`.
 * @throws LucieError `DATA_INVALID`
 */
export async function readSquad(path: string): Promise<QuestionSet> {
  const json = await readFile(path, 'utf8');
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    throw invalid(`${path}: no JSON`, cause);
  }
  const parsed = squadShape.safeParse(value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    throw invalid(`${path}: ${issue.path.join('.')}: ${issue.message}`);
  }
  const texts: CourseText[] = [];
  const questions: CourseQuestion[] = [];
  for (const [i, article] of parsed.data.data.entries()) {
    const text = `t${i + 1}`;
    const paragraphs = article.paragraphs.map(({ context }) => ({ kind: 'text' as const, text: context }));
    texts.push({ id: text, title: article.title ?? text, pages: [{ page: 1, paragraphs }] });
    for (const [j, { qas }] of article.paragraphs.entries())
      for (const { question, is_impossible, answers } of qas) {
        const answerable = !is_impossible && answers.some((answer) => answer.text !== '');
        questions.push({
          // Ids of the file need not be there, nor differ.
          id: `q${questions.length + 1}`,
          split: 'test',
          kind: answerable ? 'direct' : 'silent',
          question,
          answerable,
          answers: answerable ? [...new Set(answers.map((answer) => answer.text))] : [],
          evidence: answerable ? [{ text, page: 1, paragraph: j + 1 }] : [],
        });
      }
  }
  return { name: basename(path, '.json'), hash: sha256(json), texts, questions };
}

function invalid(found: string, cause?: unknown): LucieError {
  return new LucieError({
    code: 'DATA_INVALID',
    found,
    expected: 'SQuAD: {"data": [{"title", "paragraphs": [{"context", "qas": [{"question", "answers"}]}]}]}',
    todo: 'correct the file or leave it out',
    ...(cause === undefined ? {} : { cause }),
  });
}
