import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hashJson, listFiles, sha256File } from '@lucie/ledger';
import type { Document, RejectedDocument } from '../src/document.ts';
import { duplicateSteps, duplicatesShape } from '../src/duplicates/index.ts';
import { type Duplicate, layout } from '../src/layout.ts';
import { fallenByUnitStep } from '../src/opt-out/by-unit-step.ts';
import { fallenStep } from '../src/opt-out/fallen-step.ts';
import { optOutStep } from '../src/opt-out/opt-out-step.ts';
import { optOutsShape } from '../src/opt-out/options.ts';
import { ParquetWriter, writeDocuments, writeRejected } from '../src/parquet.ts';
import type { Step } from '../src/steps/step.ts';
import type { Work } from '../src/steps/work.ts';
import { runAll } from './run-steps.ts';

export function made(id: string, text: string, more: Partial<Document> = {}): Document {
  return {
    ...{ id, text, source: id.split('/')[0]!, licence: 'CC0-1.0', language: 'fr', date: '2020' },
    ...{ url: '', title: '', extra: '{}', ...more },
  };
}

export type Units = Record<string, Document[]>;

/** What the made step `read` has refused, by unit. */
export type Refused = Record<string, RejectedDocument[]>;

/**
 * The steps `read` and `survivors` with what a test puts into them.
 * @param twins - id of a duplicate → id of its survivor
 */
export function madeSteps(units: Units, twins: Record<string, string> = {}, refused: Refused = {}): Step[] {
  const names = Object.keys(units);
  return [
    {
      name: layout.read.step,
      version: 1,
      options: {},
      units: () =>
        names.map((name) => ({ name, key: hashJson([units[name]!, refused[name] ?? []]), reads: [] })),
      async run({ name }, { out }) {
        await writeDocuments(join(out, layout.read.documents), units[name]!);
        await writeRejected(join(out, layout.read.rejected), refused[name] ?? []);
      },
    },
    {
      name: layout.survivors.step,
      version: 1,
      options: { twins },
      units: () => [{ name: layout.survivors.unit, reads: [layout.read.step] }],
      async run(_, { out }) {
        for (const name of names) {
          const lines = units[name]!.flatMap(({ id }, row) => {
            const survivor = twins[id];
            const duplicate: Duplicate = {
              ...{ row, id, rule: 'near-duplicate', survivor: survivor!, similarity: 0.9 },
            };
            return survivor === undefined ? [] : [`${JSON.stringify(duplicate)}\n`];
          });
          writeFileSync(join(out, `${name}.jsonl`), lines.join(''));
        }
        const clusters = new ParquetWriter<Record<string, string | number>>(
          join(out, layout.survivors.clusters),
          { columns: ['cluster', 'id', 'survivor', 'rule', 'similarity'] },
        );
        for (const [id, survivor] of Object.entries(twins))
          await clusters.add({ cluster: survivor, id, survivor, rule: 'near-duplicate', similarity: 0.9 });
        await clusters.finish();
      },
    },
  ];
}

/** The steps of opt-outs, and before them those that compare what `madeSteps` made. */
export function optOutSteps(optOuts: readonly unknown[] = []): Step[] {
  return [
    ...duplicateSteps(duplicatesShape.parse({})).slice(0, 3),
    optOutStep(optOutsShape.parse(optOuts)),
    fallenStep(),
    fallenByUnitStep(),
  ];
}

/** Runs steps, the units of each shared among so many shards, the last first. */
export async function runShards(steps: readonly Step[], shards: number, root: string): Promise<Work> {
  for (const step of steps) {
    for (let index = shards; index >= 1; index--)
      await runAll(steps, root, { only: step.name, shard: { index, of: shards } });
  }
  return (await runAll(steps, root)).work;
}

/** Every file below a folder with its hash. */
export async function hashesOf(dir: string): Promise<Record<string, string>> {
  const files = await listFiles(dir);
  return Object.fromEntries(await Promise.all(files.map(async (f) => [f, await sha256File(join(dir, f))])));
}
