import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { layout } from '../layout.ts';
import { openConnection, partsOf, quoted } from '../parquet.ts';
import type { UnitContext } from '../steps/step.ts';
import { optOutLayout } from './opt-out-step.ts';

/**
 * SQL: `id` and `why` of every document that falls by opt-outs: those named in `matches` (`id`, `optOut`), and with
 * each all members of its cluster in `clusters` (`cluster`, the survivor's id; `id`), the same text from elsewhere.
 */
export function fallenQuery(matches: string, clusters: string): string {
  return `
    WITH matched AS (SELECT id, min(optOut) AS why FROM ${matches} GROUP BY id),
      members AS (SELECT cluster, id FROM ${clusters} UNION SELECT cluster, cluster AS id FROM ${clusters}),
      fallen AS (SELECT cluster, min(id) AS twin FROM members SEMI JOIN matched USING (id) GROUP BY cluster)
    SELECT id, min(why) AS why FROM (
      SELECT id, '1 ' || why AS why FROM matched
      UNION ALL SELECT members.id, '2 same text as ' || twin FROM members JOIN fallen USING (cluster)
    ) GROUP BY id`;
}

/** Documents of a `read` unit that fall by opt-outs of any document, and why. */
export async function fallenOf(unit: string, context: UnitContext): Promise<Map<string, string>> {
  const matches: string[] = [];
  for (const each of context.units(optOutLayout.step))
    matches.push(...(await partsOf(join(context.dir(optOutLayout.step, each), optOutLayout.matches))));
  const clusters = join(context.dir(layout.survivors.step, layout.survivors.unit), layout.survivors.clusters);
  const documents = join(context.dir(layout.read.step, unit), layout.read.documents);
  const spill = join(context.out, 'spill-opt-out.tmp');
  const connection = await openConnection({ memoryBytes: context.memoryBytes, spill });
  const table = (files: string[]) => `read_parquet([${files.map(quoted).join(', ')}])`;
  const fallen = new Map<string, string>();
  try {
    const result = await connection.database.stream(`
      SELECT id, substr(why, 3) FROM (${fallenQuery(table(matches), table(await partsOf(clusters)))})
      SEMI JOIN ${table(await partsOf(documents))} USING (id)`);
    for await (const chunk of result)
      for (const [id, why] of chunk.getRows()) fallen.set(String(id), String(why));
  } finally {
    connection.close();
    await rm(spill, { recursive: true, force: true });
  }
  return fallen;
}
