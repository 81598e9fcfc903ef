import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Random } from '@lucie/ledger';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type HubServer, hubServer, revision } from '../../hub/test/hub-server.ts';
import { fetchHub } from '../src/sources/hub/fetch-hub.ts';
import { matchesGlob } from '../src/sources/hub/glob.ts';
import { openHub } from '../src/sources/hub/hub-source.ts';
import { type HubSource, hubSourceShape } from '../src/sources/hub/options.ts';
import { jsonLines, parquetBytes, sentence, tempDir } from './make-files.ts';
import { readSource, sourceConformance } from './source-conformance.ts';

const option = (more: Partial<HubSource> = {}): HubSource =>
  hubSourceShape.parse({
    hub: 'owner/name',
    revision,
    source: 'own',
    language: 'fr',
    licence: 'CC0-1.0',
    ...more,
  });
const lines = (from: number) =>
  Buffer.from(jsonLines([1, 2, 3].map((n) => ({ id: `d${from + n}`, text: sentence(from + n) }))));
const parquet = await parquetBytes(`SELECT 'p' || i AS id, 'Bonjour ' || i AS text FROM range(50) t(i)`);
/** Does not shrink, so that a connection can break in the middle of it. */
const large = gzipSync(jsonLines([{ id: 'large', text: noise(400_000) }]));
const files = () => ({
  'README.md': Buffer.from('# Un jeu\nDes données.'),
  '.gitattributes': Buffer.from('*.parquet filter=lfs'),
  'data/fr/a.jsonl': lines(0),
  'data/fr/b c%é.parquet': parquet,
  'data/en/a.jsonl': lines(100),
  'data/large.jsonl.gz': large,
  'empty.txt': Buffer.alloc(0),
});

const environment = { ...process.env };
beforeEach(() => {
  delete process.env.HF_TOKEN;
  delete process.env.HF_ENDPOINT;
});
afterEach(() => {
  process.env = { ...environment };
});

const fetchFrom = (
  hub: HubServer | string,
  cacheDir: string,
  more: Partial<HubSource> = {},
  opts: Partial<Parameters<typeof fetchHub>[1]> = {},
) =>
  fetchHub(option(more), {
    cacheDir,
    hubUrl: typeof hub === 'string' ? hub : hub.url,
    retryDelayMs: 1,
    ...opts,
  });

sourceConformance('hub', {
  async open() {
    const cacheDir = tempDir();
    await fetchFrom(await hubServer(files()), cacheDir);
    return { source: openHub(option(), cacheDir) };
  },
  async openBroken() {
    const cacheDir = tempDir();
    const broken = { 'a.jsonl.gz': gzipSync(lines(0)).subarray(0, 60) };
    await fetchFrom(await hubServer(broken), cacheDir);
    return { source: openHub(option(), cacheDir) };
  },
});

