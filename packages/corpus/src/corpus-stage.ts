import { readFileSync } from 'node:fs';
import { copyFile, link, mkdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { cacheDir, LucieError, type Stage, type StageResult, sha256 } from '@lucie/ledger';
import { listsHash } from './clean/rules/lists-hash.ts';
import { rulesShape } from './clean/rules/rules-shape.ts';
import { benchmarkPath } from './contamination/read-items.ts';
import { corpusOrder, corpusSteps } from './corpus-steps.ts';
import { layout } from './layout.ts';
import { refusedOf } from './opt-out/opt-out-step.ts';
import { type CorpusInput, type CorpusOptions, corpusOptions } from './options.ts';
import { partsOf } from './parquet.ts';
import type { CorpusReport } from './report/corpus-report.ts';
import { reportFiles } from './report/report-step.ts';
import { debianLock } from './sources/debian/debian-source.ts';
import { openSource } from './sources/open-source.ts';
import { defaultWorkers, runSteps } from './steps/run-steps.ts';
import type { Work } from './steps/work.ts';

/** What does not change the bytes: where things lie, and what the machine may be asked for. */
export interface CorpusStageOptions {
  cacheDir?: string;
  /** The recipe's name, for the report. */
  name?: string;
  /** Processes; default one per core. */
  workers?: number;
  /** What one process may hold of the data. */
  memoryBytes?: number;
}

const MEMORY_BYTES = 1e9;

/** The folder of the steps of a run's corpus. It is kept: another version of the corpus then makes only what differs. */
export function corpusWorkDir(runDir: string): string {
  return join(runDir, '01-corpus.work');
}

/**
 * The stage `corpus`: sources → `documents.parquet` (training), `heldout.parquet`, `rejected.parquet` (with reason and
 * value), each a folder of one or more files per source, `clusters.parquet`, `mix.json`, and the report as
 * `report.json`, `report.html` and tables. A killed run goes on with the unit that was at work.
 * @throws LucieError of the steps, `SOURCE_TWICE`, `CORPUS_EMPTY`, `LANGUAGE_SHARE`
 */
export function corpusStage(input: CorpusInput, opts: CorpusStageOptions = {}): Stage {
  const options = corpusOptions.parse(input);
  const cache = opts.cacheDir ?? cacheDir;
  return {
    name: 'corpus',
    version: 2,
    options: keyedOptions(options, cache),
    needs: [],
    async run({ dir, progress, signal }) {
      const environment = { cacheDir: cache, name: opts.name ?? 'corpus' };
      refuseTwins(options, cache);
      const { work } = await runSteps(corpusSteps(options, environment), corpusWorkDir(dirname(dir)), {
        progress,
        signal,
        memoryBytes: opts.memoryBytes ?? MEMORY_BYTES,
        workers: opts.workers ?? defaultWorkers(),
        order: corpusOrder(options, environment),
      });
      const path = join(work.dir(reportFiles.step, reportFiles.unit), reportFiles.json);
      const report = JSON.parse(await readFile(path, 'utf8')) as CorpusReport;
      checkShares(report, options, path);
      await collect(work, dir);
      return resultOf(report);
    },
  };
}

/**
 * The options with what stands in files that no recipe pins: Debian packages as set-up found them, benchmarks, lists.
 * Other files are another corpus.
 */
function keyedOptions(options: CorpusOptions, cache: string): unknown {
  const lists = [options.rules, ...options.sources.map(({ rules }) => rulesShape.parse(rules ?? {}))].map(
    listsHash,
  );
  return {
    ...options,
    ...(lists.every((hash) => hash === '') ? {} : { lists }),
    ...(options.contamination.benchmarks.length > 0
      ? { benchmarks: options.contamination.benchmarks.map(benchmarkHashNow) }
      : {}),
    sources: options.sources.map((source) => {
      if (!('debian' in source || 'debianDescriptions' in source)) return source;
      const lock = debianLock(source, cache);
      return { ...source, found: lock ? { version: lock.version, sha256: lock.sha256 } : null };
    }),
  };
}

/** Empty where there is no such file: the step that reads it says so. */
function benchmarkHashNow(benchmark: { name: string; path: string }): string {
  try {
    return sha256(readFileSync(benchmarkPath(benchmark)));
  } catch {
    return '';
  }
}

/** Two sources of one name would write the same shards. */
function refuseTwins(options: CorpusOptions, cache: string): void {
  const names = options.sources.map((option) => openSource(option, cache).source);
  const twin = names.find((name, index) => names.indexOf(name) !== index);
  if (twin === undefined) return;
  throw new LucieError({
    code: 'SOURCE_TWICE',
    found: `the source ${twin} twice`,
    expected: 'each source once',
    todo: 'take one of them out of the recipe, or give it another name with source',
    exitCode: 2,
  });
}

function checkShares(report: CorpusReport, options: CorpusOptions, path: string): void {
  if (report.documents.documents === 0) {
    throw new LucieError({
      code: 'CORPUS_EMPTY',
      found: `no document of ${report.read.documents} that passes every rule; most fell by ${commonest(report)}`,
      expected: 'at least one',
      todo: `look at ${path.replace(/json$/, 'html')}, and change the recipe's sources or thresholds`,
    });
  }
  for (const [language, minimum] of Object.entries(options.minimumShare)) {
    const share = report.languages[language]?.share ?? 0;
    if (share >= minimum) continue;
    throw new LucieError({
      code: 'LANGUAGE_SHARE',
      found: `${(100 * share).toFixed(1)} % of the text in ${language}`,
      expected: `at least ${(100 * minimum).toFixed(1)} %`,
      todo: 'set maxBytes for sources in other languages',
    });
  }
}

/** The rule that took most documents. */
function commonest({ rules }: CorpusReport): string {
  const most = rules.toSorted((a, b) => b.removed.documents - a.removed.documents)[0];
  return most && most.removed.documents > 0 ? `the rule ${most.rule}` : 'none: there was nothing to read';
}

/** Gives the steps' final files their names in the stage's folder, without copying where the disk allows. */
async function collect(work: Work, dir: string): Promise<void> {
  const { read, finalSurvivors, apply, select, write } = layout;
  const number = (index: number) => String(index).padStart(2, '0');
  for (const table of [write.documents, write.heldOut]) {
    for (const [index, source] of work.units(write.step).entries())
      await place(join(work.dir(write.step, source), table), join(dir, table, `${number(index)}-${source}`));
  }
  const rejected = [
    // As the opt-outs leave them: the text of one who does not want to be here is nowhere in the corpus.
    ...work.units(read.step).map((unit) => ({ step: read.step, unit, path: refusedOf(work, unit) })),
    ...work
      .units(apply.step)
      .map((unit) => ({ step: apply.step, unit, path: join(work.dir(apply.step, unit), apply.rejected) })),
    { step: select.step, unit: '', path: join(work.dir(select.step, select.unit), select.rejected) },
  ];
  for (const [index, { step, unit, path }] of rejected.entries())
    await place(
      path,
      join(dir, 'rejected.parquet', `${String(index).padStart(5, '0')}-${step}${unit && `-${unit}`}`),
    );
  await put(
    join(work.dir(finalSurvivors.step, finalSurvivors.unit), finalSurvivors.clusters),
    join(dir, finalSurvivors.clusters),
  );
  await put(join(work.dir(select.step, select.unit), select.mix), join(dir, select.mix));
  for (const name of [reportFiles.json, reportFiles.html, ...reportFiles.csv])
    await put(join(work.dir(reportFiles.step, reportFiles.unit), name), join(dir, name));
}

/** A table of one or more parts as `<name>.parquet`, `<name>.00001.parquet`, … */
async function place(table: string, name: string): Promise<void> {
  for (const [i, part] of (await partsOf(table)).entries())
    await put(part, `${name}${i === 0 ? '' : `.${String(i).padStart(5, '0')}`}.parquet`);
}

async function put(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await rm(to, { force: true });
  // Units are never written into again, so that a second name for the same file is safe.
  await link(from, to).catch(() => copyFile(from, to));
}

/** What cards, pages and plots are made from. */
function resultOf(report: CorpusReport): StageResult {
  const facts = {
    documents: report.documents.documents,
    bytes: report.documents.bytes,
    heldOutDocuments: report.heldOut.documents,
    heldOutBytes: report.heldOut.bytes,
    frenchShare: report.languages.fr?.share ?? 0,
    languages: report.languages,
    licences: report.licences,
    sources: report.sources.map(
      ({ source, origin, attribution, homepage, licences, languages, kept, heldOut, share, dates }) => ({
        source,
        ...origin,
        ...{ attribution, homepage, licence: licences.join(', '), languages },
        ...{ documents: kept.documents, bytes: kept.bytes, share },
        ...{ heldOutDocuments: heldOut.documents, heldOutBytes: heldOut.bytes, dates },
      }),
    ),
  };
  return { facts, licences: Object.keys(report.licences) };
}
