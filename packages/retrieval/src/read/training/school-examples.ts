import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LucieError, Random } from '@lucie/ledger';
import { z } from 'zod';
import type { ParsedDocument } from '../../document.ts';
import { embeddedText } from '../../embed/embedded-text.ts';
import { cutPassages } from '../../passages/cut-passages.ts';
import type { Label, ReadingExample } from './example.ts';
import { SharedWords, wordsOf } from './shared-words.ts';

const placeShape = z.object({ text: z.string(), page: z.int(), paragraph: z.int() });
const textShape = z.object({
  id: z.string(),
  title: z.string(),
  pages: z.array(
    z.object({
      page: z.int(),
      paragraphs: z.array(z.object({ kind: z.enum(['heading', 'text', 'list', 'table']), text: z.string() })),
    }),
  ),
});
const questionShape = z.object({
  id: z.string(),
  kind: z.string(),
  question: z.string(),
  pupil: z.string(),
  text: z.string(),
  evidence: z.array(placeShape.extend({ quote: z.string() })),
  near: z.array(placeShape).default([]),
});
type Question = z.infer<typeof questionShape>;

/** A passage as a room holds it, and where it stands in the set. */
interface Piece {
  /** Of the text in the set. */
  of: string;
  place: string;
  /** What the block says between the passage's ends. */
  own: string;
  /** What the reader is given. */
  text: string;
}

/** Of so many passages of other texts one is taken. */
const NEAREST = 3;

const placeOf = ({ text, page, paragraph }: z.infer<typeof placeShape>) => `${text}/${page}/${paragraph}`;

/**
 * The questions of a folder with `texts/*.json` and `parts/*.jsonl`. A question's proofs are the passages that hold
 * its quotes; where what it takes for granted is wrong they contradict it, and of two versions only the newer counts.
 * Beside them, passages that answer nothing: those named as near, others of the same text that share most words with
 * the question, and one of another text that does.
 * @param opts.others - passages that answer nothing, about, of a question for which none is named; default 4
 * @throws LucieError `TRAINING_DATA`
 */
export async function schoolExamples(
  dir: string,
  { seed, others = 4 }: { seed: number; others?: number },
): Promise<ReadingExample[]> {
  const texts = await readAll(join(dir, 'texts'), '.json', (file) => [parse(textShape, file)]);
  const pieces = texts.flatMap(piecesOf);
  const questions = await readAll(join(dir, 'parts'), '.jsonl', ({ path, content }) =>
    content
      .split('\n')
      .filter((line) => line.trim())
      .map((line, i) => parse(questionShape, { path: `${path}:${i + 1}`, content: line })),
  );
  const all = new SharedWords(pieces);
  return questions.map((question) => {
    const random = new Random(seed, `school/${question.id}`);
    return exampleOf(question, { pieces, all, random, others });
  });
}

function piecesOf(text: z.infer<typeof textShape>): Piece[] {
  const document: ParsedDocument = {
    title: text.title,
    format: 'markdown',
    pages: text.pages.map(({ page, paragraphs }) => ({
      page,
      blocks: paragraphs.map((block) => (block.kind === 'heading' ? { ...block, level: 1 } : block)),
    })),
    hidden: [],
    warnings: [],
  };
  return cutPassages(document).map((passage) => ({
    of: text.id,
    place: placeOf({ text: text.id, page: passage.page, paragraph: passage.paragraph }),
    own: passage.text,
    text: embeddedText(passage),
  }));
}

function exampleOf(
  question: Question,
  {
    pieces,
    all,
    random,
    others,
  }: { pieces: readonly Piece[]; all: SharedWords<Piece>; random: Random; others: number },
): ReadingExample {
  const { evidence, near, kind } = question;
  const proofs = (kind === 'version' ? evidence.slice(0, 1) : evidence).flatMap((place) => {
    const at = pieces.filter((piece) => piece.place === placeOf(place));
    const quoted = at.filter(({ own }) => own.includes(place.quote));
    if (at.length === 0) throw invalid(`${question.id}: no passage at ${placeOf(place)}`);
    return quoted.length > 0 ? quoted : at;
  });
  // An old version's paragraph answers too, of whoever reads it alone: neither proof nor its opposite.
  const spoken = new Set([...evidence, ...near].map(placeOf));
  const about = new Set(evidence.length > 0 ? evidence.map(({ text }) => text) : [question.text]);
  const nearby = near
    .slice(0, 3)
    .flatMap((place) => pieces.filter((piece) => piece.place === placeOf(place)));
  const rest = pieces.filter(({ of, place }) => about.has(of) && !spoken.has(place));
  const count = Math.max(1, others - Math.min(2, near.length));
  const alikes = alike(question.question, rest, { count, random });
  // A room holds many courses: what search finds beside the right one speaks of other matters in the same words.
  const far = random.shuffle(all.nearest(question.question, NEAREST, ({ of }) => !about.has(of))).slice(0, 1);
  const label: Label = kind === 'false-premise' ? 'contradicts' : 'answers';
  return {
    group: question.text,
    question: question.question,
    pupil: question.pupil,
    passages: [
      ...new Set(proofs).values().map(({ text }) => ({ text, label })),
      ...new Set([...nearby, ...alikes, ...far])
        .values()
        .map(({ text }) => ({ text, label: 'neither' as const })),
    ],
  };
}

/** Some of the passages that share most words with a question, and one of the others. */
function alike(question: string, pieces: Piece[], opts: { count: number; random: Random }): Piece[] {
  const asked = wordsOf(question);
  const shared = new Map(pieces.map((piece) => [piece, asked.intersection(wordsOf(piece.text)).size]));
  const sorted = pieces.toSorted((a, b) => shared.get(b)! - shared.get(a)!);
  const chosen = opts.random.shuffle(sorted.slice(0, 4)).slice(0, Math.max(1, opts.count - 1));
  const rest = sorted.slice(4);
  if (rest.length > 0) chosen.push(rest[opts.random.below(rest.length)]!);
  return chosen.slice(0, opts.count);
}

interface File {
  path: string;
  content: string;
}

async function readAll<T>(dir: string, extension: string, read: (file: File) => T[]): Promise<T[]> {
  const names = await readdir(dir).catch(() => [] as string[]);
  const wanted = names.filter((name) => name.endsWith(extension)).sort();
  if (wanted.length === 0) throw invalid(`no ${extension} in ${dir}`);
  const all: T[] = [];
  for (const name of wanted) {
    const path = join(dir, name);
    all.push(...read({ path, content: await readFile(path, 'utf8') }));
  }
  return all;
}

function parse<T>(shape: z.ZodType<T>, { path, content }: File): T {
  try {
    return shape.parse(JSON.parse(content));
  } catch (error) {
    const why = error instanceof z.ZodError ? z.prettifyError(error) : (error as Error).message;
    throw invalid(`${path}: ${why}`);
  }
}

function invalid(found: string): LucieError {
  return new LucieError({
    code: 'TRAINING_DATA',
    found,
    expected: 'texts/*.json and parts/*.jsonl as the README of benchmarks/ecole-fr-train says',
    todo: 'correct the file, or give the folder as it was published',
  });
}
