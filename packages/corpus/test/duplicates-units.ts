import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Random } from '@lucie/ledger';
import { makeTexts } from '../../../bench/dedup/make-texts.ts';
import type { Document } from '../src/document.ts';
import { duplicateSteps, duplicatesShape } from '../src/duplicates/index.ts';
import { type Duplicate, layout } from '../src/layout.ts';
import type { Step } from '../src/steps/step.ts';
import type { Work } from '../src/steps/work.ts';
import { made, madeSteps, type Units } from './made-units.ts';
import { runAll, testDir } from './run-steps.ts';

const licences = ['CC0-1.0', 'CC-BY-4.0', 'CC-BY-SA-4.0', 'etalab-2.0'];

/** Documents of several sources, with dates and licences by chance, cut into units. */
export function madeDocuments(count: number, opts: { seed: number; words: number; units: number }): Units {
  const random = new Random(opts.seed, 'documents');
  const units: Units = {};
  for (const { id, text } of makeTexts(count, { ...opts, share: 0.4, chains: true })) {
    const unit = `unit-${random.below(opts.units)}`;
    const date = random.below(5) === 0 ? '' : String(2000 + random.below(20));
    const more = { date, licence: licences[random.below(4)]!, language: random.below(2) ? 'fr' : 'it' };
    (units[unit] ??= []).push(made(`source-${random.below(3)}/${id}`, text, more));
  }
  return Object.fromEntries(Object.entries(units).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The step `read` with these documents, and the steps that find duplicates. */
export function stepsOver(units: Units, options: object = {}): Step[] {
  return [madeSteps(units)[0]!, ...duplicateSteps(duplicatesShape.parse(options))];
}

export interface Found extends Duplicate {
  unit: string;
}

/** Who falls, of all units. */
export function fallsOf(work: Work): Found[] {
  const dir = work.dir(layout.survivors.step, layout.survivors.unit);
  return work.units(layout.read.step).flatMap((unit) =>
    readFileSync(join(dir, `${unit}.jsonl`), 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => ({ ...(JSON.parse(line) as Duplicate), unit })),
  );
}

/** Runs everything over documents in one unit. */
export async function find(documents: Document[], options: object = {}): Promise<Found[]> {
  const { work } = await runAll(stepsOver({ unit: documents }, options), testDir());
  return fallsOf(work);
}
