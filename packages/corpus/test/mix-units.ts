import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silent } from '@lucie/ledger';
import { onTestFinished } from 'vitest';
import { type Document, documentBytes } from '../src/document.ts';
import { type Duplicate, type IndexRow, layout } from '../src/layout.ts';
import { type MixInput, mixShape } from '../src/mix/options.ts';
import { type SelectOptions, selectStep } from '../src/mix/select-step.ts';
import { writeStep } from '../src/mix/write-step.ts';
import { ParquetWriter, readDocuments, readRejected, writeDocuments } from '../src/parquet.ts';
import type { Step } from '../src/steps/step.ts';

const indexColumns = ['row', 'id', 'source', 'licence', 'language', 'date', 'bytes'] as const;

export function made(change: Partial<Document> & { id: string }): Document {
  const source = change.id.split('/')[0]!;
  return {
    text: `Texte de ${change.id}.`,
    source,
    licence: 'CC0-1.0',
    language: 'fr',
    date: '',
    url: '',
    title: '',
    extra: '{}',
    ...change,
  };
}

export type SelectInput = Partial<Omit<SelectOptions, 'mix'>> & { mix?: MixInput };

export function selectOptions(input: SelectInput): SelectOptions {
  return { seed: 1, heldOutFraction: 0, sources: {}, ...input, mix: mixShape.parse(input.mix ?? {}) };
}

/**
 * A working folder whose `apply` units are these; selects and writes, and reads what came out.
 * @param opts - `duplicates`: what the step `final-survivors` found, by unit
 */
export async function mixed(
  units: Readonly<Record<string, Document[]>>,
  input: SelectInput = {},
  opts: {
    partCharacters?: number;
    memoryBytes?: number;
    signal?: AbortSignal;
    duplicates?: Record<string, Omit<Duplicate, 'id'>[]>;
  } = {},
) {
  const root = mkdtempSync(join(tmpdir(), 'mix-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const dir = (step: string, unit: string) => join(root, step, unit);
  for (const [unit, documents] of Object.entries(units)) {
    const out = dir(layout.apply.step, unit);
    mkdirSync(out, { recursive: true });
    const parts = opts.partCharacters === undefined ? {} : { partCharacters: opts.partCharacters };
    await writeDocuments(join(out, layout.apply.documents), documents, parts);
    const index = new ParquetWriter<IndexRow>(join(out, layout.apply.index), { columns: indexColumns });
    for (const [row, document] of documents.entries())
      await index.add({ ...document, row, bytes: documentBytes(document) });
    await index.finish();
    const { finalSurvivors } = layout;
    const found = dir(finalSurvivors.step, finalSurvivors.unit);
    mkdirSync(found, { recursive: true });
    const lines = (opts.duplicates?.[unit] ?? []).map(
      (duplicate) => `${JSON.stringify({ ...duplicate, id: documents[duplicate.row]!.id })}\n`,
    );
    writeFileSync(join(found, `${unit}.jsonl`), lines.join(''));
  }
  const made: Record<string, string[]> = { [layout.apply.step]: Object.keys(units) };
  const finished = { dir, units: (step: string) => made[step]! };
  const runStep = async (step: Step) => {
    const planned = await step.units(finished);
    for (const unit of planned) {
      const out = dir(step.name, unit.name);
      mkdirSync(out, { recursive: true });
      await step.run(unit, {
        ...finished,
        out,
        progress: silent,
        signal: opts.signal ?? new AbortController().signal,
        memoryBytes: opts.memoryBytes ?? 200e6,
      });
    }
    made[step.name] = planned.map((unit) => unit.name);
  };
  await runStep(selectStep(selectOptions(input)));
  await runStep(writeStep());
  const selected = dir(layout.select.step, layout.select.unit);
  const outputs = Object.fromEntries(
    await Promise.all(
      made[layout.write.step]!.map(async (source) => {
        const path = dir(layout.write.step, source);
        return [
          source,
          {
            documents: await Array.fromAsync(readDocuments(join(path, layout.write.documents))),
            heldOut: await Array.fromAsync(readDocuments(join(path, layout.write.heldOut))),
          },
        ] as const;
      }),
    ),
  );
  return {
    root,
    dir,
    mixPath: join(selected, layout.select.mix),
    outputs,
    rejected: await Array.fromAsync(readRejected(join(selected, layout.select.rejected))),
    files: (step: string, unit: string) => readdirSync(dir(step, unit)).sort(),
  };
}

export const ids = (documents: readonly Document[] | undefined): string[] =>
  (documents ?? []).map((document) => document.id);
