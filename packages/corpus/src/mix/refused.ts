import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { RejectedDocument } from '../document.ts';
import { layout } from '../layout.ts';
import { readDocuments, writeRejected } from '../parquet.ts';
import type { UnitContext } from '../steps/step.ts';

/** Writes the documents that were refused, with their text, in the order of the corpus. */
export async function writeRefused(
  database: DuckDBConnection,
  context: Pick<UnitContext, 'out' | 'dir' | 'signal'>,
): Promise<void> {
  await writeRejected(join(context.out, layout.select.rejected), refused(database, context));
}

async function* refused(
  database: DuckDBConnection,
  context: Pick<UnitContext, 'dir' | 'signal'>,
): AsyncGenerator<RejectedDocument> {
  const units = await database.runAndReadAll(
    'SELECT DISTINCT unit, name FROM docs JOIN units USING (unit) WHERE reason IS NOT NULL ORDER BY unit',
  );
  for (const [unit, name] of units.getRows()) {
    const found = await database.runAndReadAll(
      `SELECT "row", reason, value FROM docs WHERE unit = ${Number(unit)} AND reason IS NOT NULL`,
    );
    const reasons = new Map(
      found
        .getRows()
        .map(([row, reason, value]) => [Number(row), { reason: String(reason), value: String(value) }]),
    );
    let row = 0;
    for await (const document of readDocuments(
      join(context.dir(layout.apply.step, String(name)), layout.apply.documents),
    )) {
      context.signal.throwIfAborted();
      const why = reasons.get(row++);
      if (!why) continue;
      yield { ...document, ...why };
      reasons.delete(row - 1);
      if (reasons.size === 0) break;
    }
  }
}