describe('fetching', () => {
  test('the chosen files come, verified, below owner, name and revision; the second time nothing is asked', async () => {
    const hub = await hubServer(files(), { pageSize: 2 });
    const cacheDir = tempDir();
    const include = ['data/**/*.{jsonl,parquet}'];
    const paths = await fetchFrom(hub, cacheDir, { include });
    const dir = join(cacheDir, 'data/hub/owner--name', revision);
    expect(paths).toEqual(
      ['data/en/a.jsonl', 'data/fr/a.jsonl', 'data/fr/b c%é.parquet'].map((name) => join(dir, name)),
    );
    expect(readFileSync(paths[2]!)).toEqual(parquet);
    expect(existsSync(join(dir, 'README.md'))).toBe(false);
    const { length } = hub.requests;
    expect(await fetchFrom(hub, cacheDir, { include })).toEqual(paths);
    expect(hub.requests).toHaveLength(length);
    const source = openHub(option({ include, attribution: 'Owner' }), cacheDir);
    expect(source).toMatchObject({
      attribution: 'Owner',
      origin: { hub: 'owner/name', revision, include: include[0] },
    });
    expect((await readSource(source)).documents).toHaveLength(56);
  });

  test('a dropped connection goes on where it ended, also in another run', async () => {
    const hub = await hubServer(files());
    const cacheDir = tempDir();
    hub.faults = ['drop', 'drop', 'busy', 'drop'];
    const include = ['data/large*'];
    const [path] = await fetchFrom(hub, cacheDir, { include });
    expect(readFileSync(path!)).toEqual(large);
    const starts = hub.requests
      .filter(({ range }) => range && range !== 'bytes=0-0')
      .map(({ range }) => Number(/\d+/.exec(range!)));
    expect(starts.length).toBeGreaterThanOrEqual(3);
    expect(starts[0]).toBeGreaterThan(0);
    expect(starts).toEqual([...starts].sort((a, b) => a - b));
    expect(existsSync(`${path}.part`)).toBe(false);

    const other = tempDir();
    hub.faults = ['drop', 'busy', 'busy', 'busy', 'busy', 'busy'];
    await expect(fetchFrom(hub, other, { include })).rejects.toMatchObject({ code: 'HUB_UNAVAILABLE' });
    const part = join(other, 'data/hub/owner--name', revision, 'data/large.jsonl.gz.part');
    const { size } = statSync(part);
    expect(size).toBeGreaterThan(0);
    expect(existsSync(part.slice(0, -5))).toBe(false);
    hub.faults = [];
    hub.requests.length = 0;
    const [resumed] = await fetchFrom(hub, other, { include });
    expect(readFileSync(resumed!)).toEqual(large);
    expect(hub.requests.at(-1)!.range).toBe(`bytes=${size}-${large.length - 1}`);
  });

  test('what lies there and is wrong is fetched again: a damaged file, the beginning of another one', async () => {
    const hub = await hubServer(files());
    const cacheDir = tempDir();
    const include = ['data/large*'];
    const [path] = await fetchFrom(hub, cacheDir, { include });
    writeFileSync(path!, Buffer.alloc(large.length));
    await expect(readSource(openHub(option({ include }), cacheDir))).rejects.toMatchObject({
      code: 'DATA_NOT_FETCHED',
    });
    await fetchFrom(hub, cacheDir, { include });
    expect(readFileSync(path!)).toEqual(large);
    for (const rest of [Buffer.alloc(1000), Buffer.alloc(large.length), Buffer.alloc(large.length + 1)]) {
      const other = tempDir();
      const part = join(other, 'data/hub/owner--name', revision, 'data/large.jsonl.gz.part');
      mkdirSync(dirname(part), { recursive: true });
      writeFileSync(part, rest);
      const [again] = await fetchFrom(hub, other, { include });
      expect(readFileSync(again!)).toEqual(large);
    }
  });

  test.each(['data/large.jsonl.gz', 'data/fr/a.jsonl'])(
    'other bytes than promised get no name: %s',
    async (name) => {
      const hub = await hubServer(files());
      const cacheDir = tempDir();
      for (const sent of [flipped(hub.files[name]!), Buffer.concat([hub.files[name]!, Buffer.from('x')])]) {
        hub.sent = { [name]: sent };
        await expect(fetchFrom(hub, cacheDir, { include: [name] })).rejects.toMatchObject({
          code: 'HUB_FILE_DAMAGED',
        });
        const path = join(cacheDir, 'data/hub/owner--name', revision, name);
        expect(existsSync(path)).toBe(false);
      }
    },
  );

  test('Ctrl-C ends it and keeps what came', async () => {
    const hub = await hubServer(files());
    const cacheDir = tempDir();
    const control = new AbortController();
    hub.faults = ['stall'];
    const progress = { start() {}, end() {}, update: () => control.abort(new Error('stop')) };
    const include = ['data/large*'];
    await expect(fetchFrom(hub, cacheDir, { include }, { progress, signal: control.signal })).rejects.toThrow(
      'stop',
    );
    expect(
      statSync(join(cacheDir, 'data/hub/owner--name', revision, 'data/large.jsonl.gz.part')).size,
    ).toBeGreaterThan(0);
    await expect(
      fetchFrom(hub, cacheDir, {}, { signal: AbortSignal.abort(new Error('before')) }),
    ).rejects.toThrow('before');
  });
});

describe('the token', () => {
  test('goes to the hub, not to the storage it sends to, and into no error', async () => {
    process.env.HF_TOKEN = 'hf_secretsecret';
    const storage = await hubServer(files());
    const pages = await hubServer(files(), { pageSize: 2 });
    const hub = await hubServer(files(), {
      token: 'hf_secretsecret',
      pageSize: 2,
      pagesAt: pages.url,
      storage: storage.url.replace('127.0.0.1', 'localhost'),
    });
    process.env.HF_ENDPOINT = hub.url;
    const include = ['data/large*'];
    const [path] = await fetchHub(option({ include }), { cacheDir: tempDir(), retryDelayMs: 1 });
    expect(readFileSync(path!)).toEqual(large);
    expect(storage.requests.length).toBeGreaterThan(0);
    expect(pages.requests.length).toBeGreaterThan(0);
    for (const { authorization } of [...storage.requests, ...pages.requests])
      expect(authorization).toBeUndefined();
    process.env.HF_TOKEN = 'hf_wrongwrong';
    const error = await fetchHub(option(), { cacheDir: tempDir() }).catch(
      (caught: unknown) => caught as Error,
    );
    expect(error).toMatchObject({ code: 'HUB_ACCESS', message: expect.stringContaining('HF_TOKEN') });
    expect(JSON.stringify([String(error), error])).not.toContain('wrongwrong');
    process.env.HF_TOKEN = 'other\nsecret';
    const none = await fetchHub(option(), { cacheDir: tempDir() }).catch(
      (caught: unknown) => caught as Error,
    );
    expect(none).toMatchObject({ code: 'HUB_TOKEN' });
    expect(String(none)).not.toContain('secret');
  });
});

