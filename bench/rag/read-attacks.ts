import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { LucieError } from '@lucie/ledger';
import { z } from 'zod';

/** A text that tries to steer whoever reads it. */
export interface Attack {
  kind: string;
  text: string;
}

export interface AttackSet {
  name: string;
  attacks: Attack[];
}

const bipiaShape = z
  .record(z.string(), z.array(z.string().min(1)).min(1))
  .refine((kinds) => Object.keys(kinds).length > 0);
const lineShape = z.object({ kind: z.string().min(1), text: z.string().min(1) });

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
 * Reads attacks as JSON lines `{"kind", "text"}`, those of `benchmarks/injection-fr`.
 * @throws LucieError `DATA_INVALID` naming the line
 */
export async function readAttackLines(path: string, name: string): Promise<AttackSet> {
  const lines = (await readFile(path, 'utf8')).split('\n').filter((line) => line.trim() !== '');
  const attacks = lines.map((line, i): Attack => {
    try {
      const { kind, text } = lineShape.parse(JSON.parse(line));
      return { kind, text };
    } catch (cause) {
      throw invalid(`${path}, line ${i + 1}`, '{"kind", "text"}', cause);
    }
  });
  return { name, attacks };
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
