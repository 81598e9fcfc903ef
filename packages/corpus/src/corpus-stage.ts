import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import {
  cacheDir,
  LucieError,
  type Progress,
  type Stage,
  type StageContext,
  type StageResult,
  writeJson,
} from '@lucie/ledger';
import { Cleaner } from './clean/clean.ts';
import { split } from './clean/split.ts';
import { tarballPath } from './fetch/fetch-packages.ts';
import { type CorpusInput, type CorpusOptions, corpusOptions } from './options.ts';
import { writeDocuments, writeRejected } from './parquet.ts';
import { type CorpusReport, makeReport } from './report.ts';
import { openSource } from './sources/open-source.ts';
import type { Source } from './sources/source.ts';

/**
 * The stage `corpus`: sources → `documents.parquet` (training), `heldout.parquet`, `rejected.parquet` (with reason and
 * value), `report.json`. It begins anew after a kill: the whole takes half a minute.
 * @throws LucieError of the sources, `SOURCE_TWICE`, `CORPUS_EMPTY`, `LANGUAGE_SHARE`
 */
export function corpusStage(input: CorpusInput, opts: { cacheDir?: string } = {}): Stage {
  const options = corpusOptions.parse(input);
  return {
    name: 'corpus',
    version: 1,
    options,
    needs: [],
    run: (context) => buildCorpus(options, { ...context, cacheDir: opts.cacheDir ?? cacheDir }),
  };
}

async function buildCorpus(
  options: CorpusOptions,
  context: StageContext & { cacheDir: string },
): Promise<StageResult> {
  const sources = options.sources.map((source) => openSource(source, context.cacheDir));
  refuseTwins(sources);
  await removeLeftovers(context.dir);
  const cleaner = new Cleaner(options);
  await readAll(sources, { options, cleaner, ...context });
  const documents = await cleaner.finish(context);
  const { train, heldOut } = split(documents, {
    seed: options.seed,
    fraction: (name) =>
      options.sources[sources.findIndex((source) => source.source === name)]?.heldOutFraction ??
      options.heldOutFraction,
  });
  const report = makeReport({
    train,
    heldOut,
    sources,
    rejected: cleaner.rejected,
    funnels: cleaner.funnels,
  });
  checkShares(report, options);
  const files = [
    ['documents.parquet', () => writeDocuments(join(context.dir, 'documents.parquet'), train)],
    ['heldout.parquet', () => writeDocuments(join(context.dir, 'heldout.parquet'), heldOut)],
    ['rejected.parquet', () => writeRejected(join(context.dir, 'rejected.parquet'), cleaner.rejected)],
    ['report.json', () => writeJson(join(context.dir, 'report.json'), report)],
  ] as const;
  context.progress.start('writing', files.length, 'files');
  for (const [index, [name, write]] of files.entries()) {
    context.signal.throwIfAborted();
    await write();
    context.progress.update(index + 1, name);
  }
  context.progress.end(
    `${train.length} documents, ${(report.documents.bytes / 1e6).toFixed(1)} MB, French ${(100 * (report.languages.fr?.share ?? 0)).toFixed(0)} %`,
  );
  return { facts: factsOf(report), licences: Object.keys(report.licences) };
}

/** Reads every source in turn; progress counts the bytes of the packages. */
async function readAll(
  sources: readonly Source[],
  opts: {
    options: CorpusOptions;
    cleaner: Cleaner;
    cacheDir: string;
    progress: Progress;
    signal: AbortSignal;
  },
): Promise<void> {
  const sizes = await Promise.all(
    opts.options.sources.map((source) =>
      'package' in source
        ? stat(tarballPath(source, opts.cacheDir)).then(
            (file) => file.size,
            () => 0,
          )
        : 0,
    ),
  );
  const kilobytes = (bytes: number) => Math.round(bytes / 1024);
  const total = sizes.reduce((a, b) => a + b, 0);
  opts.progress.start('reading', total > 0 ? kilobytes(total) : undefined, total > 0 ? 'kB' : 'documents');
  let before = 0;
  let count = 0;
  for (const [index, source] of sources.entries()) {
    opts.cleaner.begin(source.source);
    for (const input of await source.inputs()) {
      const documents = source.read(input, {
        complain: ({ key, why }) => opts.cleaner.complain(source.source, { key, why }),
        onBytes: (bytes) => opts.progress.update(kilobytes(before + bytes), source.source),
        signal: opts.signal,
      });
      for await (const document of documents) {
        opts.cleaner.read(document);
        if (++count % 500 === 0) {
          opts.signal.throwIfAborted();
          if (total === 0) opts.progress.update(count, source.source);
        }
      }
    }
    before += sizes[index]!;
  }
  opts.progress.end(`${count} documents of ${sources.length} sources`);
}

/** Two sources of one name would write the same shards. */
function refuseTwins(sources: readonly Source[]): void {
  const names = sources.map((source) => source.source);
  const twin = names.find((name, index) => names.indexOf(name) !== index);
  if (twin === undefined) return;
  throw new LucieError({
    code: 'SOURCE_TWICE',
    found: `the source ${twin} twice`,
    expected: 'each source once',
    todo: 'take one of them out of the recipe',
    exitCode: 2,
  });
}

/** Files that a killed attempt was writing. */
async function removeLeftovers(dir: string): Promise<void> {
  for (const name of await readdir(dir)) {
    if (name.endsWith('.tmp')) await rm(join(dir, name), { force: true });
  }
}

function checkShares(report: CorpusReport, options: CorpusOptions): void {
  if (report.documents.documents === 0) {
    throw new LucieError({
      code: 'CORPUS_EMPTY',
      found: 'no document that passes every rule',
      expected: 'at least one',
      todo: 'look at rejected documents and thresholds in the recipe',
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

/** What cards, pages and plots are made from. */
function factsOf(report: CorpusReport): Record<string, unknown> {
  return {
    documents: report.documents.documents,
    bytes: report.documents.bytes,
    heldOutDocuments: report.heldOut.documents,
    heldOutBytes: report.heldOut.bytes,
    frenchShare: report.languages.fr?.share ?? 0,
    languages: report.languages,
    licences: report.licences,
    sources: report.sources.map(
      ({ source, origin, attribution, homepage, licences, languages, ...rest }) => ({
        source,
        ...origin,
        attribution,
        homepage,
        licence: licences.join(', '),
        languages,
        documents: rest.kept.documents,
        bytes: rest.kept.bytes,
        share: rest.share,
        heldOutDocuments: rest.heldOut.documents,
        heldOutBytes: rest.heldOut.bytes,
        dates: rest.dates,
      }),
    ),
  };
}
