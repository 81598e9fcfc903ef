import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { layout } from '../layout.ts';
import { openConnection, partsOf, quoted } from '../parquet.ts';
import type { Step, UnitContext } from '../steps/step.ts';
import { fallenQuery } from './fallen.ts';
import { optOutLayout } from './opt-out-step.ts';

const { matches, fallen } = optOutLayout;
const { survivors, read } = layout;

/**
 * The step `opt-out-fallen`: what opt-outs take out of the whole corpus. The same text elsewhere falls too, wherever
 * in the corpus that is, so one unit looks at the matches of all.
 */
export function fallenStep(): Step {
  return {
    name: fallen.step,
    version: 1,
    options: {},
    single: true,
    units: () => [{ name: fallen.unit, reads: [matches.step, `${survivors.step}/${survivors.unit}`] }],
    run: (_, context) => writeFallen(context),
  };
}

async function writeFallen(context: UnitContext): Promise<void> {
  const files: string[] = [];
  for (const unit of context.units(matches.step))
    files.push(...(await partsOf(join(context.dir(matches.step, unit), matches.matches))));
  const clusters = await partsOf(join(context.dir(survivors.step, survivors.unit), survivors.clusters));
  const path = join(context.out, fallen.fallen);
  const spill = join(context.out, 'spill.tmp');
  const connection = await openConnection({ memoryBytes: context.memoryBytes, spill });
  try {
    await connection.database.run(
      `COPY (${fallenQuery(table(files), table(clusters))} ORDER BY id) TO ${quoted(path)} (FORMAT parquet, COMPRESSION zstd)`,
    );
  } finally {
    connection.close();
    await rm(spill, { recursive: true, force: true });
  }
  const file = await open(path, 'r');
  await file.sync();
  await file.close();
}

/** Documents of a `read` unit that fall by opt-outs, and why. */
export async function fallenOf(unit: string, context: UnitContext): Promise<Map<string, string>> {
  const all = join(context.dir(fallen.step, fallen.unit), fallen.fallen);
  const documents = await partsOf(join(context.dir(read.step, unit), read.documents));
  const own = new Map<string, string>();
  if (documents.length === 0) return own;
  const connection = await openConnection();
  try {
    const result = await connection.database.stream(
      `SELECT id, why FROM ${table([all])} fallen SEMI JOIN ${table(documents)} documents USING (id)`,
    );
    for await (const chunk of result)
      for (const [id, why] of chunk.getRows()) own.set(String(id), String(why));
  } finally {
    connection.close();
  }
  return own;
}

function table(files: readonly string[]): string {
  return `read_parquet([${files.map(quoted).join(', ')}])`;
}
