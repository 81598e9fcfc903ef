import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LucieError, Random } from '@lucie/ledger';
import { z } from 'zod';
import { sentences } from '../../words/sentences.ts';
import type { ReadingExample } from './example.ts';

const squadShape = z.object({
  data: z.array(
    z.object({
      title: z.string().default(''),
      paragraphs: z.array(
        z.object({
          context: z.string(),
          qas: z.array(
            z.object({
              question: z.string(),
              answers: z.array(z.object({ text: z.string(), answer_start: z.int().min(0) })).default([]),
            }),
          ),
        }),
      ),
    }),
  ),
});
type Squad = z.infer<typeof squadShape>['data'];

/** Words of a passage: as many as a paragraph of a lesson has. */
const SHORTEST = 45;
const LONGEST = 115;

/**
 * The questions of every `*.json` in SQuAD's shape in a folder. A question's proof is a stretch of its paragraph around
 * the answer; beside it stand stretches of two other paragraphs of the article, the same paragraph without the
 * sentences that name the answer, and a stretch of another article.
 * @throws LucieError `TRAINING_DATA` when the folder holds none
 */
export async function squadExamples(dir: string, seed: number): Promise<ReadingExample[]> {
  const names = await readdir(dir).catch(() => [] as string[]);
  const examples: ReadingExample[] = [];
  for (const name of names.filter((one) => one.endsWith('.json')).sort()) {
    const parsed = squadShape.safeParse(json(await readFile(join(dir, name), 'utf8')));
    if (parsed.success) examples.push(...ofFile(name, parsed.data.data, seed));
  }
  if (examples.length > 0) return examples;
  throw new LucieError({
    code: 'TRAINING_DATA',
    found: `${dir} without questions`,
    expected: "*.json in SQuAD's shape (data[].paragraphs[].qas[])",
    todo: 'give a folder that holds such a file',
  });
}

function json(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    return undefined;
  }
}

function ofFile(name: string, articles: Squad, seed: number): ReadingExample[] {
  const paragraphs = articles.flatMap(({ title, paragraphs }) =>
    paragraphs.map(({ context }) => ({ title, context })),
  );
  return articles.flatMap((article, a) =>
    article.paragraphs.flatMap(({ context, qas }, p) =>
      qas.map((qa, q): ReadingExample => {
        const random = new Random(seed, `squad/${name}/${a}/${p}/${q}`);
        const under = (title: string, text: string) => (title ? `${title}\n${text}` : text);
        const answer = qa.answers[0];
        const beside = random.shuffle(article.paragraphs.filter((_, i) => i !== p)).slice(0, 2);
        const others = beside.map((other) => under(article.title, stretch(other.context, random)));
        if (answer) {
          const rest = without(context, answer.text);
          if (rest.split(/\s+/).length > 40) others.push(under(article.title, rest));
        } else others.push(under(article.title, stretch(context, random)));
        const far = paragraphs[random.below(paragraphs.length)]!;
        if (far.title !== article.title) others.push(under(far.title, stretch(far.context, random)));
        const proof = answer && under(article.title, stretch(context, random, answer.answer_start));
        return {
          group: `${name}/${a}`,
          question: qa.question.trim(),
          passages: [
            ...(proof === undefined ? [] : [{ text: proof, label: 'answers' as const }]),
            ...others.map((text) => ({ text, label: 'neither' as const })),
          ],
        };
      }),
    ),
  );
}

const wordCount = (text: string) => text.split(/\s+/).length;

/** Whole sentences of a paragraph, around the character `at` or around any. */
function stretch(context: string, random: Random, at?: number): string {
  const spans = sentences(context);
  const counts = spans.map(({ start, end }) => wordCount(context.slice(start, end)));
  const wanted = SHORTEST + random.below(LONGEST - SHORTEST + 1);
  if (spans.length === 0 || counts.reduce((a, b) => a + b, 0) <= wanted + 25) return context;
  const middle = at === undefined ? random.below(spans.length) : spans.findIndex(({ end }) => at < end);
  let first = Math.max(0, middle);
  let last = first;
  let count = counts[first]!;
  while (count < wanted) {
    const choices = [first - 1, last + 1].filter((i) => i >= 0 && i < spans.length);
    if (choices.length === 0) break;
    const chosen = choices[random.below(choices.length)]!;
    count += counts[chosen]!;
    first = Math.min(first, chosen);
    last = Math.max(last, chosen);
  }
  return context.slice(spans[first]!.start, spans[last]!.end);
}

/** A paragraph without the sentences that name an answer. */
function without(context: string, answer: string): string {
  return sentences(context)
    .map(({ start, end }) => context.slice(start, end))
    .filter((sentence) => !sentence.includes(answer))
    .join(' ')
    .trim();
}
