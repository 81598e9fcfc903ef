import { join } from 'node:path';
import { writeJson } from '@lucie/ledger';
import { ByRow, readJsonLines } from '../apply/by-row.ts';
import { type Contamination, type Duplicate, layout } from '../layout.ts';
import { type Fallen, optOutLayout } from '../opt-out/opt-out-step.ts';
import { ParquetWriter, readDocuments } from '../parquet.ts';
import type { Step, Unit, UnitContext } from '../steps/step.ts';
import { boilerplateLayout, type LineRow } from './layout.ts';
import type { BoilerplateOptions } from './options.ts';
import { seniority } from './seniority.ts';
import { lineHashes } from './sentence-lines.ts';

const { step, lines, counts } = boilerplateLayout.lines;

/**
 * The step `lines`: the lines of each document that may be boilerplate. Duplicates, contaminated documents and what
 * opt-outs take out are left out: they are gone when boilerplate is counted, and so can neither count nor keep a line.
 */
export function linesStep(options: BoilerplateOptions): Step {
  const { minimumCharacters } = options;
  return {
    name: step,
    version: 1,
    options: { minimumCharacters },
    units: (before) =>
      before.units(layout.read.step).map((name) => ({
        name,
        reads: [
          `${layout.read.step}/${name}`,
          `${layout.survivors.step}/${layout.survivors.unit}`,
          `${layout.contamination.step}/${name}`,
          `${optOutLayout.byUnit.step}/${name}`,
        ],
      })),
    run: (unit, context) => writeLines(unit, minimumCharacters, context),
  };
}

async function writeLines(unit: Unit, minimumCharacters: number, context: UnitContext): Promise<void> {
  const { name } = unit;
  const survivors = context.dir(layout.survivors.step, layout.survivors.unit);
  const duplicates = new ByRow(readJsonLines<Duplicate>(join(survivors, `${name}.jsonl`)));
  const hits = join(context.dir(layout.contamination.step, name), layout.contamination.hits);
  const contaminated = new ByRow(readJsonLines<Contamination>(hits));
  const { byUnit } = optOutLayout;
  const optOuts = new ByRow(readJsonLines<Fallen>(join(context.dir(byUnit.step, name), byUnit.fallen)));
  const gone = [duplicates, contaminated, optOuts];
  const writer = new ParquetWriter<LineRow>(join(context.out, lines), {
    columns: ['hash', 'seniority', 'unit', 'row'],
  });
  const documents = join(context.dir(layout.read.step, name), layout.read.documents);
  let row = 0;
  context.progress.start('lines', undefined, 'documents');
  try {
    for await (const document of readDocuments(documents)) {
      let falls = false;
      for (const rows of gone) if ((await rows.at(row)).length > 0) falls = true;
      if (!falls) {
        const place = { seniority: seniority(document), unit: name, row };
        for (const hash of lineHashes(document, minimumCharacters)) await writer.add({ hash, ...place });
      }
      if (++row % 256 === 0) {
        context.signal.throwIfAborted();
        context.progress.update(row);
      }
    }
    const count = await writer.finish();
    await writeJson(join(context.out, counts), { lines: count });
    context.progress.end(`${count} lines of ${row} documents`);
  } catch (error) {
    await writer.abandon();
    throw error;
  } finally {
    for (const rows of gone) await rows.close();
  }
}
