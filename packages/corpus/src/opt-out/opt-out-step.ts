import { join } from 'node:path';
import type { Document } from '../document.ts';
import { layout } from '../layout.ts';
import { openConnection, ParquetWriter, partsOf, quoted } from '../parquet.ts';
import type { Step, Unit, UnitContext } from '../steps/step.ts';
import { describeOptOut, optOutMatcher, type Traced } from './match-opt-out.ts';
import type { OptOut } from './options.ts';

/** Per `read` unit: documents that an opt-out names, as `OptOutRow`. */
export const optOutLayout = { step: 'opt-out', matches: 'matches.parquet' } as const;

export interface OptOutRow {
  id: string;
  /** `describeOptOut`. */
  optOut: string;
}

/**
 * The step `opt-out`: the documents that an opt-out names. It is a step of its own because the same text elsewhere
 * falls too, wherever in the corpus that is: `apply` needs the matches of all units.
 */
export function optOutStep(optOuts: readonly OptOut[]): Step {
  return {
    name: optOutLayout.step,
    version: 1,
    options: optOuts,
    units: (before) =>
      before.units(layout.read.step).map((name) => ({ name, reads: [`${layout.read.step}/${name}`] })),
    run: (unit, context) => writeMatches(unit, optOuts, context),
  };
}

async function writeMatches(unit: Unit, optOuts: readonly OptOut[], context: UnitContext): Promise<void> {
  const writer = new ParquetWriter<OptOutRow>(join(context.out, optOutLayout.matches), {
    columns: ['id', 'optOut'],
  });
  try {
    if (optOuts.length > 0) {
      const match = optOutMatcher(optOuts);
      const path = join(context.dir(layout.read.step, unit.name), layout.read.documents);
      for await (const rows of traces(path)) {
        context.signal.throwIfAborted();
        for (const row of rows) {
          const found = match(row);
          if (found) await writer.add({ id: row.id, optOut: describeOptOut(found) });
        }
      }
    }
    await writer.finish();
  } catch (error) {
    await writer.abandon();
    throw error;
  }
}

/** What identifies the documents of a Parquet file or folder and how big they are, without their texts, in batches. */
export async function* traces(
  path: string,
  columns: readonly (keyof Document | 'reason')[] = [],
): AsyncGenerator<(Traced & { bytes: number } & Record<string, string | number>)[]> {
  const files = (await partsOf(path)).map(quoted).join(', ');
  if (files === '') return;
  const names = ['id', 'url', 'extra', ...columns];
  const connection = await openConnection();
  try {
    // As `documentBytes` counts.
    const bytes = `strlen("text") + CASE WHEN title = '' THEN 0 ELSE strlen(title) + 2 END`;
    const result = await connection.database.stream(
      `SELECT ${names.map((name) => `"${name}"`).join(', ')}, (${bytes})::DOUBLE AS bytes FROM read_parquet([${files}])`,
    );
    for await (const chunk of result) {
      yield chunk.getRows().map(
        (values) =>
          Object.fromEntries([...names, 'bytes'].map((name, i) => [name, values[i] ?? ''])) as Traced & {
            bytes: number;
          },
      );
    }
  } finally {
    connection.close();
  }
}
