import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { isLucieError, type Manifest, readManifest, totalEnergy } from '@lucie/ledger';
import { type Curve, readCurve } from './curve.ts';
import { type Score, scoreRows } from './score-rows.ts';
import { type Source, sourceRows } from './source-rows.ts';
import { listPapers } from './static-files.ts';

/** One stage of a run, as its manifest tells. */
export interface StageReport {
  name: string;
  seconds: number;
  energy: Manifest['energy'];
  /** ISO 8601. */
  finished: string;
  facts: Record<string, unknown>;
}

/** What the page shows of a run; every figure comes from the run's own files. */
export interface RunReport {
  recipe: string;
  stages: StageReport[];
  /** Names of stages that are being built, or were stopped. */
  unfinished: string[];
  parameters: number | undefined;
  /** Tokens that the base model was trained on. */
  tokens: number | undefined;
  seconds: number;
  /** Sum over the stages; one estimate among them makes the sum an estimate. */
  energy: Manifest['energy'];
  curves: { base: Curve | undefined; instruct: Curve | undefined };
  sources: Source[];
  scores: Score[];
  /** Whether the evaluation's page is served at `/evaluation`. */
  evaluationPage: boolean;
  /** Papers served under `/release/`. */
  papers: string[];
  /** What could not be read, a sentence each. */
  problems: string[];
}

/** Reads a run's folder, finished or not; what is missing or damaged is left out, and damage is named in `problems`. */
export async function readRunReport(runDir: string): Promise<RunReport> {
  const folders = new Map<string, string>();
  const unfinished: string[] = [];
  for (const folder of (await readdir(runDir).catch(() => [])).sort()) {
    const match = /^\d\d-([a-z-]+)(\.partial)?$/.exec(folder);
    if (!match) continue;
    const [, name, partial] = match;
    if (partial && folders.has(name!)) continue;
    if (partial) unfinished.push(name!);
    folders.set(name!, join(runDir, folder));
  }

  const stages: StageReport[] = [];
  const problems: string[] = [];
  for (const [name, dir] of folders) {
    if (unfinished.includes(name)) continue;
    try {
      const manifest = await readManifest(dir);
      const { seconds, energy, finished, facts } = manifest;
      stages.push({ name, seconds, energy, finished, facts });
    } catch (error) {
      problems.push(isLucieError(error) ? error.message : `${basename(dir)} could not be read`);
    }
  }

  const factsOf = (name: string) => stages.find((stage) => stage.name === name)?.facts ?? {};
  const curveOf = async (name: string) => {
    const dir = folders.get(name);
    return dir ? await readCurve(join(dir, 'metrics.jsonl')) : undefined;
  };
  return {
    recipe: basename(runDir),
    stages,
    unfinished,
    parameters: numberIn(factsOf('base'), 'parameters'),
    tokens: numberIn(factsOf('base'), 'tokens_seen'),
    seconds: stages.reduce((sum, stage) => sum + stage.seconds, 0),
    energy: totalEnergy(stages),
    curves: { base: await curveOf('base'), instruct: await curveOf('instruct') },
    sources: sourceRows(factsOf('corpus')),
    scores: scoreRows(await readJson(folders.get('evaluation'), 'scores.json')),
    evaluationPage: existsSync(join(runDir, '06-evaluation', 'index.html')),
    papers: await listPapers(join(runDir, '07-release')),
    problems,
  };
}

function numberIn(facts: Record<string, unknown>, key: string): number | undefined {
  return typeof facts[key] === 'number' ? facts[key] : undefined;
}

async function readJson(dir: string | undefined, name: string): Promise<unknown> {
  if (!dir) return undefined;
  try {
    return JSON.parse(await readFile(join(dir, name), 'utf8'));
  } catch {
    return undefined;
  }
}
