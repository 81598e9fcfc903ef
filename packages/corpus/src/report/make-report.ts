import { join } from 'node:path';
import { type BenchmarkFindings, contaminationReport } from '../contamination/contamination-report.ts';
import { type Amount, emptyAmount, type Funnel } from '../funnel.ts';
import { layout } from '../layout.ts';
import { licences } from '../licences.ts';
import { type Mix, readMix } from '../mix/mix-file.ts';
import { optOutLayout, refusedOf } from '../opt-out/opt-out-step.ts';
import type { UnitContext } from '../steps/step.ts';
import { type Composition, compose, ratio, shares, sumOf } from './composition.ts';
import type { Cell, CorpusReport, SourceReport } from './corpus-report.ts';
import { type DuplicatesReport, reportDuplicates } from './duplicates.ts';
import { addAmount, funnelsBySource, ruleOrder } from './funnels.ts';
import { Queries } from './query.ts';
import type { ReportOptions, SourceFacts } from './report-step.ts';
import { drawSamples, type Sample } from './samples.ts';

const { read, finalSurvivors, apply, select, write } = layout;
const { fallen } = optOutLayout;

/** What the units of the earlier steps have left, each added up. */
interface Gathered {
  mix: Mix;
  composition: Composition;
  /** By source, in the order of the recipe. */
  funnels: Map<string, Funnel>;
  duplicates: DuplicatesReport;
  contamination: BenchmarkFindings[];
  samples: Sample[];
}

type ReportContext = Pick<UnitContext, 'units' | 'dir' | 'out' | 'progress' | 'signal' | 'memoryBytes'>;

/**
 * Adds up what happened to every document. Memory is bounded: documents stay in the database, and what is held here
 * is as big as the report.
 * @throws LucieError `MIX_DAMAGED`
 */
export async function makeReport(options: ReportOptions, context: ReportContext): Promise<CorpusReport> {
  const queries = new Queries({ memoryBytes: context.memoryBytes, spill: join(context.out, 'spill') });
  try {
    return assemble(options, await gather(options, { ...context, queries }));
  } finally {
    await queries.close();
  }
}

async function gather(
  options: ReportOptions,
  context: ReportContext & { queries: Queries },
): Promise<Gathered> {
  const { queries, progress, signal } = context;
  const units = context.units(read.step).map((unit) => ({ unit, source: sourceOfUnit(unit) }));
  const within = (step: { step: string }, file: string) =>
    units.map(({ unit }) => join(context.dir(step.step, unit), file));
  const final = (file: string) =>
    context.units(write.step).map((unit) => join(context.dir(write.step, unit), file));
  const selected = context.dir(select.step, select.unit);
  const selectRejected = join(selected, select.rejected);
  const readSources = new Set(units.map(({ source }) => source));
  let done = 0;
  const part = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    signal.throwIfAborted();
    const result = await work();
    progress.update(++done, name);
    return result;
  };
  progress.start('reporting', 6, 'parts');
  const mix = await part('mix', () => readMix(join(selected, select.mix)));
  const categories = new Map(mix.sources.map(({ source, category }) => [source, category]));
  const gathered: Gathered = {
    mix,
    composition: await part('composition', () =>
      compose(queries, {
        train: final(write.documents),
        heldOut: final(write.heldOut),
        category: (source) => categories.get(source) ?? '',
      }),
    ),
    funnels: await part('funnel', () =>
      funnelsBySource(queries, {
        sources: options.sources.map(({ source }) => source).filter((source) => readSources.has(source)),
        units: units.map(({ unit, source }) => ({
          source,
          read: join(context.dir(read.step, unit), read.funnel),
          apply: join(context.dir(apply.step, unit), apply.funnel),
        })),
        selectRejected,
      }),
    ),
    duplicates: await part('duplicates', () =>
      reportDuplicates(queries, {
        clusters: join(context.dir(finalSurvivors.step, finalSurvivors.unit), finalSurvivors.clusters),
        documents: within(read, read.documents),
        fallen: join(context.dir(fallen.step, fallen.unit), fallen.fallen),
      }),
    ),
    contamination: await part('contamination', () => contaminationReport(context, sourceOfUnit)),
    samples: await part('samples', () =>
      drawSamples(queries, {
        paths: [
          ...units.map(({ unit }) => refusedOf(context, unit)),
          ...within(apply, apply.rejected),
          selectRejected,
        ],
        seed: options.seed,
      }),
    ),
  };
  progress.end(`${gathered.funnels.size} sources, ${gathered.samples.length} samples`);
  return gathered;
}

function assemble(options: ReportOptions, gathered: Gathered): CorpusReport {
  const { funnels, composition, samples, ...rest } = gathered;
  const { cells, dates } = composition;
  const train = cells.filter(({ heldOut }) => !heldOut);
  const { tokens, ...documents } = sumOf(train);
  const { tokens: _, ...heldOut } = sumOf(cells.filter((cell) => cell.heldOut));
  const all = [...funnels.values()];
  const rules = ruleOrder(all);
  return {
    format: 2,
    documents,
    heldOut,
    read: amountSum(all.map(({ read }) => read)),
    tokens,
    rules: rules.map((rule) => ({
      rule,
      removed: amountSum(all.map(({ removed }) => removed[rule])),
      changed: amountSum(all.map(({ changed }) => changed[rule])),
    })),
    languages: shares(train, ({ language }) => language),
    licences: Object.fromEntries(
      Object.entries(shares(train, ({ licence }) => licence)).map(([id, share]) => [
        id,
        { ...share, ...licences[id]! },
      ]),
    ),
    years: shares(train, ({ year }) => year),
    sources: options.sources.flatMap((facts) => {
      const funnel = funnels.get(facts.source);
      return funnel ? [describeSource(facts, { funnel, cells, dates: dates.get(facts.source) })] : [];
    }),
    absent: options.sources
      .filter(({ source }) => !funnels.has(source))
      .map(({ source, absent }) => ({ source, why: absent ?? 'it has no part to read' })),
    personalData: Object.fromEntries(
      [...funnels].flatMap(([source, { counts }]) => (counts.pii ? [[source, counts.pii]] : [])),
    ),
    ...rest,
    composition: cells,
    samples: samples.sort((a, b) => rules.indexOf(a.rule) - rules.indexOf(b.rule)),
  };
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

function amountSum(amounts: readonly (Amount | undefined)[]): Amount {
  const sum = emptyAmount();
  for (const amount of amounts) if (amount) addAmount(sum, amount);
  return sum;
}
