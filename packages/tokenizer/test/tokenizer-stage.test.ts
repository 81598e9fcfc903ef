import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Document, writeDocuments } from '@lucie/corpus';
import { type Progress, silent, silentLogger } from '@lucie/ledger';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Tokenizer, type TokenizerReport, tokenizerStage } from '../src/index.ts';
import { sampleDocuments } from '../src/sample.ts';
import { generatedDocuments } from './helpers/documents.ts';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'lucie-tokenizer-stage-'));
  await mkdir(join(dir, 'corpus'));
  const documents = generatedDocuments(300, 21).map(document);
  await writeDocuments(join(dir, 'corpus/documents.parquet'), documents.slice(0, 260));
  await writeDocuments(join(dir, 'corpus/heldout.parquet'), documents.slice(260));
  await mkdir(join(dir, 'empty'));
  await writeDocuments(join(dir, 'empty/documents.parquet'), []);
  await writeDocuments(join(dir, 'empty/heldout.parquet'), []);
});
afterAll(() => rm(dir, { recursive: true }));

function document(text: string, index: number): Document {
  const english = index % 5 === 0;
  return {
    id: `${index}`,
    text,
    source: english ? 'speeches' : 'sheets',
    licence: english ? 'PDDL-1.0' : 'etalab-2.0',
    language: english ? 'en' : 'fr',
    date: '2024-01-01',
    url: '',
    title: `Titre ${index}`,
    extra: '{}',
  };
}

async function run(
  out: string,
  options: Parameters<typeof tokenizerStage>[0] = {},
  more: { corpus?: string; progress?: Progress; signal?: AbortSignal } = {},
) {
  const path = join(dir, out);
  await mkdir(path);
  const result = await tokenizerStage({ vocabularySize: 600, ...options }).run({
    dir: path,
    inputs: { corpus: join(dir, more.corpus ?? 'corpus') },
    progress: more.progress ?? silent,
    log: silentLogger,
    signal: more.signal ?? new AbortController().signal,
    identity: async (current) => current,
  });
  return { path, result };
}

describe('tokenizerStage', () => {
  it('writes a tokenizer that reads back, with its report', async () => {
    const totals: (number | undefined)[] = [];
    let most = 0;
    const { path, result } = await run(
      'first',
      {},
      {
        progress: {
          start: (_, total) => totals.push(total),
          update: (done) => {
            most = Math.max(most, done);
          },
          end() {},
        },
      },
    );
    const tokenizer = await Tokenizer.fromFile(join(path, 'tokenizer.json'));
    expect(tokenizer.vocabSize).toBe(600);
    expect(result.facts).toMatchObject({ vocabulary_size: 600, pre_tokenizer: 'qwen2' });
    expect(result.licences).toEqual(['PDDL-1.0', 'etalab-2.0']);
    // The ETA is right when the total announced is the amount done.
    expect(most).toBe(totals[0]);

    const report = JSON.parse(await readFile(join(path, 'report.json'), 'utf8')) as TokenizerReport;
    const documents = generatedDocuments(300, 21).map(document);
    const text = ({ title, text }: Document) => `${title}\n\n${text}`;
    const french = documents
      .slice(260)
      .filter(({ language }) => language === 'fr')
      .map(text);
    const tokens = french.reduce((sum, one) => sum + tokenizer.encode(one).length, 0);
    const words = french.reduce((sum, one) => sum + one.split(/\s+/u).filter(Boolean).length, 0);
    const bytes = french.reduce((sum, one) => sum + Buffer.byteLength(one), 0);
    expect(report.heldout.fr).toMatchObject({ documents: french.length, words, tokens, bytes });
    expect(report.heldout.fr!.tokens_per_word).toBeCloseTo(tokens / words, 4);
    expect(report.heldout.fr!.bytes_per_token).toBeCloseTo(bytes / tokens, 4);
    const broken = french
      .flatMap((one) => Array.from(tokenizer.encode(one)))
      .filter((id) => tokenizer.decode([id]).includes('\ufffd'));
    expect(broken.length).toBeGreaterThan(0);
    expect(report.heldout.fr!.partial_share).toBeCloseTo(broken.length / tokens, 4);
    expect(Object.keys(report.heldout)).toEqual(['en', 'fr']);
    expect(Object.keys(report.learnt_from)).toEqual(['sheets', 'speeches']);
    expect(report.examples[1]!.tokens.join('')).toBe(report.examples[1]!.text);
    expect(report.longest_tokens[0]!.length).toBeGreaterThanOrEqual(report.longest_tokens[19]!.length);
    // Most of the 256 bytes never occur in this text.
    expect(report.unused.count).toBeGreaterThan(50);
    expect(report.unused.tokens).toContain('\\xFF');
    expect(report.unused.tokens).not.toContain('<s>');
  });

  it('gives the same files again', async () => {
    const [first, second] = [await run('again-1'), await run('again-2')];
    for (const name of ['tokenizer.json', 'tokenizer_config.json', 'report.json']) {
      expect(await readFile(join(first.path, name), 'utf8')).toBe(
        await readFile(join(second.path, name), 'utf8'),
      );
    }
  });

  it('takes about as much of each source as it is told', async () => {
    const path = join(dir, 'corpus/documents.parquet');
    const all = await sampleDocuments(path, 1e9);
    const some = await sampleDocuments(path, 20_000);
    const collect = async (sample: typeof all) => {
      const bytes = new Map<string, number>();
      const texts: string[] = [];
      for await (const { source, text } of sample.texts()) {
        bytes.set(source, (bytes.get(source) ?? 0) + Buffer.byteLength(text));
        texts.push(text);
      }
      return { bytes, texts };
    };
    const everything = await collect(all);
    expect(everything.texts).toHaveLength(260);
    expect(all.bytes).toBe(everything.bytes.get('sheets')! + everything.bytes.get('speeches')!);
    const part = await collect(some);
    for (const source of ['sheets', 'speeches']) {
      expect(part.bytes.get(source)).toBeGreaterThan(10_000);
      expect(part.bytes.get(source)).toBeLessThan(30_000);
    }
    expect((await collect(await sampleDocuments(path, 20_000))).texts).toEqual(part.texts);
  });

  it('refuses an empty corpus and writes nothing', async () => {
    await expect(run('nothing', {}, { corpus: 'empty' })).rejects.toMatchObject({ code: 'CORPUS_EMPTY' });
    await expect(readFile(join(dir, 'nothing', 'tokenizer.json'))).rejects.toThrow();
  });

  it('stops when told to', async () => {
    const signal = AbortSignal.abort(new Error('Ctrl-C'));
    await expect(run('stopped', {}, { signal })).rejects.toThrow('Ctrl-C');
  });

  it.each([
    { vocabularySize: 261 },
    { vocabularySize: 2 ** 20 + 1 },
    { preTokenizer: 'tekken' as 'qwen2' },
    { minFrequency: 0 },
    { sampleBytes: 0 },
    { vocabSize: 4096 } as object,
  ])('refuses the options %o', (options) => {
    expect(() => tokenizerStage(options)).toThrow();
  });
});
