import { join } from 'node:path';
import { writeJson } from '@lucie/ledger';
import { type Document, documentBytes, documentColumns, type RejectedDocument } from '../document.ts';
import { addTo, emptyAmount, emptyFunnel, type Funnel } from '../funnel.ts';
import { layout } from '../layout.ts';
import { ParquetWriter } from '../parquet.ts';
import type { Source, SourceInput } from '../sources/source.ts';
import type { Step, Unit, UnitContext } from '../steps/step.ts';
import { faultOf, licenceFault, settle } from './check-document.ts';
import { Refusal, type Rule } from './rule.ts';

/** A source with the rules that its documents pass. */
export interface RuledSource {
  source: Source;
  /** Plain JSON that decides what `rules` makes: part of the unit's key. */
  options: unknown;
  /** New rules for every unit: they count. */
  rules(): Rule[];
  /** What happens to documents that are refused before they are kept aside: personal data goes there too. */
  mask?: Rule | undefined;
}

const { documents, rejected, funnel: funnelFile, step } = layout.read;

/**
 * The step `read`: each part of a source → the documents that pass the rules that look at one document alone, those
 * refused, and the counts.
 */
export function readStep(sources: readonly RuledSource[]): Step {
  const find = (name: string) => sources.find(({ source }) => source.source === name)!;
  const parts = new Map<string, { name: string; input: SourceInput }>();
  return {
    name: step,
    version: 1,
    options: {},
    async units() {
      const units: Unit[] = [];
      for (const { source, options } of sources) {
        const inputs = await source.inputs();
        for (const [index, input] of inputs.entries()) {
          const name =
            inputs.length === 1 ? source.source : `${source.source}.${String(index).padStart(5, '0')}`;
          parts.set(name, { name: source.source, input });
          units.push({ name, key: { input, options, source: source.source }, reads: [] });
        }
      }
      return units;
    },
    async run(unit, context) {
      const { name, input } = parts.get(unit.name)!;
      await readPart(find(name), input, context);
    },
  };
}

async function readPart(ruled: RuledSource, input: SourceInput, context: UnitContext): Promise<void> {
  const reader = new PartReader(ruled, context);
  const kilobytes = (bytes: number) => Math.round(bytes / 1024);
  context.progress.start('reading', input.bytes > 0 ? kilobytes(input.bytes) : undefined, 'kB');
  try {
    const stream = ruled.source.read(input, {
      complain: (what) => reader.complain(what),
      onBytes: (bytes) => context.progress.update(kilobytes(bytes)),
      signal: context.signal,
    });
    for await (const document of stream) await reader.take(document);
    const funnel = await reader.finish();
    context.progress.end(`${funnel.kept.documents} of ${funnel.read.documents} documents stay`);
  } catch (error) {
    await reader.abandon();
    throw error;
  }
}

/** Takes a part's documents one by one. */
class PartReader {
  readonly #funnel: Funnel = emptyFunnel();
  readonly #rules: Rule[];
  readonly #mask: Rule | undefined;
  readonly #source: string;
  readonly #context: UnitContext;
  readonly #kept: ParquetWriter<Document>;
  readonly #rejected: ParquetWriter<RejectedDocument>;
  /** Complaints on their way to disk: a part may hold nothing else. */
  #written: Promise<void> = Promise.resolve();
  #taken = 0;

  constructor(ruled: RuledSource, context: UnitContext) {
    this.#rules = ruled.rules();
    this.#mask = ruled.mask;
    this.#source = ruled.source.source;
    this.#context = context;
    this.#kept = new ParquetWriter(join(context.out, documents), { columns: documentColumns });
    this.#rejected = new ParquetWriter(join(context.out, rejected), {
      columns: [...documentColumns, 'reason', 'value'],
    });
    for (const rule of this.#rules) this.#funnel.removed[rule.name] = emptyAmount();
  }

  /** A part of a source that is no document; noted in place among the documents. Resolves when it is written. */
  complain(what: { key: string; why: string; rule?: string; url?: string }): Promise<void> {
    const document: Document = {
      ...{ id: `${this.#source}/${what.key}`, text: '', source: this.#source, licence: '', language: '' },
      ...{ date: '', url: what.url ?? '', title: '', extra: '{}' },
    };
    addTo(this.#funnel.read, document);
    this.#written = this.#written.then(() => this.#reject(document, what.rule ?? 'unreadable', what.why));
    // Whoever takes the next document is told, even where nobody waits for this one.
    this.#written.catch(() => {});
    return this.#written;
  }

  async take(raw: Document): Promise<void> {
    await this.#written;
    if (++this.#taken % 256 === 0) this.#context.signal.throwIfAborted();
    let document = settle(raw);
    addTo(this.#funnel.read, document);
    const fault = faultOf(document);
    if (fault) return this.#reject(document, 'unreadable', fault);
    const licence = licenceFault(document);
    if (licence) return this.#reject(document, 'licence', licence);
    for (const rule of this.#rules) {
      const result = rule.apply(document);
      if (result instanceof Refusal) return this.#reject(document, rule.name, result.value);
      if (result !== document) this.#noteChange(rule.name, documentBytes(document) - documentBytes(result));
      document = result;
    }
    addTo(this.#funnel.kept, document);
    await this.#kept.add(document);
  }

  async finish(): Promise<Funnel> {
    await this.#written;
    await this.#kept.finish();
    await this.#rejected.finish();
    for (const rule of this.#rules) {
      const counts = rule.counts?.();
      if (counts) this.#funnel.counts[rule.name] = counts;
    }
    await writeJson(join(this.#context.out, funnelFile), this.#funnel);
    return this.#funnel;
  }

  async abandon(): Promise<void> {
    await this.#written.catch(() => {});
    await this.#kept.abandon();
    await this.#rejected.abandon();
  }

  #noteChange(rule: string, bytes: number): void {
    const amount = (this.#funnel.changed[rule] ??= emptyAmount());
    amount.documents++;
    amount.bytes += bytes;
  }

  #reject(document: Document, reason: string, value: string): Promise<void> {
    addTo((this.#funnel.removed[reason] ??= emptyAmount()), document);
    const masked = this.#mask?.apply(document) ?? document;
    return this.#rejected.add({ ...(masked instanceof Refusal ? document : masked), reason, value });
  }
}
