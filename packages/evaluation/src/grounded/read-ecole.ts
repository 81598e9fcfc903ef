import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LucieError, projectRoot, sha256 } from '@lucie/ledger';
import { z } from 'zod';
import type { CourseQuestion, CourseText, QuestionSet } from './question-set.ts';

/** Our own benchmark, in the repository. */
export const ecoleFolder: string = join(projectRoot, 'benchmarks/ecole-fr');

/** What a question asks for; the last two have no answer. */
export const ecoleKinds = [
  'direct',
  'table',
  'two-places',
  'texts',
  'version',
  'silent',
  'false-premise',
] as const;

const count = z.number().int().min(1);

const textShape = z.strictObject({
  id: z.string().min(1),
  title: z.string().min(1),
  level: z.string().min(1),
  subject: z.string().min(1),
  pages: z
    .array(
      z.strictObject({
        page: count,
        paragraphs: z
          .array(
            z.strictObject({ kind: z.enum(['heading', 'text', 'list', 'table']), text: z.string().min(1) }),
          )
          .min(1),
      }),
    )
    .min(1),
});

const questionShape = z.strictObject({
  id: z.string().min(1),
  split: z.enum(['dev', 'test']),
  level: z.string().min(1),
  subject: z.string().min(1),
  kind: z.enum(ecoleKinds),
  question: z.string().min(1),
  pupil: z.string().min(1),
  press: z.string().min(1).optional(),
  answerable: z.boolean(),
  answers: z.array(z.string().min(1)),
  evidence: z.array(z.strictObject({ text: z.string().min(1), page: count, paragraph: count })),
});

/** A text of ecole-fr, with what it is for. */
export interface EcoleText extends CourseText {
  level: string;
  subject: string;
}

export interface EcoleQuestion extends CourseQuestion {
  split: 'dev' | 'test';
  kind: (typeof ecoleKinds)[number];
  level: string;
  subject: string;
  pupil: string;
}

export interface Ecole extends QuestionSet {
  texts: EcoleText[];
  questions: EcoleQuestion[];
}

/**
 * Reads ecole-fr (its README tells the shape) and holds every file against `SHA256SUMS`: a figure is one of this
 * benchmark only while nobody has touched it.
 * @returns the set; `hash` is that of `SHA256SUMS`, which covers all files
 * @throws LucieError `BENCHMARK_MISSING`, `BENCHMARK_CHANGED` naming the first file that differs, is not there or
 * has been added, `BENCHMARK_INVALID`
 */
export async function readEcole(dir: string = ecoleFolder): Promise<Ecole> {
  const sums = await readText(join(dir, 'SHA256SUMS'));
  const frozen = new Map<string, string>();
  for (const line of sums.trim().split('\n')) {
    const [, hash, name] = /^([0-9a-f]{64}) {2}(questions\.jsonl|texts\/[\w-]+\.json)$/.exec(line) ?? [];
    if (!hash || !name) throw invalid(`${dir}/SHA256SUMS: «${line}»`, 'a SHA-256 and the name of a file');
    frozen.set(name, hash);
  }
  const there = (await readdir(join(dir, 'texts')).catch(() => [])).map((name) => `texts/${name}`);
  const added = there.sort().find((name) => !frozen.has(name));
  if (added) throw changed(`${dir}/${added}, which SHA256SUMS does not know`);
  const contents = new Map<string, string>();
  for (const [name, hash] of frozen) {
    const text = await readText(join(dir, name));
    if (sha256(text) !== hash) throw changed(`${dir}/${name} with another SHA-256 than SHA256SUMS has`);
    contents.set(name, text);
  }
  const texts: EcoleText[] = [];
  const questions: EcoleQuestion[] = [];
  for (const [name, content] of contents) {
    if (name === 'questions.jsonl')
      for (const [i, line] of content.trim().split('\n').entries())
        questions.push(optionalPress(parse(questionShape, line, `${dir}/${name}, line ${i + 1}`)));
    else texts.push(parse(textShape, content, `${dir}/${name}`));
  }
  return { name: 'ecole-fr', hash: sha256(sums), texts, questions };
}

function optionalPress({ press, ...question }: z.infer<typeof questionShape>): EcoleQuestion {
  return { ...question, ...(press === undefined ? {} : { press }) };
}

async function readText(path: string): Promise<string> {
  return await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new LucieError({
      code: 'BENCHMARK_MISSING',
      found: `no readable ${path}`,
      expected: 'the texts and questions of ecole-fr with their SHA256SUMS',
      todo: 'restore the folder from the repository',
      cause,
    });
  });
}

function parse<T>(shape: z.ZodType<T>, json: string, where: string): T {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    throw invalid(`${where}: no JSON`, 'JSON', cause);
  }
  const parsed = shape.safeParse(value);
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0]!;
  throw invalid(`${where}: ${path.join('.')}: ${message}`, 'the shape that its README tells');
}

function changed(found: string): LucieError {
  return new LucieError({
    code: 'BENCHMARK_CHANGED',
    found,
    expected: 'the benchmark as it was frozen',
    todo: 'restore it from the repository; figures of changed questions compare with nothing',
  });
}

function invalid(found: string, expected: string, cause?: unknown): LucieError {
  return new LucieError({
    code: 'BENCHMARK_INVALID',
    found,
    expected,
    todo: 'correct that place',
    ...(cause === undefined ? {} : { cause }),
  });
}
