import { cp, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { joinText } from '@lucie/corpus';
import { listFiles, runStages, type Stage, silent } from '@lucie/ledger';
import { beforeAll, describe, expect, it } from 'vitest';
import { compressorBits } from '../src/compressors.ts';
import { evaluateModel } from '../src/evaluate-model.ts';
import { evaluationStage } from '../src/evaluation-stage.ts';
import { limitBytes, readHeldOut } from '../src/held-out.ts';
import { readScores, type Scores } from '../src/scores.ts';
import { tinyRun } from './tiny-model.ts';

const options = {
  name: 'tiny',
  resamples: 20,
  samples: { count: 3, maxTokens: 12 },
  questions: { count: 2, maxTokens: 6 },
  threads: 1,
} as const;

let run: Awaited<ReturnType<typeof tinyRun>>;
let runDir: string;
let dir: string;
let scores: Scores;

/** Puts a folder that exists in the place of a stage's output. */
const given = (name: string, from: string): Stage => ({
  name,
  version: 1,
  options: {},
  needs: [],
  async run(context) {
    await cp(from, context.dir, { recursive: true });
    return {};
  },
});

async function make(into: string) {
  return runStages(
    into,
    [
      given('corpus', run.corpus),
      given('base', run.base),
      given('instruct', run.instruct),
      evaluationStage(options),
    ],
    { recipe: 'tiny', progress: silent, say: () => {}, signal: new AbortController().signal },
  );
}

beforeAll(async () => {
  run = await tinyRun();
  runDir = await mkdtemp(join(tmpdir(), 'run-'));
  await make(runDir);
  dir = join(runDir, '04-evaluation');
  scores = await readScores(join(dir, 'scores.json'));
});

const task = (name: string) => scores.tasks.find((candidate) => candidate.name === name)!;

describe('evaluationStage', () => {
  it('measures every task, French first', () => {
    expect(scores.tasks.map(({ name, model, n }) => [name, model, n])).toEqual([
      ['bits-per-byte-fr', 'base', 8],
      ['bits-per-byte-fr-over-xz', 'base', 8],
      ['bits-per-byte-en', 'base', 4],
      ['bits-per-byte-en-over-xz', 'base', 4],
      ['grammaire-fr', 'base', expect.any(Number)],
      ['samples-in-french', 'base', 3],
      ['capitals-stopped', 'instruct', 2],
      ['capitals-correct', 'instruct', 2],
      ['capitals-held-out-stopped', 'instruct', 1],
      ['capitals-held-out-correct', 'instruct', 1],
    ]);
    expect(scores.skipped).toEqual([]);
    expect(scores.protocol).toEqual({ stride: 24, seed: 1, resamples: 20 });
    expect(scores.models.base!.sha256).not.toBe(scores.models.instruct!.sha256);
    for (const { low, value, high } of scores.tasks) {
      expect(low).toBeLessThanOrEqual(value);
      expect(high).toBeGreaterThanOrEqual(value);
    }
  });

  it('compares with the file that joinText makes of the held-out documents', async () => {
    const text = await joinText(join(run.corpus, 'heldout.parquet'), 'fr');
    expect(task('bits-per-byte-fr').peer).toEqual(await compressorBits(Buffer.from(text)));
    expect(Object.keys(task('bits-per-byte-fr').perSource!)).toEqual(['fiches', 'lois']);
  });

  it('logs every single observation, from which the figures follow', async () => {
    const items = (await readFile(join(dir, 'items.jsonl'), 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    const of = (name: string) => items.filter((item) => item.task === name);
    const sum = (name: string, field: string) =>
      of(name).reduce((total, item) => total + Number(item[field]), 0);
    expect(task('bits-per-byte-fr').value).toBeCloseTo(
      sum('bits-per-byte-fr', 'nats') / Math.LN2 / sum('bits-per-byte-fr', 'bytes'),
      9,
    );
    const right = of('grammaire-fr').filter(({ correct }) => correct).length;
    expect(task('grammaire-fr').value).toBe(right / of('grammaire-fr').length);
    expect(of('samples-in-french')).toHaveLength(3);
    expect(scores.answers.map(({ set, expected }) => [set, expected])).toEqual([
      ['train', 'Paris'],
      ['train', 'Tokyo'],
      ['held-out', 'Lima'],
    ]);
  });

  it('leaves a page with the curves of both trainings', async () => {
    const page = await readFile(join(dir, 'index.html'), 'utf8');
    expect(page).toContain('Évaluation : tiny');
    expect(page).toContain('id="loss-base"');
    expect(page).toContain('id="loss-instruct"');
  });

  it('gives the same bytes again', async () => {
    const again = join(runDir, 'again');
    const first = (await make(runDir)).manifests.at(-1)!;
    await rm(again, { recursive: true, force: true });
    const second = (await make(again)).manifests.at(-1)!;
    expect(second.digest).toBe(first.digest);
    expect(await listFiles(join(again, '04-evaluation'))).toContain('items.jsonl');
  });

  it('starts over after a kill, over what lay in the partial folder', async () => {
    const digest = (await make(runDir)).manifests.at(-1)!.digest;
    await rename(dir, `${dir}.aside`);
    await cp(`${dir}.aside`, `${dir}.partial`, { recursive: true });
    await writeFile(join(`${dir}.partial`, 'scores.json'), '{"version": 1, "half":');
    expect((await make(runDir)).manifests.at(-1)!.digest).toBe(digest);
    expect(await readScores(join(dir, 'scores.json'))).toEqual(scores);
  });
});

describe('evaluateModel', () => {
  it('agrees with the stage on the same folder and data', async () => {
    const alone = await evaluateModel(run.base, { data: run.corpus, options });
    expect(alone.tasks.map(({ model, ...rest }) => rest)).toEqual(
      scores.tasks.slice(0, 6).map(({ model, ...rest }) => rest),
    );
    expect(alone.models).toEqual({ model: scores.models.base });
  });

  it('asks a chat model and says what it could not measure', async () => {
    const chat = await evaluateModel(run.instruct, { options: { ...options, name: 'chat' } });
    expect(chat.name).toBe('chat');
    expect(chat.tasks.map(({ name }) => name)).toContain('capitals-correct');
    expect(chat.samples).toEqual([]);
    expect(chat.skipped).toEqual([{ name: 'bits-per-byte', reason: expect.any(String) }]);
    await rm(join(run.instruct, 'held-out-facts.json'));
    const less = await evaluateModel(run.instruct, { options });
    expect(less.skipped.map(({ name }) => name)).toEqual(['bits-per-byte', 'capitals-held-out']);
  });

  it('reads a folder of text files', async () => {
    const data = await mkdtemp(join(tmpdir(), 'texts-'));
    await writeFile(join(data, 'b.txt'), 'Le chat dort.\n');
    await writeFile(join(data, 'a.txt'), 'Paris.\n');
    await writeFile(join(data, 'empty.txt'), '\n');
    await writeFile(join(data, 'notes.md'), 'not read');
    const measured = await evaluateModel(run.base, { data, options });
    expect(Object.keys(measured.tasks[0]!.perSource!)).toEqual(['a', 'b']);
    expect(measured.tasks[0]!.perSource!.b!.bytes).toBe('Le chat dort.\n'.length);
  });

  it('refuses folders without a model or without text', async () => {
    const empty = await mkdtemp(join(tmpdir(), 'empty-'));
    await expect(evaluateModel(empty)).rejects.toMatchObject({ name: 'LucieError' });
    await expect(evaluateModel(run.base, { data: empty })).rejects.toMatchObject({ code: 'DATA_MISSING' });
    await expect(evaluateModel(run.base, { data: join(empty, 'no') })).rejects.toMatchObject({
      code: 'DATA_MISSING',
    });
  });
});

describe('limitBytes', () => {
  it('chooses by id, keeps the order, and keeps at least one document', async () => {
    const documents = await readHeldOut(run.corpus, { language: 'fr' });
    const few = limitBytes(documents, 150);
    expect(few.length).toBeGreaterThan(0);
    expect(few.length).toBeLessThan(documents.length);
    expect(few.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0)).toBeLessThanOrEqual(150);
    expect(few).toEqual(documents.filter((document) => few.includes(document)));
    const ids = (list: { id: string }[]) => list.map(({ id }) => id).sort();
    expect(ids(limitBytes([...documents].reverse(), 150))).toEqual(ids(few));
    expect(limitBytes(documents, 1)).toHaveLength(1);
    expect(limitBytes(documents, 1e9)).toEqual(documents);
  });
});
