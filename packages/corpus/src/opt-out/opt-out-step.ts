import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { RejectedDocument } from '../document.ts';
import { layout } from '../layout.ts';
import { openConnection, ParquetWriter, partsOf, quoted, readRejected, writeRejected } from '../parquet.ts';
import type { Finished, Step, Unit, UnitContext } from '../steps/step.ts';
import { describeOptOut, optOutMatcher, type Traced } from './match-opt-out.ts';
import { nameOf } from './name-of.ts';
import type { OptOut } from './options.ts';

/** Files of the steps that find what opt-outs take out. */
export const optOutLayout = {
  /**
   * Per `read` unit: documents that an opt-out names, as `OptOutRow`; and where it names some that `read` has refused,
   * all the refused ones again, those without their text: `refusedOf`.
   */
  matches: { step: 'opt-out', matches: 'matches.parquet', rejected: 'rejected.parquet' },
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

/** The documents that `read` has refused in a unit, without the texts of those who have opted out. */
export function refusedOf(finished: Finished, unit: string): string {
  const { step, rejected } = optOutLayout.matches;
  const clean = join(finished.dir(step, unit), rejected);
  return existsSync(clean) ? clean : join(finished.dir(layout.read.step, unit), layout.read.rejected);
}

async function writeMatches(unit: Unit, optOuts: readonly OptOut[], context: UnitContext): Promise<void> {
  const match = optOutMatcher(optOuts);
  const read = context.dir(layout.read.step, unit.name);
  const matched = async function* (file: string): AsyncGenerator<OptOutRow> {
    if (optOuts.length === 0) return;
    for await (const rows of traces(join(read, file))) {
      context.signal.throwIfAborted();
      for (const row of rows) {
        const found = match(row);
        if (found) yield { id: row.id, optOut: describeOptOut(found) };
      }
    }
  };
  const { matches, rejected } = optOutLayout.matches;
  const writer = new ParquetWriter<OptOutRow>(join(context.out, matches), { columns: ['id', 'optOut'] });
  try {
    for await (const row of matched(layout.read.documents)) await writer.add(row);
    await writer.finish();
  } catch (error) {
    await writer.abandon();
    throw error;
  }
  for await (const _ of matched(layout.read.rejected)) {
    const path = join(context.out, rejected);
    const clean = withoutTexts(readRejected(join(read, layout.read.rejected)), match);
    await writeRejected(path, clean);
    break;
  }
}

/** The reason stays for the counts; what a rule measured may quote the text. */
async function* withoutTexts(
  refused: AsyncIterable<RejectedDocument>,
  match: (document: Traced) => OptOut | undefined,
): AsyncGenerator<RejectedDocument> {
  for await (const document of refused) {
    const optOut = match(document);
    const { reason } = document;
    yield optOut ? { ...nameOf(document), reason, value: describeOptOut(optOut) } : document;
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
