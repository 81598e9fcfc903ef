import { join } from 'node:path';
import { layout } from '../layout.ts';
import { openConnection, ParquetWriter, partsOf, quoted } from '../parquet.ts';
import type { Step, Unit, UnitContext } from '../steps/step.ts';
import { describeOptOut, optOutMatcher, type Traced } from './match-opt-out.ts';
import type { OptOut } from './options.ts';

/** Files of the steps that find what opt-outs take out. */
export const optOutLayout = {
  /** Per `read` unit: documents that an opt-out names, as `OptOutRow`. */
  matches: { step: 'opt-out', matches: 'matches.parquet' },
  /** These and the same text elsewhere: `id`, `why`. */
  fallen: { step: 'opt-out-fallen', unit: 'all', fallen: 'fallen.parquet' },
} as const;

export interface OptOutRow {
  id: string;
  /** `describeOptOut`. */
  optOut: string;
}

/** The step `opt-out`: the documents that an opt-out names. */
export function optOutStep(optOuts: readonly OptOut[]): Step {
  return {
    name: optOutLayout.matches.step,
    version: 1,
    options: optOuts,
    units: (before) =>
      before.units(layout.read.step).map((name) => ({ name, reads: [`${layout.read.step}/${name}`] })),
    run: (unit, context) => writeMatches(unit, optOuts, context),
  };
}

async function writeMatches(unit: Unit, optOuts: readonly OptOut[], context: UnitContext): Promise<void> {
  const writer = new ParquetWriter<OptOutRow>(join(context.out, optOutLayout.matches.matches), {
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

/** What identifies the documents of a Parquet file or folder, without their texts, in batches. */
export async function* traces(path: string): AsyncGenerator<Traced[]> {
  const files = (await partsOf(path)).map(quoted).join(', ');
  if (files === '') return;
  const connection = await openConnection();
  try {
    const result = await connection.database.stream(`SELECT id, url, extra FROM read_parquet([${files}])`);
    for await (const chunk of result)
      yield chunk.getRows().map(([id, url, extra]) => ({ id, url, extra }) as Traced);
  } finally {
    connection.close();
  }
}
