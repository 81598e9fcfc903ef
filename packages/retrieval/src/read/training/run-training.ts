import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { hashJson, sha256File } from '@lucie/ledger';
import { setThreads } from '@lucie/torch';
import { readAdapter, writeAdapter } from '../adapter.ts';
import { readE5 } from '../e5-file.ts';
import { UnigramTokenizer } from '../unigram.ts';
import type { ReadingExample } from './example.ts';
import { judge } from './judge.ts';
import { ReaderModel, type ReaderModelOptions } from './reader-model.ts';
import { schoolExamples } from './school-examples.ts';
import { squadExamples } from './squad-examples.ts';
import { type ReaderStep, type ReaderTraining, trainSteps } from './train.ts';
import { trainingOrder } from './training-order.ts';

/** A training from files to a file. */
export interface TrainingFiles {
  /** The packed encoder. */
  base: string;
  /** The adapter in float16, which set-up rounds to 4 bits anyway; rewritten every `saveEvery` steps and at the end. */
  out: string;
  saveEvery: number;
  /** An adapter to go on from. */
  init?: string | undefined;
  /** A folder with `texts/*.json` and `parts/*.jsonl`, how often its questions are seen (0 leaves them out), and with how many passages that answer nothing. */
  school: { dir: string; epochs: number; others?: number };
  /** A folder with questions in SQuAD's shape. */
  data?: { dir: string; epochs: number } | undefined;
  /** Groups that begin so are judged and not learnt from. */
  hold: readonly string[];
  /** Stops after so many examples. */
  limit: number;
  threads: number;
  model: Omit<ReaderModelOptions, 'seed'>;
  training: Omit<ReaderTraining, 'examples'>;
}

/** Steps between two lines of progress. */
const SAY_EVERY = 10;

/**
 * Reads, trains, writes; says how it goes, a line at a time.
 * @throws LucieError of the files and of the training
 */
export async function runTraining(files: TrainingFiles, say: (line: string) => void): Promise<void> {
  const { seed } = files.training;
  setThreads(files.threads);
  const { examples, held, counts } = await readExamples(files, seed);
  say(`${examples.length} examples of ${counts.join(' + ')}, ${held.length} held out`);
  const file = await readE5(files.base);
  const tokenizer = new UnigramTokenizer(file.vocabulary);
  const facts = { base: await sha256File(files.base), data: await hashesOfData(files) };
  using model = new ReaderModel(file, { ...files.model, seed });
  if (files.init !== undefined) {
    const before = await readAdapter(files.init);
    model.load(before);
    facts.data = { ...before.data, ...facts.data };
  }
  const longest = Math.min(files.training.longest, file.config.max_position_embeddings);
  const run: ReaderTraining = { ...files.training, examples, longest };
  const progress = new Progress(examples.length, say);
  for (const step of trainSteps(model, tokenizer, run)) {
    progress.add(step);
    if ((step.step + 1) % files.saveEvery === 0) await writeAdapter(files.out, model.adapter(facts), 'F16');
  }
  await writeAdapter(files.out, model.adapter(facts), 'F16');
  if (held.length === 0) return;
  const { loss, first, auc } = judge(model, tokenizer, { ...run, examples: held });
  say(`held out: loss ${loss.toFixed(4)} first ${first.toFixed(3)} auc ${auc.toFixed(3)}`);
}

async function readExamples({ school, data, hold, limit }: TrainingFiles, seed: number) {
  const isHeld = ({ group }: ReadingExample) => hold.some((prefix) => group.startsWith(prefix));
  const all: { epochs: number; examples: ReadingExample[] }[] = [];
  if (school.epochs > 0)
    all.push({ epochs: school.epochs, examples: await schoolExamples(school.dir, { ...school, seed }) });
  if (data && data.epochs > 0)
    all.push({ epochs: data.epochs, examples: await squadExamples(data.dir, seed) });
  const used = all.map(({ epochs, examples }) => ({
    epochs,
    examples: examples.filter((one) => !isHeld(one)),
  }));
  return {
    examples: trainingOrder(used, seed).slice(0, limit),
    held: all.flatMap(({ examples }) => examples.filter(isHeld)),
    counts: used.map(({ examples }) => examples.length),
  };
}

/** SHA-256 by name of what is learnt from: one for the school's folder, one for each file of `data`. */
async function hashesOfData({ school, data }: TrainingFiles): Promise<Record<string, string>> {
  const hashes: Record<string, string> = {};
  if (school.epochs > 0) hashes['ecole-fr-train'] = await hashOfSchool(school.dir);
  if (data && data.epochs > 0)
    for (const name of await filesOf(data.dir)) hashes[name] = await sha256File(join(data.dir, name));
  return hashes;
}

/** SHA-256 of a folder's texts and questions, whatever else lies there. */
export async function hashOfSchool(dir: string): Promise<string> {
  const parts: Record<string, string> = {};
  for (const folder of ['texts', 'parts'])
    for (const name of await filesOf(join(dir, folder)))
      parts[`${folder}/${name}`] = await sha256File(join(dir, folder, name));
  return hashJson(parts);
}

const filesOf = async (dir: string) => (await readdir(dir)).filter((name) => /\.jsonl?$/.test(name)).sort();

/** Says every few steps what they did, on the mean. */
class Progress {
  readonly #examples: number;
  readonly #say: (line: string) => void;
  readonly #began = performance.now();
  #tokens = 0;
  #steps: ReaderStep[] = [];

  constructor(examples: number, say: (line: string) => void) {
    this.#examples = examples;
    this.#say = say;
  }

  add(step: ReaderStep): void {
    this.#tokens += step.tokens;
    this.#steps.push(step);
    if (this.#steps.length < SAY_EVERY && step.seen < this.#examples) return;
    const mean = (of: 'loss' | 'accuracy') =>
      this.#steps.reduce((sum, one) => sum + one[of], 0) / this.#steps.length;
    const seconds = (performance.now() - this.#began) / 1000;
    const left = (seconds / step.seen) * (this.#examples - step.seen);
    this.#say(
      [
        `step ${step.step + 1}`,
        `${step.seen}/${this.#examples} examples`,
        `loss ${mean('loss').toFixed(4)}`,
        `accuracy ${mean('accuracy').toFixed(3)}`,
        `${Math.round(this.#tokens / seconds)} tokens/s`,
        `lr ${step.lr.toExponential(1)}`,
        `${Math.round(left / 60)} min left`,
      ].join('  '),
    );
    this.#steps = [];
  }
}
