import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { runSteps } from '@lucie/corpus';
import { LucieError, type Progress, runProgram, silent } from '@lucie/ledger';
import { dedupPeers, ensurePeerPython } from '../peer-python.ts';
import { type BenchReport, type BenchResult, compare, machine } from '../report.ts';
import { makeTexts } from './make-texts.ts';
import { readStep } from './read-step.ts';
import { recallAndPrecision, type Truth, truthOf } from './truth.ts';

/** Documents of about 4 kB, a quarter of them changed copies. */
const DOCUMENTS = 20_000;
/** As many of them as datatrove gets through in a bearable time; ours runs on the same ones then. */
const SLOW_DOCUMENTS = 3_000;
const WORDS = 460;
const SEED = 7;
const [PERMUTATIONS, BANDS, THRESHOLD] = [120, 20, 0.8];

/** Every way of using rensa that was tried; see rensa_peer.py. */
const RENSA_WAYS = ['joined', 'zipped', 'hashed'].flatMap((runs) =>
  runs === 'hashed' ? [runs, `${runs}-rho`] : [runs, `${runs}-rho`, `${runs}-dedup`],
);
/** Language of the word tokenizer and hash function; its example advises English and sha1. */
const DATATROVE_WAYS = ['fra xxhash', 'fra sha1', 'eng xxhash', 'eng sha1'];

/** One process's answer. */
interface Answer {
  seconds: number;
  /** Ids of the documents that go. */
  found: string[];
  version: string;
}

/** Texts on the disk, as each half reads them. */
interface Corpus {
  dir: string;
  documents: number;
  /** Undefined where nobody has compared everything with everything: other people's files. */
  truth: Truth | undefined;
}

interface Peer {
  name: string;
  label: string;
  command: string;
  bar?: number;
  run(): Promise<Answer>;
}

/**
 * Near duplicates, ours beside rensa and datatrove: the same documents, permutations, bands and threshold, one core
 * each, in turn. Ours is the steps as a corpus build runs them, from Parquet to the list of survivors, files, hashes
 * and markers included; rensa works in memory on texts that are there already; datatrove runs its stages on files.
 * @param opts.runs - alternations, at least 5
 * @param opts.data - a JSONL file with `id` and `text` in place of the made documents; recall is not measured then
 * @throws LucieError of the set-up, `PEER_FAILED`, `OURS_FAILED`
 */
