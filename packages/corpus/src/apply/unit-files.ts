import { join } from 'node:path';
import { writeJson } from '@lucie/ledger';
import { type Document, documentBytes, documentColumns, type RejectedDocument } from '../document.ts';
import { addTo, emptyAmount, emptyFunnel, type Funnel } from '../funnel.ts';
import { type IndexRow, layout } from '../layout.ts';
import { nameOf } from '../opt-out/name-of.ts';
import { ParquetWriter } from '../parquet.ts';
import { applyRules, type Judgement } from './judgements.ts';

const indexColumns = ['row', 'id', 'source', 'licence', 'language', 'date', 'bytes'] as const;

/** The files of a unit of `apply`, written side by side. */
export class UnitFiles {
  readonly #out: string;
  readonly #funnel: Funnel = emptyFunnel();
  readonly #documents: ParquetWriter<Document>;
  readonly #rejected: ParquetWriter<RejectedDocument>;
  readonly #index: ParquetWriter<IndexRow>;
  #row = 0;

  constructor(out: string) {
    const { documents, rejected, index } = layout.apply;
    this.#out = out;
    this.#documents = new ParquetWriter(join(out, documents), { columns: documentColumns });
    this.#rejected = new ParquetWriter(join(out, rejected), {
      columns: [...documentColumns, 'reason', 'value'],
    });
    this.#index = new ParquetWriter(join(out, index), { columns: indexColumns });
    for (const rule of applyRules) this.#funnel.removed[rule] = emptyAmount();
  }

  async add(document: Document, judgement: Judgement): Promise<void> {
    addTo(this.#funnel.read, document);
    if ('text' in judgement) return this.#keep(document, judgement.text);
    const { rule, value, benchmarks = [] } = judgement;
    addTo(this.#funnel.removed[rule]!, document);
    for (const benchmark of benchmarks) {
      const counts = (this.#funnel.counts[rule] ??= {});
      counts[benchmark] = (counts[benchmark] ?? 0) + 1;
    }
    await this.#rejected.add({
      ...(rule === 'opt-out' ? nameOf(document) : document),
      reason: rule,
      value,
    });
  }

  /** Gives the files their names. */
  async finish(): Promise<Funnel> {
    await this.#documents.finish();
    await this.#rejected.finish();
    await this.#index.finish();
    await writeJson(join(this.#out, layout.apply.funnel), this.#funnel);
    return this.#funnel;
  }

  async abandon(): Promise<void> {
    for (const writer of [this.#documents, this.#rejected, this.#index]) await writer.abandon();
  }

  async #keep(document: Document, text: string): Promise<void> {
    const kept = text === document.text ? document : { ...document, text };
    if (kept !== document) {
      const amount = (this.#funnel.changed.boilerplate ??= emptyAmount());
      amount.documents++;
      amount.bytes += documentBytes(document) - documentBytes(kept);
    }
    addTo(this.#funnel.kept, kept);
    await this.#documents.add(kept);
    const { id, source, licence, language, date } = kept;
    const bytes = documentBytes(kept);
    await this.#index.add({ row: this.#row++, id, source, licence, language, date, bytes });
  }
}
