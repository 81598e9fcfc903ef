import { join } from 'node:path';
import { linesToStrip } from '../boilerplate/lines-to-strip.ts';
import { stripLines } from '../boilerplate/sentence-lines.ts';
import type { Document } from '../document.ts';
import { type Contamination, type Duplicate, layout } from '../layout.ts';
import { fallenOf } from '../opt-out/fallen-step.ts';
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

/** What earlier steps say of the documents of a unit, in their order. */
export class Judgements {
  readonly #fallen: Map<string, string>;
  readonly #duplicates: ByRow<Duplicate>;
  readonly #hits: ByRow<Contamination>;
  readonly #lines: ByRow<{ row: number; hash: number }>;
  readonly #opts: { minimumCharacters: number; lines: number };

  private constructor(
    fallen: Map<string, string>,
    unit: string,
    opts: { minimumCharacters: number; lines: number; context: UnitContext },
  ) {
    const { context } = opts;
    const survivors = context.dir(layout.survivors.step, layout.survivors.unit);
    const contamination = context.dir(layout.contamination.step, unit);
    this.#fallen = fallen;
    this.#opts = opts;
    this.#duplicates = new ByRow(readJsonLines(join(survivors, `${unit}.jsonl`)));
    this.#hits = new ByRow(readJsonLines(join(contamination, layout.contamination.hits)));
    this.#lines = new ByRow(linesToStrip(unit, context));
  }

  /** @param opts - `minimumCharacters` of a document; `lines`: of a line that may be boilerplate */
  static async open(
    unit: string,
    opts: { minimumCharacters: number; lines: number; context: UnitContext },
  ): Promise<Judgements> {
    return new Judgements(await fallenOf(unit, opts.context), unit, opts);
  }

  /** To be asked in the order of the rows. */
  async of(document: Document, row: number): Promise<Judgement> {
    const [duplicate] = await this.#duplicates.at(row);
    const hits = await this.#hits.at(row);
    const repeated = await this.#lines.at(row);
    const optOut = this.#fallen.get(document.id);
    if (optOut !== undefined) return { rule: 'opt-out', value: optOut };
    if (duplicate) {
      const { rule, survivor, similarity } = duplicate;
      const value = rule === 'near-duplicate' ? `${similarity.toFixed(3)} ${survivor}` : survivor;
      return { rule, value };
    }
    if (hits[0]) {
      const { benchmark, item, words } = hits[0];
      const benchmarks = [...new Set(hits.map((hit) => hit.benchmark))];
      return { rule: 'contamination', value: `${benchmark} ${item}: ${words}`, benchmarks };
    }
    const hashes = new Set(repeated.map(({ hash }) => hash));
    const text = stripLines(document.text, hashes, this.#opts.lines);
    if (text !== document.text && text.length < this.#opts.minimumCharacters)
      return { rule: 'boilerplate', value: `${text.length} of ${document.text.length} characters left` };
    return { text };
  }

  async close(): Promise<void> {
    await this.#duplicates.close();
    await this.#hits.close();
    await this.#lines.close();
  }
}
