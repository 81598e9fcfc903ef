import { existsSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { listFiles, runStages, type Stage, sha256File, silent } from '@lucie/ledger';
import { describe, expect, test } from 'vitest';
import { type Document, documentBytes } from '../src/document.ts';
import { addOptOut, readOptOuts } from '../src/opt-out/list.ts';
import { describeOptOut, foldAuthor, optOutMatcher } from '../src/opt-out/match-opt-out.ts';
import { optOutOf, optOutsPath } from '../src/opt-out/opt-out.ts';
import { type OptOut, optOutsShape } from '../src/opt-out/options.ts';
import { ParquetWriter, writeDocuments, writeRejected } from '../src/parquet.ts';
import { made } from './made-units.ts';
import { testDir } from './run-steps.ts';

const since = '2026-03-01';

/** Whether the wish names the document. */
function names(wish: Record<string, string>, document: Partial<Document>): boolean {
  const [optOut] = optOutsShape.parse([{ ...wish, since }]);
  return optOutMatcher([optOut!])(made('a/1', '', document)) !== undefined;
}

const by = (author: unknown) => ({ extra: JSON.stringify({ author }) });

describe('what an opt-out names', () => {
  test.each([
    ['refus.fr', 'https://refus.fr/a', true],
    ['refus.fr', 'http://WWW.Refus.FR:8080/a?b', true],
    ['refus.fr', 'https://blog.a.refus.fr', true],
    ['refus.fr', 'https://pasrefus.fr/', false],
    ['refus.fr', 'https://refus.fr.example.org/', false],
    ['refus.fr', 'https://example.org/refus.fr', false],
    ['refus.fr', '', false],
    ['https://www.refus.fr/page', 'https://refus.fr/', true],
    ['blog.refus.fr', 'https://refus.fr/', false],
    ['blog.refus.fr', 'https://x.blog.refus.fr/', true],
    ['refus.co.uk', 'https://a.refus.co.uk/', true],
    ['moi.github.io', 'https://moi.github.io/', true],
    ['moi.github.io', 'https://toi.github.io/', false],
    ['café.fr', 'https://xn--caf-dma.fr/menu', true],
  ])('domain %s and %s: %s', (domain, url, expected) => {
    expect(names({ domain }, { url })).toBe(expected);
  });

  test.each([
    ['Victor Hugo', 'victor  HUGO', true],
    ['Victor Hugo', 'Hugo, Victor (1802-1885)', true],
    ['Élodie Nœ́l', 'elodie nœl', true],
    ['Victor Hugo', ['Zola, Émile', 'Hugo, Victor'], true],
    ['Victor Hugo', 'Émile Zola; Victor Hugo', true],
    ['Victor Hugo', 'Victor Hugot', false],
    ['Victor Hugo', 'Adèle, Victor, Hugo', false],
    ['Victor Hugo', 12, false],
    ['Victor Hugo', undefined, false],
  ])('author %s and %j: %s', (author, extra, expected) => {
    expect(names({ author }, by(extra))).toBe(expected);
  });

  test.each([
    ['https://refus.fr/blog/', 'http://www.refus.fr/blog/2020?x=1', true],
    ['https://refus.fr/blog/', 'https://refus.fr/blog', false],
    ['https://refus.fr', 'https://refus.fr/blog', true],
    ['https://refus.fr', 'https://refus.fr.example.org/', false],
    ['https://refus.fr/é', 'https://refus.fr/%C3%A9t%C3%A9', true],
    ['https://refus.fr/', 'not an address', false],
  ])('address %s and %s: %s', (wish, url, expected) => {
    expect(names({ url: wish }, { url })).toBe(expected);
  });

  test('an id names one document, and the first wish of the list is the reason', () => {
    expect(names({ id: 'a/1' }, {})).toBe(true);
    expect(names({ id: 'a/11' }, {})).toBe(false);
    const wishes = optOutsShape.parse([
      { author: 'Zola', since },
      { id: 'a/1', since },
      { domain: 'refus.fr', since, reason: 'par lettre' },
    ]);
    const match = optOutMatcher(wishes);
    expect(match(made('a/1', '', { url: 'https://refus.fr' }))).toBe(wishes[1]);
    expect(match(made('a/2', '', { url: 'https://refus.fr' }))).toBe(wishes[2]);
    expect(match(made('constructor', '', { extra: 'not JSON "author"' }))).toBeUndefined();
    expect(describeOptOut(wishes[2]!)).toBe('domain refus.fr since 2026-03-01');
    expect(foldAuthor('Élodie d’Œuf')).toBe('elodie d œuf');
  });

  test.each([
    { domain: 'fr' },
    { domain: 'co.uk' },
    { domain: 'github.io' },
    { domain: 'localhost' },
    { domain: '' },
    { url: 'refus.fr/a' },
    { url: 'file:///etc' },
    { author: ' . ' },
    { id: '' },
    { id: 'a', author: 'b' },
    {},
  ])('%j is no opt-out', (wish) => {
    expect(optOutsShape.safeParse([{ ...wish, since }]).success).toBe(false);
  });
});

describe('the list', () => {
  const wish = (text: string): OptOut => ({ id: text, since });

  test('keeps what was there, and the first date of a wish', async () => {
    const path = join(testDir(), 'nano', 'opt-outs.jsonl');
    expect(await readOptOuts(path)).toEqual([]);
    expect(await addOptOut(path, wish('é/1'))).toBe(true);
    expect(await addOptOut(path, { domain: 'refus.fr', since, reason: 'x' })).toBe(true);
    expect(await addOptOut(path, { id: 'é/1', since: '2026-04-01', reason: 'y' })).toBe(false);
    expect(await readOptOuts(path)).toEqual([wish('é/1'), { domain: 'refus.fr', since, reason: 'x' }]);
    expect(await listFiles(join(path, '..'))).toEqual(['opt-outs.jsonl']);
  });

  test('a line that cannot be read is not passed over', async () => {
    const path = join(testDir(), 'opt-outs.jsonl');
    for (const bad of ['{"id": "a"}', 'no', '{"domain": "fr", "since": "2026-01-01"}']) {
      writeFileSync(path, `${JSON.stringify(wish('a'))}\n\n${bad}\n`);
      await expect(readOptOuts(path)).rejects.toMatchObject({ code: 'OPT_OUTS_INVALID', message: /line 3/ });
      await expect(addOptOut(path, wish('b'))).rejects.toMatchObject({ code: 'OPT_OUTS_INVALID' });
    }
  });
});

/** A stage that leaves files and does nothing else. */
function stage(name: string, needs: string[], write: (dir: string) => unknown): Stage {
  const version = 1;
  return {
    name,
    version,
    options: { write: String(write) },
    needs,
    async run({ dir }) {
      await write(dir);
      return {};
    },
  };
}

const site = made('web/1', 'Un texte du site.', { url: 'https://refus.fr/1', title: 'Été' });
const copy = made('copies/1', 'Un texte du site, à peu près.');
const other = made('web/2', 'Un autre texte.', { url: 'https://example.org/' });
const held = made('web/3', 'Mis de côté.', { url: 'https://refus.fr/3' });

async function corpusWith(dir: string, train: Document[], more: { twins?: boolean; parts?: boolean } = {}) {
  const parts = more.parts ? { partCharacters: 100 } : {};
  await writeDocuments(join(dir, 'documents.parquet'), train, parts);
  await writeDocuments(join(dir, 'heldout.parquet'), [held]);
  await writeRejected(
    join(dir, 'rejected.parquet'),
    more.twins ? [{ ...site, reason: 'near-duplicate', value: '0.9 copies/1' }] : [],
  );
  if (!more.twins) return;
  const clusters = new ParquetWriter<Record<string, string>>(join(dir, 'clusters.parquet'), {
    columns: ['cluster', 'id'],
  });
  await clusters.add({ cluster: copy.id, id: site.id });
  await clusters.finish();
}

let weights = 0;
const model = (dir: string) => writeFileSync(join(dir, 'model.safetensors'), String(weights++));

/** Runs of recipes: corpus → tokenizer, tokens → base → release. */
async function runs(recipes: Record<string, (dir: string) => Promise<void>>): Promise<string> {
  const root = join(testDir(), 'runs');
  for (const [recipe, corpus] of Object.entries(recipes)) await run(root, recipe, corpus);
  return root;
}

async function run(root: string, recipe: string, corpus: (dir: string) => Promise<void>): Promise<void> {
  const stages = [
    stage('corpus', [], corpus),
    stage('tokenizer', ['corpus'], (dir) => writeFileSync(join(dir, 'a.json'), String(weights++))),
    stage('tokens', ['corpus'], (dir) => writeFileSync(join(dir, 'a.bin'), String(weights++))),
    stage('base', ['tokenizer', 'tokens'], model),
    stage('release', ['base'], model),
  ];
  const signal = new AbortController().signal;
  await runStages(join(root, recipe), stages, { recipe, progress: silent, say: () => {}, signal });
}

const ask = (runsDir: string, wish: object, dryRun = false) =>
  optOutOf({ ...wish, since }, { runsDir, recipe: 'one', dryRun });

describe('what a wish touches', () => {
  test('documents and bytes by source, held-out ones apart; every model down the chain', async () => {
    const runsDir = await runs({
      one: (dir) => corpusWith(dir, [site, other]),
      two: (dir) => corpusWith(dir, [other]),
    });
    const result = await ask(runsDir, { domain: 'refus.fr' });
    const bytes = [documentBytes(site), documentBytes(held)] as const;
    expect(result.present).toMatchObject({ folder: 'one/01-corpus', recipe: 'one' });
    expect(result.present!.matches).toEqual({
      training: { documents: 1, bytes: bytes[0] },
      heldOut: { documents: 1, bytes: bytes[1] },
      sources: [{ source: 'web', documents: 2, bytes: bytes[0] + bytes[1] }],
      rejected: 0,
    });
    expect(result.models.map(({ folder, corpora }) => [folder, corpora])).toEqual([
      ['one/04-base', ['one/01-corpus']],
      ['one/05-release', ['one/01-corpus']],
    ]);
    // The other recipe only holds a matching document out.
    expect(result.others.map(({ folder }) => folder)).toEqual(['two/01-corpus']);
    expect(result.unknown).toEqual([]);
    expect(result.written).toBe(true);
    expect(await readOptOuts(optOutsPath(runsDir, 'one'))).toEqual([{ domain: 'refus.fr', since }]);
  });

  test('a duplicate that was refused names the document that stayed in its place; parts are read', async () => {
    const runsDir = await runs({
      one: (dir) => corpusWith(dir, [copy, other], { twins: true, parts: true }),
    });
    const { present, models } = await ask(runsDir, { id: site.id });
    expect(present!.matches).toMatchObject({
      training: { documents: 1, bytes: documentBytes(copy) },
      sources: [{ source: 'copies' }],
      rejected: 1,
    });
    expect(models).toHaveLength(2);
  });

  test('a version kept aside counts, and its models are named', async () => {
    const runsDir = await runs({ one: (dir) => corpusWith(dir, [site, other]) });
    await run(runsDir, 'one', (dir) => corpusWith(dir, [other, copy]));
    const { present, others, models } = await ask(runsDir, { id: site.id });
    expect(present!.matches.training.documents).toBe(0);
    expect(others).toHaveLength(1);
    expect(others[0]!.folder).toMatch(/^one\/01-corpus\.[0-9a-f]{12}$/);
    expect(models.map(({ folder }) => folder.replace(/\.[0-9a-f]{12}$/, '.key'))).toEqual([
      'one/04-base.key',
      'one/05-release.key',
    ]);
  });

  test('a model whose corpus is gone may have seen it: it is named apart', async () => {
    const runsDir = await runs({
      one: (dir) => corpusWith(dir, [other]),
      two: (dir) => corpusWith(dir, [other, copy]),
    });
    await rm(join(runsDir, 'one/01-corpus'), { recursive: true });
    await rm(join(runsDir, 'two/03-tokens'), { recursive: true });
    const { present, models, unknown } = await ask(runsDir, { id: site.id });
    expect(present).toBeUndefined();
    expect(models).toEqual([]);
    expect(unknown.map(({ folder }) => folder)).toEqual([
      'one/04-base',
      'one/05-release',
      'two/04-base',
      'two/05-release',
    ]);
  });

  test('a dry run writes nothing; the same wish again neither', async () => {
    const runsDir = await runs({ one: (dir) => corpusWith(dir, [site]) });
    const file = optOutsPath(runsDir, 'one');
    expect(await ask(runsDir, { author: 'Victor Hugo' }, true)).toMatchObject({ written: false, models: [] });
    expect(existsSync(file)).toBe(false);
    expect((await ask(runsDir, { author: 'Victor Hugo', reason: 'lettre' })).written).toBe(true);
    const hash = await sha256File(file);
    expect((await ask(runsDir, { author: 'Victor Hugo' })).written).toBe(false);
    expect(await sha256File(file)).toBe(hash);
  });

  test.each([{}, { domain: 'fr' }, { id: 'a', domain: 'b.fr' }])('%j is refused, by name', async (wish) => {
    const runsDir = testDir();
    await expect(ask(runsDir, wish)).rejects.toMatchObject({ code: 'OPT_OUT_INVALID', exitCode: 2 });
    expect(existsSync(optOutsPath(runsDir, 'one'))).toBe(false);
  });
});
