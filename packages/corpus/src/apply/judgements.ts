import { join } from 'node:path';
import { linesToStrip } from '../boilerplate/lines-to-strip.ts';
import { stripLines } from '../boilerplate/sentence-lines.ts';
import type { Document } from '../document.ts';
import { duplicateValue } from '../duplicates/refusal.ts';
import { type Contamination, type Duplicate, layout } from '../layout.ts';
import { type Fallen, optOutLayout } from '../opt-out/opt-out-step.ts';
import type { UnitContext } from '../steps/step.ts';
import { ByRow, readJsonLines } from './by-row.ts';

/** The rules that look at all documents, in the order in which they are asked. */
export const applyRules = [
  'opt-out',
  'exact-duplicate',
  'near-duplicate',
  'contamination',
  'boilerplate',
] as const;

export type ApplyRule = (typeof applyRules)[number];

/** What becomes of a document: it stays, perhaps with less text, or a rule refuses it. */
export type Judgement = { text: string } | { rule: ApplyRule; value: string; benchmarks?: string[] };

export interface JudgementOptions {
  /** Of a document of which lines were taken, by source. */
  minimumCharacters: Record<string, number>;
  /** Characters of a line that may be boilerplate. */
  lines: number;
}

/** What earlier steps say of the documents of a unit, in their order. */
export class Judgements {
  readonly #fallen: ByRow<Fallen>;
  readonly #duplicates: ByRow<Duplicate>;
  readonly #hits: ByRow<Contamination>;
  readonly #lines: ByRow<{ row: number; hash: number }>;
  readonly #opts: JudgementOptions;

  constructor(unit: string, opts: JudgementOptions & { context: UnitContext }) {
    const { context } = opts;
    const { byUnit } = optOutLayout;
    const survivors = context.dir(layout.survivors.step, layout.survivors.unit);
    const contamination = context.dir(layout.contamination.step, unit);
    this.#fallen = new ByRow(readJsonLines(join(context.dir(byUnit.step, unit), byUnit.fallen)));
    this.#opts = opts;
    this.#duplicates = new ByRow(readJsonLines(join(survivors, `${unit}.jsonl`)));
    this.#hits = new ByRow(readJsonLines(join(contamination, layout.contamination.hits)));
    this.#lines = new ByRow(linesToStrip(unit, context));
  }

  /** To be asked in the order of the rows. */
  async of(document: Document, row: number): Promise<Judgement> {
    const [optOut] = await this.#fallen.at(row);
    const [duplicate] = await this.#duplicates.at(row);
    const hits = await this.#hits.at(row);
    const repeated = await this.#lines.at(row);
    if (optOut) return { rule: 'opt-out', value: optOut.why };
    if (duplicate) return { rule: duplicate.rule, value: duplicateValue(duplicate) };
    if (hits[0]) {
      const { benchmark, item, words } = hits[0];
      const benchmarks = [...new Set(hits.map((hit) => hit.benchmark))];
      return { rule: 'contamination', value: `${benchmark} ${item}: ${words}`, benchmarks };
    }
    const hashes = new Set(repeated.map(({ hash }) => hash));
    const text = stripLines(document.text, hashes, this.#opts.lines);
    if (text !== document.text && text.length < (this.#opts.minimumCharacters[document.source] ?? 1))
      return { rule: 'boilerplate', value: `${text.length} of ${document.text.length} characters left` };
    return { text };
  }

  async close(): Promise<void> {
    await this.#fallen.close();
    await this.#duplicates.close();
    await this.#hits.close();
    await this.#lines.close();
  }
}
