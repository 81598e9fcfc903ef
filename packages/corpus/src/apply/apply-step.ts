import { join } from 'node:path';
import { boilerplateLayout } from '../boilerplate/layout.ts';
import type { BoilerplateOptions } from '../boilerplate/options.ts';
import { layout } from '../layout.ts';
import { optOutLayout } from '../opt-out/opt-out-step.ts';
import { readDocuments } from '../parquet.ts';
import type { Step, Unit, UnitContext } from '../steps/step.ts';
import { type JudgementOptions, Judgements } from './judgements.ts';
import { UnitFiles } from './unit-files.ts';

export interface ApplyOptions {
  /** A document of which boilerplate leaves fewer characters falls. By source; where there is none, at least 1. */
  minimumCharacters: Record<string, number>;
  boilerplate: BoilerplateOptions;
}

const { read, survivors, contamination, apply } = layout;

/**
 * The step `apply`: what was found about the documents of a unit by looking at all documents is done to them. Rules in
 * their order: `opt-out`, `exact-duplicate`, `near-duplicate`, `contamination`, `boilerplate`.
 */
export function applyStep({ minimumCharacters, boilerplate }: ApplyOptions): Step {
  const options = { minimumCharacters, lines: boilerplate.minimumCharacters };
  return {
    name: apply.step,
    version: 1,
    options,
    units: (before) =>
      before.units(read.step).map((name) => ({
        name,
        reads: [
          `${read.step}/${name}`,
          `${survivors.step}/${survivors.unit}`,
          `${contamination.step}/${name}`,
          `${boilerplateLayout.lines.step}/${name}`,
          boilerplateLayout.boilerplate.step,
          `${optOutLayout.byUnit.step}/${name}`,
        ],
      })),
    run: (unit, context) => applyUnit(unit, { ...options, context }),
  };
}

async function applyUnit(unit: Unit, opts: JudgementOptions & { context: UnitContext }): Promise<void> {
  const { context } = opts;
  const judgements = new Judgements(unit.name, opts);
  const files = new UnitFiles(context.out);
  let row = 0;
  context.progress.start('rules over all documents', undefined, 'documents');
  try {
    for await (const document of readDocuments(join(context.dir(read.step, unit.name), read.documents))) {
      await files.add(document, await judgements.of(document, row));
      if (++row % 256 === 0) {
        context.signal.throwIfAborted();
        context.progress.update(row);
      }
    }
    const { kept } = await files.finish();
    context.progress.end(`${kept.documents} of ${row} documents stay`);
  } catch (error) {
    await files.abandon();
    throw error;
  } finally {
    await judgements.close();
  }
}
