import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { LucieError, writeJson } from '@lucie/ledger';
import { layout } from '../layout.ts';
import { openConnection } from '../parquet.ts';
import type { Step, UnitContext } from '../steps/step.ts';
import { describeMix } from './describe-mix.ts';
import { loadIndex } from './load-index.ts';
import type { MixOptions } from './options.ts';
import { explainOutOfMemory } from './out-of-memory.ts';
import { markHeldOut, refuseBeyondCaps, refuseRepeated, refuseSecondIds } from './refusals.ts';
import { writeRefused } from './refused.ts';
import { writeSelections } from './selections.ts';

/** What the step looks at; of the sources only what a recipe says of them, by name. */
export interface SelectOptions {
  seed: number;
  /** Of each source, by chance; at least one document of a source that has two. */
  heldOutFraction: number;
  sources: Readonly<Record<string, SelectSource>>;
  mix: MixOptions;
}

export interface SelectSource {
  /** UTF-8 bytes at most; which documents stay is decided by chance. */
  maxBytes?: number | undefined;
  /** In place of the corpus's own. */
  heldOutFraction?: number | undefined;
  epochs?: number | undefined;
  /** `other` where nobody says. */
  category?: string | undefined;
}

const { select, apply, finalSurvivors } = layout;

/**
 * The step `select`: which documents of the `apply` units are trained on and which held out, in which order, how often.
 * It reads indexes and what was found of duplicates alone (and the text of what it refuses, for `rejected.parquet`), in DuckDB, which spills beside.
 * @throws LucieError `SOURCE_NAME`, `MEMORY_TOO_LITTLE`
 */
export function selectStep(options: SelectOptions): Step {
  for (const source of Object.keys(options.sources)) refuseTakenName(source);
  return {
    name: select.step,
    version: 1,
    options,
    single: true,
    units: () => [
      { name: select.unit, reads: [apply.step, `${finalSurvivors.step}/${finalSurvivors.unit}`] },
    ],
    run: (_, context) => run(options, context),
  };
}

async function run(options: SelectOptions, context: UnitContext): Promise<void> {
  const spill = join(context.out, 'spill');
  const connection = await openConnection({ memoryBytes: context.memoryBytes, spill });
  const { database } = connection;
  const { signal, progress } = context;
  const units = context.units(apply.step);
  try {
    progress.start('selecting', undefined, 'steps');
    await loadIndex(
      database,
      units.map((name) => ({ name, dir: context.dir(apply.step, name) })),
      signal,
    );
    const repeated = context.dir(finalSurvivors.step, finalSurvivors.unit);
    await refuseRepeated(
      database,
      units.map((name) => join(repeated, `${name}.jsonl`)),
      signal,
    );
    await refuseSecondIds(database);
    signal.throwIfAborted();
    const sources = await sourcesOf(database);
    for (const source of sources) {
      refuseTakenName(source);
      const own = options.sources[source] ?? {};
      const { seed } = options;
      if (own.maxBytes !== undefined)
        await refuseBeyondCaps(database, { source, seed, maxBytes: own.maxBytes });
      await markHeldOut(database, { source, seed, fraction: own.heldOutFraction ?? options.heldOutFraction });
      signal.throwIfAborted();
    }
    await writeSelections(database, {
      sources,
      seed: options.seed,
      order: options.mix.order,
      out: context.out,
      signal,
    });
    await writeRefused(database, context);
    await writeJson(join(context.out, select.mix), await describeMix(database, { sources, options }));
    progress.end(`${sources.length} sources`);
  } catch (error) {
    throw explainOutOfMemory(error, context.memoryBytes);
  } finally {
    connection.close();
    await rm(spill, { recursive: true, force: true });
  }
}

/** In the order of the corpus. */
async function sourcesOf(database: Parameters<typeof refuseRepeated>[0]): Promise<string[]> {
  const rows = await database.runAndReadAll(
    'SELECT source FROM docs GROUP BY source ORDER BY min(nth), source',
  );
  return rows.getRows().map(([source]) => String(source));
}

/** A source's selection is a file of its name, beside the step's own. */
function refuseTakenName(source: string): void {
  if (`${source}.parquet` !== select.rejected) return;
  throw new LucieError({
    code: 'SOURCE_NAME',
    found: `a source named ${source}`,
    expected: 'another name: rejected documents are written under that one',
    todo: 'rename the source in the recipe',
    exitCode: 2,
  });
}
