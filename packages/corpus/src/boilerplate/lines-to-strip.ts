import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { openConnection, partsOf, quoted } from '../parquet.ts';
import type { UnitContext } from '../steps/step.ts';
import { boilerplateLayout } from './layout.ts';

/**
 * The repeated lines that documents of a `read` unit lose, by row of the document: all that they hold but those that
 * they keep as the most senior.
 */
export async function* linesToStrip(
  unit: string,
  context: UnitContext,
): AsyncGenerator<{ row: number; hash: number }> {
  const { lines, boilerplate } = boilerplateLayout;
  const own = await partsOf(join(context.dir(lines.step, unit), lines.lines));
  const repeated = context
    .units(boilerplate.step)
    .map((part) => join(context.dir(boilerplate.step, part), boilerplate.repeated));
  const spill = join(context.out, 'spill-lines.tmp');
  const connection = await openConnection({ memoryBytes: context.memoryBytes / 2, spill });
  try {
    const result = await connection.database.stream(`
      SELECT own.row::DOUBLE, hash::DOUBLE
      FROM (SELECT hash::BIGINT AS hash, row::BIGINT AS row FROM read_parquet([${own.map(quoted).join(', ')}])) own
      JOIN read_parquet([${repeated.map(quoted).join(', ')}]) repeated USING (hash)
      WHERE NOT (repeated.unit = ${quoted(unit)} AND repeated.row = own.row)
      ORDER BY own.row, hash`);
    for await (const chunk of result) {
      for (const [row, hash] of chunk.getRows()) yield { row: Number(row), hash: Number(hash) };
    }
  } finally {
    connection.close();
    await rm(spill, { recursive: true, force: true });
  }
}
