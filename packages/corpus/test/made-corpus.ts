import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Random, silent } from '@lucie/ledger';
import { onTestFinished } from 'vitest';
import type { BenchmarkSize } from '../src/contamination/benchmarks.ts';
import { SIZES } from '../src/contamination/contamination-step.ts';
import { type Document, documentBytes, type RejectedDocument } from '../src/document.ts';
import { addTo, emptyAmount, emptyFunnel, type Funnel } from '../src/funnel.ts';
import { type Contamination, layout } from '../src/layout.ts';
import { compose } from '../src/mix/composition.ts';
import { bytesPerToken, estimateTokens } from '../src/mix/estimate-tokens.ts';
import type { Mix } from '../src/mix/mix-file.ts';
import { optOutLayout } from '../src/opt-out/opt-out-step.ts';
import { ParquetWriter, writeDocuments, writeRejected } from '../src/parquet.ts';
import { reportStep, type SourceFacts } from '../src/report/report-step.ts';
import type { UnitContext } from '../src/steps/step.ts';

/** What becomes of a made document; `read/…`, `apply/…` and `select/…` are refusals by the step before the slash. */
export type Fate = 'train' | 'held-out' | `${'read' | 'apply' | 'select'}/${string}`;

export interface MadeDocument extends Document {
  fate: Fate;
  value?: string;
  /** For duplicates. */
  survivor?: string;
  similarity?: number;
  /** Bytes that `boilerplate` took out of it; it is written without. */
  stripped?: string;
}

export interface MadeSource extends SourceFacts {
  category?: string;
  epochs?: number;
  /** One list per part. */
  parts: MadeDocument[][];
  /** What `pii` counted in its first part. */
  pii?: Record<string, number>;
}

/** A document about nothing, in which only what a test names matters. */
export function madeDocument(id: string, fields: Partial<MadeDocument> = {}): MadeDocument {
  return {
    id,
    text: `Texte de ${id}.`,
    source: id.split('/')[0]!,
    licence: 'etalab-2.0',
    language: 'fr',
    date: '2024-05-17',
    url: '',
    title: '',
    extra: '{}',
    fate: 'train',
    ...fields,
  };
}

/** Writes the units that the steps before the report would have left, and a context that finds them. */
export async function makeUnits(
  sources: readonly MadeSource[],
  opts: { hits?: Record<string, Contamination[]>; benchmarks?: BenchmarkSize[]; root?: string } = {},
): Promise<UnitContext> {
  const root = opts.root ?? temporaryFolder();
  const context = contextOf(root, sources);
  for (const source of sources) {
    if (source.absent !== undefined) continue;
    for (const [i, documents] of source.parts.entries()) {
      const unit = source.parts.length === 1 ? source.source : `${source.source}.0000${i}`;
      await writeRead(context.dir(layout.read.step, unit), {
        documents,
        pii: i === 0 ? source.pii : undefined,
      });
      await writeApply(context.dir(layout.apply.step, unit), { documents, hits: opts.hits?.[unit] ?? [] });
      const dir = context.dir(layout.contamination.step, unit);
      mkdirSync(dir, { recursive: true });
      const lines = (opts.hits?.[unit] ?? []).map((hit) => `${JSON.stringify(hit)}\n`);
      writeFileSync(join(dir, layout.contamination.hits), lines.join(''));
      writeFileSync(join(dir, SIZES), JSON.stringify(opts.benchmarks ?? []));
    }
    const all = source.parts.flat();
    const dir = context.dir(layout.write.step, source.source);
    const final = (fate: Fate) => all.filter((one) => one.fate === fate).map(applied);
    await writeDocuments(join(dir, layout.write.documents), final('train'));
    await writeDocuments(join(dir, layout.write.heldOut), final('held-out'));
  }
  const all = sources.flatMap(({ parts }) => parts.flat());
  await writeClusters(
    join(context.dir(layout.finalSurvivors.step, 'all'), layout.finalSurvivors.clusters),
    all,
  );
  const { step, unit, fallen } = optOutLayout.fallen;
  const nobody = new ParquetWriter<{ id: string; why: string }>(join(context.dir(step, unit), fallen), {
    columns: ['id', 'why'],
  });
  await nobody.finish();
  const selected = context.dir(layout.select.step, 'all');
  await writeRejected(join(selected, layout.select.rejected), rejected(all, 'select'));
  writeFileSync(join(selected, layout.select.mix), JSON.stringify(mixOf(sources)));
  mkdirSync(context.out, { recursive: true });
  return context;
}

