import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { layout } from '../layout.ts';
import { openConnection, ParquetWriter, partsOf, quoted, readRejected } from '../parquet.ts';
import type { Finished, Step, Unit, UnitContext } from '../steps/step.ts';
import { describeOptOut, optOutMatcher, type Traced } from './match-opt-out.ts';
import type { OptOut } from './options.ts';
import { textHasher } from './text-hash.ts';

/** Files of the steps that find what opt-outs take out. */
export const optOutLayout = {
  /** Per `read` unit: documents that an opt-out names: `OptOutRow`; among those that `read` has refused: `RefusedRow`. */
  matches: { step: 'opt-out', matches: 'matches.parquet', refused: 'refused.parquet' },
  /** These and the same text elsewhere: `id`, `why`; and the texts of all of them: `hash`, `twin`. */
  fallen: { step: 'opt-out-fallen', unit: 'all', fallen: 'fallen.parquet', texts: 'texts.parquet' },
  /**
   * Per `read` unit: its documents that fall, lines of `Fallen`, by row; and where it has refused some of these texts,
   * all the refused ones again, these without their text: `refusedOf`.
   */
  byUnit: { step: 'opt-out-by-unit', fallen: 'fallen.jsonl', rejected: 'rejected.parquet' },
} as const;

export interface OptOutRow {
  id: string;
  /** `describeOptOut`. */
  optOut: string;
}

export interface RefusedRow extends OptOutRow {
  /** `textHasher`; of the documents that stay the step `signatures` has it. */
  hash: string;
}

/** A document of a `read` unit that falls by opt-outs. */
export interface Fallen {
  row: number;
  why: string;
}

/** The step `opt-out`: the documents that an opt-out names, those that `read` has refused included. */
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

/** The documents that `read` has refused in a unit, without the texts of those who have opted out. */
export function refusedOf(finished: Finished, unit: string): string {
  const { step, rejected } = optOutLayout.byUnit;
  const clean = join(finished.dir(step, unit), rejected);
  return existsSync(clean) ? clean : join(finished.dir(layout.read.step, unit), layout.read.rejected);
}

async function writeMatches(unit: Unit, optOuts: readonly OptOut[], context: UnitContext): Promise<void> {
  const match = optOutMatcher(optOuts);
  const read = context.dir(layout.read.step, unit.name);
  const { matches, refused } = optOutLayout.matches;
  const named = async function* (file: string): AsyncGenerator<OptOutRow> {
    if (optOuts.length === 0) return;
    for await (const rows of traces(join(read, file))) {
      context.signal.throwIfAborted();
      for (const row of rows) {
        const found = match(row);
        if (found) yield { id: row.id, optOut: describeOptOut(found) };
      }
    }
  };
  const refusedTexts = async function* (): AsyncGenerator<RefusedRow> {
    // Most units refuse nobody who has opted out: texts are read only where one does.
    if ((await named(layout.read.rejected).next()).done) return;
    const hashOf = textHasher();
    for await (const document of readRejected(join(read, layout.read.rejected))) {
      context.signal.throwIfAborted();
      const found = match(document);
      if (found) yield { id: document.id, optOut: describeOptOut(found), hash: hashOf(document) };
    }
  };
  await writeTable(join(context.out, matches), ['id', 'optOut'], named(layout.read.documents));
  await writeTable(join(context.out, refused), ['id', 'optOut', 'hash'], refusedTexts());
}

async function writeTable<Row extends object>(
  path: string,
  columns: readonly (string & keyof Row)[],
  rows: AsyncIterable<Row>,
): Promise<void> {
  const writer = new ParquetWriter<Row>(path, { columns });
  try {
    for await (const row of rows) await writer.add(row);
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
