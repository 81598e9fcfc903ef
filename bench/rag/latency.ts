import { join } from 'node:path';
import type { QuestionSet } from '@lucie/evaluation';
import type { Progress } from '@lucie/ledger';
import { type BenchResult, compare, median } from '../report.ts';
import { type BenchTable, count, label } from '../tables.ts';
import { collect } from './collection.ts';
import { drawnVectors } from './drawn-vectors.ts';
import { madeTexts } from './made-passages.ts';
import type { Method } from './search-figures.ts';
import { spelled, spellingsOf } from './spelling.ts';

/** Milliseconds within which 95 of 100 searches are to be done, besides the question's embedding. */
const LIMIT_MS = 15;
const METHODS: readonly Method[] = ['bm25', 'bm25-french', 'dense', 'hybrid'];

/**
 * How long a search takes in a room of made passages, one after the other. Vectors are drawn, so that no embedding is
 * in it. Every question is asked in every spelling by every method in turn, once before the clock counts.
 */
export async function searchLatency(
  set: QuestionSet,
  opts: {
    passages: number;
    questions: number;
    runs: number;
    dir: string;
    command: string;
    progress: Progress;
  },
): Promise<{ tables: BenchTable[]; results: BenchResult[] }> {
  const { progress, runs } = opts;
  const texts = madeTexts(opts.passages, set.texts);
  const embedder = drawnVectors();
  const name = `${opts.passages} made passages`;
  using made = await collect({ name, texts }, join(opts.dir, 'latency.sqlite'), { embedder, progress });
  const chosen = set.questions.slice(0, opts.questions);
  const asked = spellingsOf(chosen).flatMap((spelling) =>
    chosen.map((question) => ({ spelling, text: spelled(question, spelling) })),
  );
  // ms by method, run, question.
  const times = new Map(METHODS.map((method) => [method, [] as number[][]]));
  progress.start(`searches among ${name}`, (runs + 1) * METHODS.length, 'rounds');
  for (let run = -1; run < runs; run++)
    for (const [i, method] of METHODS.entries()) {
      const round: number[] = [];
      for (const { text } of asked) {
        const began = performance.now();
        await made.room.search(text, { limit: 10, method });
        round.push(performance.now() - began);
      }
      if (run >= 0) times.get(method)!.push(round);
      progress.update((run + 1) * METHODS.length + i + 1);
    }
  progress.end();
  const rows = METHODS.flatMap((method) =>
    [...new Set(asked.map(({ spelling }) => spelling))].map((spelling) => {
      const own = times
        .get(method)!
        .flatMap((round) => round.filter((_, i) => asked[i]!.spelling === spelling));
      return [method, spelling, percentile(own, 0.5), percentile(own, 0.95), own.length];
    }),
  );
  const p95s = (method: Method) => times.get(method)!.map((round) => percentile(round, 0.95));
  const peer = p95s('bm25');
  const results = METHODS.filter((method) => method !== 'bm25').map(
    (method): BenchResult => ({
      name: `p95 of a search among ${name}, ${method}, both spellings`,
      unit: 'ms',
      ...compare(p95s(method), peer),
      peerName: 'bm25',
      peerVersion: 'same room',
      peerCommand: opts.command,
      // As a ratio the limit depends on what the peer needs here.
      ...(method === 'hybrid' ? { bar: LIMIT_MS / median(peer) } : {}),
      better: 'lower',
    }),
  );
  const table: BenchTable = {
    name: `Search among ${name}, besides the question's embedding (ms)`,
    columns: [
      label('method'),
      label('spelling'),
      { name: 'p50', digits: 2 },
      { name: 'p95', digits: 2 },
      count('searches'),
    ],
    rows,
  };
  return { tables: [table], results };
}

/** The smallest value that so many of them do not exceed (nearest rank). */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!;
}
