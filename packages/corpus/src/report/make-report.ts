import { join } from 'node:path';
import { contaminationReport } from '../contamination/contamination-report.ts';
import type { Funnel } from '../funnel.ts';
import { layout } from '../layout.ts';
import { licences } from '../licences.ts';
import { readMix } from '../mix/mix-file.ts';
import type { UnitContext } from '../steps/step.ts';
import { compose, ratio, shares, sumOf } from './composition.ts';
import type { Cell, CorpusReport, SourceReport } from './corpus-report.ts';
import { reportDuplicates } from './duplicates.ts';
import { funnelsBySource, ruleOrder } from './funnels.ts';
import { Queries } from './query.ts';
import type { ReportOptions, SourceFacts } from './report-step.ts';
import { drawSamples } from './samples.ts';

const { read, survivors, apply, select, write } = layout;

/**
 * Adds up what the units of the earlier steps have left. Memory is bounded: documents stay in the database, and what
 * is held here is as big as the report.
 * @throws LucieError `MIX_DAMAGED`
 */
export async function makeReport(
  options: ReportOptions,
  context: Pick<UnitContext, 'units' | 'dir' | 'out' | 'progress' | 'signal' | 'memoryBytes'>,
): Promise<CorpusReport> {
  const units = context.units(read.step).map((unit) => ({ unit, source: sourceOfUnit(unit) }));
  const within = (step: { step: string }, file: string) =>
    units.map(({ unit }) => join(context.dir(step.step, unit), file));
  const final = (file: string) =>
    context.units(write.step).map((unit) => join(context.dir(write.step, unit), file));
  const selected = context.dir(select.step, select.unit);
  const present = options.sources.filter(({ source }) => units.some((unit) => unit.source === source));
  const queries = new Queries({ memoryBytes: context.memoryBytes, spill: join(context.out, 'spill') });
  let done = 0;
  const part = async <T>(name: string, work: Promise<T>): Promise<T> => {
    const result = await work;
    context.signal.throwIfAborted();
    context.progress.update(++done, name);
    return result;
  };
  context.progress.start('reporting', 6, 'parts');
  try {
    const mix = await part('mix', readMix(join(selected, select.mix)));
    const categories = new Map(mix.sources.map(({ source, category }) => [source, category]));
    const { cells, dates } = await part(
      'composition',
      compose(queries, {
        train: final(write.documents),
        heldOut: final(write.heldOut),
        category: (source) => categories.get(source) ?? '',
      }),
    );
    const funnels = await part(
      'funnel',
      funnelsBySource(queries, {
        sources: present.map(({ source }) => source),
        units: units.map(({ unit, source }) => ({
          source,
          read: join(context.dir(read.step, unit), read.funnel),
          apply: join(context.dir(apply.step, unit), apply.funnel),
        })),
        selectRejected: join(selected, select.rejected),
      }),
    );
    const duplicates = await part(
      'duplicates',
      reportDuplicates(queries, {
        clusters: join(context.dir(survivors.step, survivors.unit), survivors.clusters),
        documents: within(read, read.documents),
      }),
    );
    const found = await part('contamination', contaminationReport(context, sourceOfUnit));
    const rules = ruleOrder(funnels.values());
    const drawn = await part(
      'samples',
      drawSamples(queries, {
        paths: [
          ...within(read, read.rejected),
          ...within(apply, apply.rejected),
          join(selected, select.rejected),
        ],
        seed: options.seed,
      }),
    );
    const train = cells.filter(({ heldOut }) => !heldOut);
    const { tokens, ...documents } = sumOf(train);
    const { tokens: _, ...heldOut } = sumOf(cells.filter((cell) => cell.heldOut));
    const totals = [...funnels.values()];
    context.progress.end(`${rules.length} rules, ${present.length} sources`);
    return {
      format: 2,
      documents,
      heldOut,
      read: { documents: total(totals, 'documents'), bytes: total(totals, 'bytes') },
      tokens,
      rules: rules.map((rule) => ({
        rule,
        removed: ruleSum(totals, { rule, part: 'removed' }),
        changed: ruleSum(totals, { rule, part: 'changed' }),
      })),
      languages: shares(train, ({ language }) => language),
      licences: Object.fromEntries(
        Object.entries(shares(train, ({ licence }) => licence)).map(([id, share]) => [
          id,
          { ...share, ...licences[id]! },
        ]),
      ),
      years: shares(train, ({ year }) => year),
      sources: present.map((facts) =>
        describeSource(facts, { funnel: funnels.get(facts.source)!, cells, dates: dates.get(facts.source) }),
      ),
      absent: options.sources
        .filter((source) => !present.includes(source))
        .map(({ source, absent }) => ({ source, why: absent ?? 'it has no part to read' })),
      personalData: Object.fromEntries(
        [...funnels].flatMap(([source, { counts }]) => (counts.pii ? [[source, counts.pii]] : [])),
      ),
      duplicates,
      contamination: found,
      mix,
      composition: cells,
      samples: drawn.sort((a, b) => rules.indexOf(a.rule) - rules.indexOf(b.rule)),
    };
  } finally {
    await queries.close();
  }
}

/** Units of `read` are called `<source>` or `<source>.<part>`, and a source's name holds no dot. */
function sourceOfUnit(unit: string): string {
  return unit.split('.', 1)[0]!;
}

function describeSource(
  { absent: _, ...facts }: SourceFacts,
  opts: { funnel: Funnel; cells: readonly Cell[]; dates: { first: string; last: string } | undefined },
): SourceReport {
  const { funnel } = opts;
  const own = opts.cells.filter(({ source }) => source === facts.source);
  const train = own.filter(({ heldOut }) => !heldOut);
  const { tokens, ...kept } = sumOf(train);
  const { tokens: _held, ...heldOut } = sumOf(own.filter((cell) => cell.heldOut));
  const all = sumOf(opts.cells.filter((cell) => !cell.heldOut)).bytes;
  const gone = [...Object.values(funnel.removed), kept, heldOut];
  const changed = Object.values(funnel.changed).reduce((sum, { bytes }) => sum + bytes, 0);
  return {
    ...facts,
    licences: Object.keys(shares(train, ({ licence }) => licence)),
    languages: Object.keys(shares(train, ({ language }) => language)),
    ...funnel,
    kept,
    heldOut,
    share: ratio(kept.bytes, all),
    tokens,
    dates: opts.dates ?? { first: '', last: '' },
    unaccounted: {
      documents: gone.reduce((left, { documents }) => left - documents, funnel.read.documents),
      bytes: gone.reduce((left, { bytes }) => left - bytes, funnel.read.bytes) - changed,
    },
  };
}

function total(funnels: readonly Funnel[], of: 'documents' | 'bytes'): number {
  return funnels.reduce((sum, { read }) => sum + read[of], 0);
}

function ruleSum(funnels: readonly Funnel[], of: { rule: string; part: 'removed' | 'changed' }) {
  return funnels.reduce(
    (sum, funnel) => {
      const amount = funnel[of.part][of.rule];
      return amount ? { documents: sum.documents + amount.documents, bytes: sum.bytes + amount.bytes } : sum;
    },
    { documents: 0, bytes: 0 },
  );
}