function temporaryFolder(): string {
  const root = mkdtempSync(join(tmpdir(), 'lucie-report-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  return root;
}

function contextOf(root: string, sources: readonly MadeSource[]): UnitContext {
  const present = sources.filter(({ absent }) => absent === undefined);
  const parts = present.flatMap((source) =>
    source.parts.map((_, i) => (source.parts.length === 1 ? source.source : `${source.source}.0000${i}`)),
  );
  return {
    units: (step) => (step === layout.write.step ? present.map(({ source }) => source) : parts),
    dir: (step, unit) => join(root, step, unit),
    out: join(root, 'report'),
    progress: silent,
    signal: new AbortController().signal,
    memoryBytes: 500e6,
  };
}

/** A made document as it is after `apply`. */
function applied({ stripped, ...document }: MadeDocument): Document {
  return { ...document, text: stripped ? document.text.replace(stripped, '') : document.text };
}

function rejected(documents: readonly MadeDocument[], step: string): RejectedDocument[] {
  return documents
    .filter(({ fate }) => fate.startsWith(`${step}/`))
    .map((document) => ({
      ...document,
      reason: document.fate.slice(step.length + 1),
      value: document.value ?? '',
    }));
}

async function writeRead(
  dir: string,
  { documents, pii }: { documents: readonly MadeDocument[]; pii: Record<string, number> | undefined },
): Promise<void> {
  const gone = rejected(documents, 'read');
  const kept = documents.filter(({ fate }) => !fate.startsWith('read/'));
  const funnel = emptyFunnel();
  for (const document of documents) addTo(funnel.read, document);
  count(funnel, { gone, kept });
  if (pii) funnel.counts.pii = pii;
  await writeDocuments(join(dir, layout.read.documents), kept);
  await writeRejected(join(dir, layout.read.rejected), gone);
  writeFileSync(join(dir, layout.read.funnel), JSON.stringify(funnel));
}

async function writeApply(
  dir: string,
  { documents, hits }: { documents: readonly MadeDocument[]; hits: readonly Contamination[] },
): Promise<void> {
  const gone = rejected(documents, 'apply');
  const before = documents.filter(({ fate }) => !fate.startsWith('read/'));
  const kept = before.filter(({ fate }) => !fate.startsWith('apply/'));
  const funnel = emptyFunnel();
  for (const document of before) addTo(funnel.read, document);
  count(funnel, { gone, kept: kept.map(applied) });
  for (const document of kept) {
    if (!document.stripped) continue;
    const changed = (funnel.changed.boilerplate ??= emptyAmount());
    changed.documents++;
    changed.bytes += Buffer.byteLength(document.stripped);
  }
  const dropped = new Set(gone.filter(({ reason }) => reason === 'contamination').map(({ id }) => id));
  const pairs = new Set(
    hits.filter(({ id }) => dropped.has(id)).map(({ benchmark, id }) => `${benchmark} ${id}`),
  );
  for (const pair of pairs) {
    const counts = (funnel.counts.contamination ??= {});
    const benchmark = pair.split(' ', 1)[0]!;
    counts[benchmark] = (counts[benchmark] ?? 0) + 1;
  }
  await writeDocuments(join(dir, layout.apply.documents), kept.map(applied));
  await writeRejected(join(dir, layout.apply.rejected), gone);
  writeFileSync(join(dir, layout.apply.funnel), JSON.stringify(funnel));
}

function count(
  funnel: Funnel,
  parts: { gone: readonly RejectedDocument[]; kept: readonly Document[] },
): void {
  for (const document of parts.gone) addTo((funnel.removed[document.reason] ??= emptyAmount()), document);
  for (const document of parts.kept) addTo(funnel.kept, document);
}

async function writeClusters(path: string, documents: readonly MadeDocument[]): Promise<void> {
  const writer = new ParquetWriter<Record<string, string>>(path, {
    columns: ['cluster', 'id', 'survivor', 'rule', 'similarity'],
  });
  for (const { id, fate, survivor, similarity } of documents) {
    if (survivor === undefined) continue;
    const rule = fate.slice(fate.indexOf('/') + 1);
    await writer.add({ cluster: survivor, id, survivor, rule, similarity: String(similarity ?? 1) });
  }
  await writer.finish();
}

function mixOf(sources: readonly MadeSource[]): Mix {
  const bytes = (documents: readonly Document[]) =>
    documents.reduce((sum, document) => sum + documentBytes(document), 0);
  const present = sources
    .filter(({ absent }) => absent === undefined)
    .map(({ source, category = 'other', epochs = 1, parts }) => {
      const train = parts.flat().filter(({ fate }) => fate === 'train');
      const heldOut = parts.flat().filter(({ fate }) => fate === 'held-out');
      const languages = Map.groupBy(train.map(applied), ({ language }) => language);
      return {
        row: {
          ...{ source, category, epochs },
          languages: [...languages.keys()],
          licences: [...new Set(train.map(({ licence }) => licence))],
          ...{ documents: train.length, bytes: bytes(train.map(applied)) },
          ...{ heldOutDocuments: heldOut.length, heldOutBytes: bytes(heldOut.map(applied)) },
        },
        parts: [...languages].map(([language, own]) => ({
          language,
          tokens: estimateTokens(bytes(own), language, category),
        })),
      };
    });
  const { sources: composed, ...sums } = compose(present.map(({ row, parts }) => ({ ...row, parts })));
  return {
    ...{ format: 1, order: { by: 'reading' }, temperature: 1, bytesPerToken: { ...bytesPerToken } },
    ...sums,
    sources: present.map(({ row }) => ({
      ...row,
      ...(composed[row.source] ?? { tokens: 0, trainedTokens: 0, share: 0, trainedShare: 0 }),
    })),
  };
}

const sentences: Record<string, string[]> = {
  fr: [
    'Le salarié peut demander un congé sans solde à son employeur.',
    'La commune publie chaque année le compte rendu de ses séances.',
    'Au printemps, les hirondelles reviennent sous le toit de la grange.',
    'La demande se fait en ligne ou au guichet de la mairie.',
    'Le musée ouvre ses portes à dix heures, sauf le mardi.',
  ],
  en: [
    'The committee met on Tuesday and adjourned at noon.',
    'Install the package first, then restart the service.',
    'A lighthouse keeper counts the ships that pass in the night.',
  ],
  de: ['Der Zug nach Freiburg fährt heute von Gleis sieben.', 'Im Garten blühen die ersten Rosen.'],
  es: ['La biblioteca cierra los domingos por la tarde.'],
  'code:go': ['func add(a, b int) int {\n\treturn a + b\n}'],
};

/** A corpus of some hundred made documents that holds a bit of everything; the same on every call. */
export function smallCorpus(): {
  sources: MadeSource[];
  hits: Record<string, Contamination[]>;
  benchmarks: BenchmarkSize[];
} {
  const random = new Random(7, 'made corpus');
  const text = (language: string, length: number) =>
    Array.from({ length }, () => {
      const own = sentences[language]!;
      return own[random.below(own.length)]!;
    }).join(' ');
  const fates: [Fate, string][] = [
    ['read/language', 'en 0.93 > fr 0.41'],
    ['read/too-short', '17 < 40'],
    ['read/quality/symbols', '0.34 > 0.1'],
    ['apply/opt-out', 'domain exemple.fr'],
    ['apply/boilerplate', '12 < 40'],
    ['apply/contamination', 'belebele-fr 12: la commune publie chaque année'],
    ['select/source-cap', '2000000'],
  ];
  const source = (
    name: string,
    facts: Partial<MadeSource>,
    make: { count: number; languages: string[]; licences: string[]; years: [number, number] },
  ): MadeSource => {
    const documents: MadeDocument[] = [];
    for (let i = 0; i < make.count; i++) {
      const language = make.languages[random.below(make.languages.length)]!;
      const roll = random.below(100);
      const [fate, value] = roll < 24 ? fates[random.below(fates.length)]! : (['train', ''] as const);
      const year = make.years[0] + random.below(make.years[1] - make.years[0] + 1);
      documents.push(
        madeDocument(`${name}/${i}`, {
          language,
          licence: make.licences[random.below(make.licences.length)]!,
          date: make.years[0] === 0 ? '' : `${year}-0${1 + random.below(9)}`,
          title: random.below(2) ? `Fiche ${i}` : '',
          text: fate === 'apply/opt-out' ? '' : text(language, 3 + random.below(30)),
          url: fate === 'read/language' ? `https://exemple.fr/${i}` : '',
          fate: roll >= 98 ? 'held-out' : fate,
          value,
        }),
      );
    }
    const kept = documents.filter(({ fate }) => fate === 'train');
    for (const [i, document] of kept.entries()) {
      if (i % 9 !== 4) continue;
      const survivor = kept[i < kept.length / 3 ? 0 : i - 1]!;
      document.fate = i % 2 ? 'apply/exact-duplicate' : 'apply/near-duplicate';
      document.survivor = survivor.id;
      document.similarity = i % 2 ? 1 : 0.8 + random.below(20) / 100;
      document.value = survivor.id;
    }
    return { source: name, origin: {}, attribution: name, homepage: '', parts: [documents], ...facts };
  };
  const sources = [
    source(
      'fiches',
      {
        origin: { package: '@exemple/fiches', version: '1.2.3', integrity: `sha512-${'Ab0'.repeat(28)}==` },
        attribution: 'Fiches du ministère des Essais',
        homepage: 'https://fiches.example/',
        category: 'legal',
        epochs: 2,
        pii: { email: 41, phone: 17, iban: 0 },
      },
      { count: 240, languages: ['fr'], licences: ['etalab-2.0'], years: [2008, 2026] },
    ),
    source(
      'manuels',
      {
        origin: { debian: 'manuels', version: '4.1-2', sha256: 'c4'.repeat(32) },
        attribution: 'Les auteurs des manuels',
        pii: { email: 3, ip: 2 },
      },
      {
        count: 150,
        languages: ['fr', 'en', 'de', 'es'],
        licences: ['GPL-3.0-or-later', 'CC-BY-SA-3.0'],
        years: [1999, 2023],
      },
    ),
    source(
      'dialogues',
      { attribution: 'Corpus de dialogues', category: 'dialogue', epochs: 0.5 },
      { count: 60, languages: ['fr', 'en'], licences: ['CC-BY-NC-SA-4.0'], years: [0, 0] },
    ),
    source(
      'go-source',
      { attribution: 'The Go Authors', category: 'programming' },
      { count: 40, languages: ['code:go'], licences: ['BSD-3-Clause'], years: [2022, 2023] },
    ),
  ];
  const [first] = sources[0]!.parts;
  first![0]!.fate = 'read/language';
  first![0]!.text =
    'Write to jeanne.martin@exemple.fr or call 06 12 34 56 78, account FR76 3000 6000 0112 3456 7890 189.';
  const half = first!.length / 2;
  sources[0]!.parts = [first!.slice(0, half), first!.slice(half)];
  for (const document of first!) {
    if (document.fate !== 'train' || !document.text.includes(sentences.fr![3]!)) continue;
    document.stripped = sentences.fr![3]!;
    break;
  }
  const absent: MadeSource = {
    source: 'wesnoth',
    origin: { debian: 'wesnoth-data' },
    attribution: 'Les auteurs de Wesnoth',
    homepage: '',
    absent: 'wesnoth-data is a Debian package, and this machine is not Debian',
    parts: [],
  };
  const hits = (documents: readonly MadeDocument[]): Contamination[] =>
    documents
      .filter(({ fate }) => !fate.startsWith('read/'))
      .flatMap(({ id, fate }, row) =>
        fate === 'apply/contamination'
          ? [
              {
                row,
                id,
                benchmark: row % 3 ? 'belebele-fr' : 'mmlu',
                item: String(row % 5),
                words: sentences.fr![1]!,
              },
            ]
          : [],
      );
  return {
    benchmarks: [
      { name: 'belebele-fr', items: 900, usable: 881 },
      { name: 'mmlu', items: 14_042, usable: 9_120 },
      { name: 'sans-trace', items: 12, usable: 12 },
    ],
    sources: [...sources, absent],
    hits: Object.fromEntries(
      sources.flatMap(({ source, parts }) =>
        parts.map((documents, i) => {
          const unit = parts.length === 1 ? source : `${source}.0000${i}`;
          return [unit, hits(documents)];
        }),
      ),
    ),
  };
}

/** The report of `smallCorpus`, in a folder that the caller removes. */
export async function madeReport(): Promise<{ out: string; remove: () => void }> {
  const root = mkdtempSync(join(tmpdir(), 'lucie-report-'));
  const { sources, hits, benchmarks } = smallCorpus();
  const context = await makeUnits(sources, { hits, benchmarks, root });
  const facts = sources.map(({ parts: _, category: _c, epochs: _e, pii: _p, ...rest }) => rest);
  const step = reportStep({ name: 'essai', sources: facts, seed: 1 });
  const [unit] = await step.units(context);
  await step.run(unit!, context);
  return { out: context.out, remove: () => rmSync(root, { recursive: true, force: true }) };
}