describe('refusals', () => {
  test('no such dataset, none of its files asked for, no network, a bad endpoint', async () => {
    const hub = await hubServer(files());
    const cacheDir = tempDir();
    await expect(fetchFrom(hub, cacheDir, { hub: 'owner/other' })).rejects.toMatchObject({
      code: 'HUB_NOT_FOUND',
    });
    await expect(fetchFrom(hub, cacheDir, { revision: 'c'.repeat(40) })).rejects.toMatchObject({
      code: 'HUB_NOT_FOUND',
    });
    await expect(fetchFrom(hub, cacheDir, { include: ['data/it/**'] })).rejects.toMatchObject({
      code: 'HUB_NO_FILES',
      exitCode: 2,
      message: expect.stringContaining('data/en/a.jsonl'),
    });
    await expect(fetchFrom(await deadAddress(), tempDir())).rejects.toMatchObject({ code: 'NO_NETWORK' });
    await expect(fetchFrom('no address', tempDir())).rejects.toMatchObject({ code: 'HUB_BAD_ENDPOINT' });
    await expect(readSource(openHub(option(), tempDir()))).rejects.toMatchObject({
      code: 'DATA_NOT_FETCHED',
    });
  });

  test.each([
    '../evil.txt',
    '/etc/evil.txt',
    'a/../../evil.txt',
    'a//b.txt',
    './a.txt',
    'a\\b.txt',
    'a\u0000.txt',
    'a/..',
  ])('a path that leads elsewhere: %j', async (path) => {
    const hub = await hubServer(files(), { listed: [path] });
    await expect(fetchFrom(hub, tempDir())).rejects.toMatchObject({ code: 'HUB_BAD_ANSWER' });
  });

  test('a listed file that is not there, a server without ranges, an answer that is no listing', async () => {
    const missing = await hubServer(files(), { listed: ['gone.txt'] });
    await expect(fetchFrom(missing, tempDir())).rejects.toMatchObject({ code: 'HUB_FILE_DAMAGED' });
    const whole = await hubServer(files(), { noRanges: true });
    const all = await fetchFrom(whole, tempDir());
    expect(readFileSync(all.find((path) => path.endsWith('large.jsonl.gz'))!)).toEqual(large);
    await expect(
      fetchFrom(`${whole.url}/datasets/owner/name/resolve/${revision}/README.md#`, tempDir()),
    ).rejects.toMatchObject({
      code: 'HUB_BAD_ANSWER',
    });
  });

  test.each([
    { revision: 'main' },
    { hub: '../name' },
    { hub: 'owner/../name' },
    { hub: 'a/b/c' },
    { include: [] },
  ])('options %j', (more) => {
    expect(() => option(more)).toThrow();
  });
});

test.each([
  ['data/fr/a.jsonl', 'data/fr/*.jsonl', true],
  ['data/fr/a.jsonl', 'data/*.jsonl', false],
  ['data/fr/a.jsonl', '**/*.jsonl', true],
  ['a.jsonl', '**/*.jsonl', true],
  ['data/fr/a.jsonl', 'data/**', true],
  ['data/fr/a.jsonl', 'data/', true],
  ['data2/a.jsonl', 'data/', false],
  ['a.jsonl', '?.jsonl', true],
  ['aXjsonl', 'a.jsonl', false],
  ['a.parquet', '*.{jsonl,parquet}', true],
  ['a,b.parquet', 'a,b.parquet', true],
  ['a', 'a,b.parquet', false],
  ['c,d', '{a,c},{b,d}', true],
  ['a(1).txt', 'a(1).txt', true],
  ['{a', '{a', true],
])('%s matches %s: %s', (path, pattern, expected) => {
  expect(matchesGlob(path, pattern)).toBe(expected);
});

function flipped(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  copy[copy.length >> 1]! ^= 1;
  return copy;
}

/** An address of this machine where nobody answers. */
async function deadAddress(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}

function noise(length: number): string {
  const random = new Random(1);
  return Array.from({ length }, () => String.fromCharCode(33 + random.below(90))).join('');
}
