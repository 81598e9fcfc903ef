import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomic } from '@lucie/ledger';
import type { RejectedDocument } from '../document.ts';
import { layout } from '../layout.ts';
import { numberedRows, openConnection, partsOf, quoted, readRejected, writeRejected } from '../parquet.ts';
import type { Step, UnitContext } from '../steps/step.ts';
import { nameOf } from './name-of.ts';
import { type Fallen, optOutLayout } from './opt-out-step.ts';
import { textHasher } from './text-hash.ts';

const { matches, fallen, byUnit } = optOutLayout;
const { read } = layout;

/**
 * The step `opt-out-by-unit`: what has fallen by opt-outs, for each `read` unit, and the texts taken out of what it
 * has refused: those that an opt-out names, and those equal word for word to one that fell anywhere.
 */
export function fallenByUnitStep(): Step {
  return {
    name: byUnit.step,
    version: 1,
    options: {},
    units: (before) =>
      before.units(read.step).map((name) => ({
        name,
        reads: [`${read.step}/${name}`, `${matches.step}/${name}`, `${fallen.step}/${fallen.unit}`],
      })),
    run: ({ name }, context) => writeUnit(name, context),
  };
}

async function writeUnit(unit: string, context: UnitContext): Promise<void> {
  const all = context.dir(fallen.step, fallen.unit);
  await writeFallen(unit, { path: join(all, fallen.fallen), context });
  const named = new Map<string, string>();
  for await (const [id, optOut] of rowsOf(
    `SELECT id, optOut FROM ${await tableOf(join(context.dir(matches.step, unit), matches.refused))}`,
  ))
    named.set(String(id), String(optOut));
  const texts = new Map<string, string>();
  for await (const [hash, twin] of rowsOf(`SELECT hash, twin FROM ${await tableOf(join(all, fallen.texts))}`))
    texts.set(String(hash), String(twin));
  if (named.size + texts.size > 0) await writeClean(unit, { named, texts, context });
}

async function writeFallen(unit: string, opts: { path: string; context: UnitContext }): Promise<void> {
  const { path, context } = opts;
  const lines: string[] = [];
  const connection = await openConnection({ memoryBytes: context.memoryBytes });
  try {
    const { database } = connection;
    const [[count]] = (
      await database.runAndReadAll(`SELECT count(*)::DOUBLE FROM read_parquet(${quoted(path)})`)
    ).getRows() as [[number]];
    const documents = join(context.dir(read.step, unit), read.documents);
    if (count > 0 && (await partsOf(documents)).length > 0) {
      const result = await database.stream(
        `SELECT row::DOUBLE, why FROM ${await numberedRows(database, documents)} documents
         JOIN read_parquet(${quoted(path)}) fallen USING (id) ORDER BY row`,
      );
      for await (const chunk of result)
        for (const [row, why] of chunk.getRows())
          lines.push(`${JSON.stringify({ row: Number(row), why: String(why) } satisfies Fallen)}\n`);
    }
  } finally {
    connection.close();
  }
  await writeFileAtomic(join(context.out, byUnit.fallen), lines.join(''));
}

/** The reason stays for the counts; what a rule measured may quote the text. */
async function writeClean(
  unit: string,
  opts: { named: Map<string, string>; texts: Map<string, string>; context: UnitContext },
): Promise<void> {
  const { named, texts, context } = opts;
  const hashOf = textHasher();
  let cleaned = 0;
  const clean = async function* (): AsyncGenerator<RejectedDocument> {
    for await (const document of readRejected(join(context.dir(read.step, unit), read.rejected))) {
      context.signal.throwIfAborted();
      const twin = texts.get(hashOf(document));
      const why = named.get(document.id) ?? (twin === undefined ? undefined : `same text as ${twin}`);
      if (why !== undefined) cleaned++;
      const { reason } = document;
      yield why === undefined ? document : { ...nameOf(document), reason, value: why };
    }
  };
  const path = join(context.out, byUnit.rejected);
  await writeRejected(path, clean());
  if (cleaned === 0) await rm(path, { recursive: true });
}

async function* rowsOf(query: string): AsyncGenerator<readonly unknown[]> {
  const connection = await openConnection();
  try {
    const result = await connection.database.stream(query);
    for await (const chunk of result) yield* chunk.getRows();
  } finally {
    connection.close();
  }
}

async function tableOf(path: string): Promise<string> {
  return `read_parquet([${(await partsOf(path)).map(quoted).join(', ')}])`;
}
