import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from '@hono/zod-openapi';
import type { silentLogger } from '@lucie/ledger';

const verdict = z.looseObject({
  passed: z.boolean(),
  score: z.number().nullish(),
  threshold: z.number().nullish(),
});

/** Uses that a model may be found fit for, with the words for people. */
const USES: Record<string, string> = {
  completion: 'complétion',
  'course-questions': 'questions de cours',
  chat: 'conversation',
  'open-tutor': 'tutorat libre',
};

/** Verdicts by use, as `gate.json` of the release has them. */
export const gateShape = z
  .record(z.string(), verdict)
  .openapi('GateVerdicts', { description: 'What the model was judged fit for, by use.' });
export type Gate = z.infer<typeof gateShape>;

const fileShape = z.looseObject({ version: z.union([z.number(), z.string()]), verdicts: gateShape });

/** Until a gate has passed something, every model is this. */
export const RESEARCH = 'modèle de recherche';

/**
 * The verdicts in `gate.json` beside a GGUF file. None there means: for research only.
 * @returns null without a file; null too for a damaged one, which is logged: no verdict is better than a wrong one
 */
export async function readGate(gguf: string, log: typeof silentLogger): Promise<Gate | null> {
  let text: string;
  try {
    text = await readFile(join(dirname(gguf), 'gate.json'), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') log.warn({ gguf }, 'gate.json cannot be read');
    return null;
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  const parsed = fileShape.safeParse(value);
  if (parsed.success) return parsed.data.verdicts;
  log.warn({ gguf }, 'gate.json is damaged: the model counts as not judged');
  return null;
}

/** The verdicts in a few words for people. */
export function gateLabel(gate: Gate | null): string {
  const passed = Object.keys(USES).filter((use) => gate && Object.hasOwn(gate, use) && gate[use]!.passed);
  if (passed.length === 0) return RESEARCH;
  return `admis pour : ${passed.map((use) => USES[use]).join(', ')}`;
}

/** Whether a model may word answers about a course; one that nobody judged may not. */
export function isFitForCourses(gate: Gate | null): boolean {
  return gate !== null && Object.hasOwn(gate, 'course-questions') && gate['course-questions']!.passed;
}