export async function benchDedup(opts: {
  runs: number;
  progress: Progress;
  data?: string;
}): Promise<BenchReport> {
  const { progress } = opts;
  const runs = Math.max(5, opts.runs);
  const python = await ensurePeerPython(progress, dedupPeers);
  const root = await mkdtemp(join(tmpdir(), 'lucie-bench-dedup-'));
  try {
    const all = await prepare(join(root, 'all'), { count: DOCUMENTS, ...opts });
    const some = await prepare(join(root, 'some'), { count: SLOW_DOCUMENTS, ...opts });
    const results: BenchResult[] = [];
    const rensa = await bestRensa(python, all, progress);
    for (const peer of rensa) results.push(...(await alternate(all, peer, { runs, progress })));
    const datatrove = await bestDatatrove(python, some, progress);
    results.push(...(await alternate(some, datatrove, { runs, progress })));
    return { bench: 'dedup', machine: machine(), results };
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

async function prepare(
  dir: string,
  opts: { count: number; progress: Progress; data?: string },
): Promise<Corpus> {
  opts.progress.start(`${opts.count} documents`);
  await mkdir(join(dir, 'data'), { recursive: true });
  let lines: string[];
  let truth: Truth | undefined;
  if (opts.data === undefined) {
    const texts = makeTexts(opts.count, { seed: SEED, words: WORDS, share: 0.25 });
    truth = truthOf(texts, { shingle: 5, threshold: THRESHOLD });
    lines = texts.map(({ id, text }) => JSON.stringify({ id, text }));
  } else {
    const found = (await readFile(opts.data, 'utf8')).split('\n').filter((line) => line.trim() !== '');
    lines = found.slice(0, opts.count);
  }
  const path = join(dir, 'data', 'documents.jsonl');
  await writeFile(path, `${lines.join('\n')}\n`);
  await runSteps([readStep(path)], join(dir, 'work'), {
    progress: silent,
    signal: new AbortController().signal,
    memoryBytes: 2 ** 29,
  });
  opts.progress.end();
  return { dir, documents: lines.length, truth };
}

/**
 * The quickest way that finds what ours finds, recall and precision of 0.9 and more, and where that is another one
 * the quickest that only flags whatever shares a band, verified or not. Each is tried once.
 */
async function bestRensa(python: string, corpus: Corpus, progress: Progress): Promise<Peer[]> {
  const script = join(import.meta.dirname, 'rensa_peer.py');
  const tries: { way: string; answer: Answer; recall: number; precision: number }[] = [];
  const run = (way: string) =>
    answer('PEER_FAILED', python, [
      script,
      join(corpus.dir, 'data', 'documents.jsonl'),
      way,
      ...[PERMUTATIONS, BANDS, THRESHOLD].map(String),
    ]);
  progress.start('ways of using rensa', RENSA_WAYS.length, 'ways');
  for (const way of RENSA_WAYS) {
    const found = await run(way);
    tries.push({ way, answer: found, ...quality(found, corpus) });
    progress.update(tries.length, `${way} ${(corpus.documents / found.seconds).toFixed(0)} documents/s`);
  }
  tries.sort((a, b) => a.answer.seconds - b.answer.seconds);
  const equal = tries.find(({ recall, precision }) => recall >= 0.9 && precision >= 0.9) ?? tries[0]!;
  const flags = tries.find(({ recall }) => recall >= 0.9);
  progress.end(`${equal.way}${flags && flags !== equal ? `, and ${flags.way}, which only flags` : ''}`);
  const peer = ({ way }: { way: string }) => ({
    name: 'rensa',
    command: `python bench/dedup/rensa_peer.py DOCUMENTS.jsonl ${way} ${PERMUTATIONS} ${BANDS} ${THRESHOLD}`,
    run: () => run(way),
  });
  return [
    { ...peer(equal), label: `rensa (${equal.way})`, bar: 1 },
    ...(flags && flags !== equal ? [{ ...peer(flags), label: `rensa (${flags.way}, flags only)` }] : []),
  ];
}

async function bestDatatrove(python: string, corpus: Corpus, progress: Progress): Promise<Peer> {
  const script = join(import.meta.dirname, 'datatrove_peer.py');
  const run = (way: string) =>
    answer('PEER_FAILED', python, [
      script,
      corpus.dir,
      ...way.split(' '),
      ...[BANDS, PERMUTATIONS / BANDS].map(String),
    ]);
  progress.start('ways of using datatrove', DATATROVE_WAYS.length, 'ways');
  let best: { way: string; seconds: number } | undefined;
  for (const [i, way] of DATATROVE_WAYS.entries()) {
    const { seconds } = await run(way);
    if (!best || seconds < best.seconds) best = { way, seconds };
    progress.update(i + 1, `${way} ${(corpus.documents / seconds).toFixed(0)} documents/s`);
  }
  const { way } = best!;
  progress.end(way);
  return {
    name: 'datatrove',
    label: `datatrove (${way})`,
    command: `python bench/dedup/datatrove_peer.py FOLDER ${way} ${BANDS} ${PERMUTATIONS / BANDS}`,
    bar: 20,
    run: () => run(way),
  };
}

/** Speed, and recall and precision where the truth is known. */
async function alternate(
  corpus: Corpus,
  peer: Peer,
  opts: { runs: number; progress: Progress },
): Promise<BenchResult[]> {
  const ours: Answer[] = [];
  const theirs: Answer[] = [];
  opts.progress.start(`beside ${peer.label}`, opts.runs, 'alternations');
  const speed = ({ seconds }: Answer) => corpus.documents / seconds;
  for (let run = 0; run < opts.runs; run++) {
    ours.push(await runOurs(corpus));
    theirs.push(await peer.run());
    const note = `${speed(ours.at(-1)!).toFixed(0)} and ${speed(theirs.at(-1)!).toFixed(0)} documents/s`;
    opts.progress.update(run + 1, note);
  }
  const common = {
    peerName: peer.label,
    peerVersion: theirs[0]!.version,
    peerCommand: peer.command,
    better: 'higher',
  } as const;
  const compared = compare(ours.map(speed), theirs.map(speed));
  opts.progress.end(`ratio ${compared.ratio.toFixed(2)}`);
  const bar = peer.bar === undefined ? {} : { bar: peer.bar };
  const results: BenchResult[] = [
    { name: `speed beside ${peer.name}`, unit: 'documents/s', ...compared, ...common, ...bar },
  ];
  if (!corpus.truth) return results;
  for (const measure of ['recall', 'precision'] as const) {
    const values = (answers: Answer[]) => answers.map((found) => 100 * quality(found, corpus)[measure]);
    results.push({
      name: `${measure} beside ${peer.name}`,
      unit: '%',
      ...compare(values(ours), values(theirs)),
      ...common,
    });
  }
  return results;
}

function quality({ found }: Answer, { truth }: Corpus): { recall: number; precision: number } {
  return truth ? recallAndPrecision(found, truth.fallen) : { recall: 1, precision: 1 };
}

function runOurs(corpus: Corpus): Promise<Answer> {
  const script = join(import.meta.dirname, 'ours.ts');
  return answer('OURS_FAILED', process.execPath, [script, corpus.dir, JSON.stringify({ bands: BANDS })]);
}

/** Runs a half on one core, the last one, where the system lets us choose. */
async function answer(code: string, program: string, args: string[]): Promise<Answer> {
  const core = String(cpus().length - 1);
  const pinned = (await runProgram('taskset', ['-c', core, 'true'])).code === 0;
  const [name, ...all] = pinned ? ['taskset', '-c', core, program, ...args] : [program, ...args];
  // One thread each, and the same hash of a string in every run.
  const env = { OMP_NUM_THREADS: '1', RAYON_NUM_THREADS: '1', PYTHONHASHSEED: '0', PYTHONWARNINGS: 'ignore' };
  const { code: exit, stdout, output } = await runProgram(name!, all, env);
  const line = stdout.trim().split('\n').at(-1);
  if (exit === 0 && line?.startsWith('{')) return JSON.parse(line) as Answer;
  throw new LucieError({
    code,
    found: `${program} ${args.join(' ')} with exit code ${exit}: ${output.trim().split('\n').at(-1)}`,
    expected: 'one line of figures',
    todo: 'run that command by hand to see all of its output',
  });
}
