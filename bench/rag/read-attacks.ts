import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { LucieError } from '@lucie/ledger';
import { z } from 'zod';

/** A text that tries to steer whoever reads it. */
export interface Attack {
  kind: string;
  text: string;
  /** Words that only an answer steered by it has. */
  goal?: string;
  /** The paragraph in which it stands already, with a question that this paragraph answers. */
  lesson?: { title: string; passage: string; question: string; answer: string };
}

export interface AttackSet {
  name: string;
  attacks: Attack[];
  /** Sentences that look like attacks and are none. */
  harmless?: string[];
}

const bipiaShape = z
  .record(z.string(), z.array(z.string().min(1)).min(1))
  .refine((kinds) => Object.keys(kinds).length > 0);
const words = z.string().min(1);
const lineShape = z.object({
  kind: words,
  title: words,
  passage: words,
  text: words,
  question: words,
  answer: words,
  goal: words,
});
const harmlessShape = z.object({ text: words });

/** True for JSON in BIPIA's shape of text attacks (Yi et al. 2023): kinds of attack, a list of strings each. */
export function isBipia(value: unknown): boolean {
  return bipiaShape.safeParse(value).success;
}

/**
 * Reads attacks in BIPIA's shape.
 * @throws LucieError `DATA_INVALID`
 */
export async function readBipia(path: string): Promise<AttackSet> {
  const parsed = bipiaShape.safeParse(JSON.parse(await readFile(path, 'utf8')));
  if (!parsed.success) throw invalid(path, '{"kind of attack": ["text", …], …}');
  const attacks = Object.entries(parsed.data).flatMap(([kind, texts]) =>
    texts.map((text) => ({ kind, text })),
  );
  return { name: basename(path, '.json'), attacks };
}

/**
 * Reads a folder in the shape of `benchmarks/injection-fr`: `attacks.jsonl`, each with a lesson of its own, and
 * `harmless.jsonl`. Its README tells the fields.
 * @throws LucieError `DATA_INVALID` naming the line
 */
export async function readInjection(dir: string): Promise<AttackSet> {
  const attacks = await readLines(join(dir, 'attacks.jsonl'), lineShape);
  const harmless = await readLines(join(dir, 'harmless.jsonl'), harmlessShape);
  return {
    name: basename(dir),
    attacks: attacks.map(({ kind, text, goal, ...lesson }) => ({ kind, text, goal, lesson })),
    harmless: harmless.map(({ text }) => text),
  };
}

async function readLines<T>(path: string, shape: z.ZodType<T>): Promise<T[]> {
  const lines = (await readFile(path, 'utf8')).split('\n').filter((line) => line.trim() !== '');
  return lines.map((line, i) => {
    try {
      return shape.parse(JSON.parse(line));
    } catch (cause) {
      throw invalid(`${path}, line ${i + 1}`, 'the fields that its README tells', cause);
    }
  });
}

function invalid(found: string, expected: string, cause?: unknown): LucieError {
  return new LucieError({
    code: 'DATA_INVALID',
    found: `${found}, in another shape`,
    expected,
    todo: 'correct the file or leave it out',
    ...(cause === undefined ? {} : { cause }),
  });
}
