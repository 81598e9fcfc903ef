import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { fileHash } from '@lucie/ledger';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { byteToken, writeTinyGguf } from '../../release/test/tiny-model.ts';
import { modelStamp } from '../src/gguf/model-files.ts';
import { Engine, type EngineOptions, findLibllama } from '../src/index.ts';
import { modelHash } from '../src/prefix/model-hash.ts';
import { PrefixStore } from '../src/prefix/prefix-store.ts';

let dir: string;
let path: string;
let prefixDir: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'lucie-prefixes-'));
  path = await writeTinyGguf(dir);
});
beforeEach(async () => {
  prefixDir = await mkdtemp(join(dir, 'kept-'));
});
afterAll(() => rm(dir, { recursive: true }));

const COURSE = Array.from({ length: 150 }, (_, i) => byteToken(97 + ((i * i) % 23)));
const QUESTION = [...COURSE, byteToken(63), byteToken(64)];

const load = (opts: EngineOptions = {}) =>
  Engine.load(path, { threads: 1, prefixDir, trial: false, ...opts });

async function ask(engine: Engine, tokens = QUESTION) {
  const generation = engine.generate({ tokens, temperature: 0, stopIds: [], maxTokens: 6, room: 'A' });
  const chunks = await Array.fromAsync(generation);
  return { said: chunks.map(({ token }) => token), cached: generation.cachedTokens };
}

async function files(): Promise<string[]> {
  const all = await readdir(prefixDir, { recursive: true, withFileTypes: true });
  return all.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

async function warmed(): Promise<{ said: number[]; file: string }> {
  await using engine = await load();
  expect(await engine.warm(COURSE, { name: 'cours' })).toMatchObject({
    tokens: 150,
    reused: 0,
    kept: true,
    stored: true,
  });
  const { said, cached } = await ask(engine);
  expect(cached).toBe(150);
  const [file] = await files();
  return { said, file: file! };
}

describe('warmed prefixes on disk', () => {
  test('are there after a restart: for a question, and for warming again', async () => {
    const { said } = await warmed();
    await using engine = await load();
    expect(await ask(engine)).toEqual({ said, cached: 150 });
    expect(engine.stats).toMatchObject({ restored: 1, reusedTokens: 150, promptTokens: 2 });
    await using another = await load();
    expect(await another.warm(COURSE)).toMatchObject({ tokens: 150, reused: 150, kept: true, stored: true });
    expect(another.stats).toMatchObject({ restored: 1, promptTokens: 0, completionTokens: 0, cells: 150 });
    expect((await files()).length).toBe(1);
  });

  test('in another process, with the same answer', async () => {
    const { said } = await warmed();
    const script = `
      import { Engine } from '@lucie/inference';
      await using engine = await Engine.load(process.argv[1], { threads: 1, prefixDir: process.argv[2], trial: false });
      const generation = engine.generate({ tokens: ${JSON.stringify(QUESTION)}, temperature: 0, stopIds: [], maxTokens: 6 });
      const said = [];
      for await (const { token } of generation) said.push(token);
      console.log(JSON.stringify({ said, cached: generation.cachedTokens }));`;
    const args = ['--input-type=module', '-e', script, path, prefixDir];
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: import.meta.dirname });
    expect(JSON.parse(stdout)).toEqual({ said, cached: 150 });
  });

  test('thirty who ask right after the start wait for it, and nobody reads it', async () => {
    await warmed();
    await using engine = await load({ sequences: 4, contextSize: 256 });
    const asked = Array.from({ length: 12 }, (_, i) => ask(engine, [...COURSE, byteToken(i), byteToken(1)]));
    for (const { cached } of await Promise.all(asked)) expect(cached).toBe(150);
    expect(engine.stats).toMatchObject({ restored: 1, promptTokens: 24 });
  });

  test('what generations leave is never written', async () => {
    await using engine = await load();
    await ask(engine);
    await engine.close();
    expect(await files()).toEqual([]);
  });

  test.each([
    [
      'damaged in its state',
      (bytes: Buffer) => bytes.fill(bytes.at(-9)! ^ 1, bytes.length - 9, bytes.length - 8),
    ],
    ['cut', (bytes: Buffer) => bytes.subarray(0, bytes.length - 100)],
    ['cut in its head', (bytes: Buffer) => bytes.subarray(0, 60)],
    ['empty', () => Buffer.alloc(0)],
    ['another file', () => Buffer.from('GGUF and something else')],
    ['one with a head as long as the sea', (bytes: Buffer) => bytes.fill(0xff, 8, 12)],
    ['of other tokens', (bytes: Buffer) => replace(bytes, `[${COURSE[0]},`, `[${COURSE[0]! - 1},`)],
    ['of another engine', (bytes: Buffer) => replace(bytes, 'libllama 3', 'libllama 2')],
    ['of a later format', (bytes: Buffer) => replace(bytes, '"version":1', '"version":9')],
  ])('a file that is %s is ignored, and written anew when warmed', async (_, change) => {
    const { said, file } = await warmed();
    const good = await readFile(file);
    await writeFile(file, change(Buffer.from(good)));
    await using engine = await load();
    expect(await ask(engine)).toEqual({ said, cached: 0 });
    expect(await engine.warm(COURSE)).toMatchObject({ reused: 0, kept: true, stored: true });
    expect(engine.stats.restored).toBe(0);
    await using healed = await load();
    expect(await ask(healed)).toEqual({ said, cached: 150 });
  });

  test('a state that llama.cpp does not take is refused, and read by the model instead', async () => {
    const { said, file } = await warmed();
    const store = await open();
    const [stored] = [store.find(QUESTION, 0)!];
    const state = Buffer.from((await store.read(stored))!);
    state.fill(0xee, 0, 16);
    await store.write(COURSE, state, 'false');
    await using engine = await load();
    expect(await ask(engine)).toEqual({ said, cached: 0 });
    expect(await readdir(join(file, '..'))).toHaveLength(1);
  });

  test('of another model are not looked at', async () => {
    await warmed();
    const folder = await mkdtemp(join(dir, 'other-'));
    const other = await writeTinyGguf(folder, {
      metadata: new Map([['general.name', { type: 'string', value: 'another' }]]),
    });
    await using engine = await Engine.load(other, { threads: 1, prefixDir, trial: false });
    expect((await ask(engine)).cached).toBe(0);
    expect((await engine.warm(COURSE)).reused).toBe(0);
    expect((await files()).length).toBe(2);
  });

  test('a folder that cannot be written to is no failure', async () => {
    const file = join(dir, 'not-a-folder');
    await writeFile(file, '');
    await using engine = await load({ prefixDir: file });
    expect(await engine.warm(COURSE)).toMatchObject({ tokens: 150, reused: 0, kept: true, stored: false });
    expect((await ask(engine)).cached).toBe(150);
  });

  test('a process killed while it writes leaves no half prefix', async () => {
    const script = `
      import { modelStamp } from '../src/gguf/model-files.ts';
      import { PrefixStore } from '../src/prefix/prefix-store.ts';
      const store = await PrefixStore.open({ dir: process.argv[2], model: { path: process.argv[1], stamp: modelStamp(process.argv[1]) }, engine: 'e', quotaBytes: 1e12 });
      console.log('go');
      for (let i = 0; ; i++) await store.write([1, 2, i % 4], Buffer.alloc(3_000_000, i % 251), '');`;
    for (let kill = 0; kill < 4; kill++) {
      const args = ['--input-type=module', '-e', script, path, prefixDir];
      const child = spawn(process.execPath, args, {
        cwd: import.meta.dirname,
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      await once(child.stdout, 'data');
      await new Promise((resolve) => setTimeout(resolve, 40 + 23 * kill));
      child.kill('SIGKILL');
      await once(child, 'exit');
      const store = await open('e');
      for (let i = 0; i < 4; i++) {
        const stored = store.find([1, 2, i], 0);
        if (!stored) continue;
        const state = (await store.read(stored))!;
        expect([state.length, state.every((byte) => byte === state[0])]).toEqual([3_000_000, true]);
      }
    }
  });

  test('beyond the quota the least recently used goes; half files of the dead go in time', async () => {
    const store = await open('e', 3500);
    const tokens = (i: number) => [i, i, i];
    for (let i = 0; i < 3; i++) await store.write(tokens(i), Buffer.alloc(1000), '');
    const [first, second] = [store.find(tokens(0), 0)!, store.find(tokens(1), 0)!];
    await utimes(first.path, 1, 1);
    await utimes(second.path, 2, 2);
    await store.read(first);
    const half = `${first.path}.1-abc.tmp`;
    await writeFile(half, 'half');
    await utimes(half, 1, 1);
    await store.write(tokens(3), Buffer.alloc(1000), '');
    expect([0, 1, 2, 3].map((i) => store.has(tokens(i)))).toEqual([true, false, true, true]);
    const there = await files();
    expect([there.length, there.includes(second.path), there.includes(half)]).toEqual([3, false, false]);
    expect((await open('e')).size).toBe(3);
    const small = await open('e', 10);
    await small.write(tokens(4), Buffer.alloc(1000), '');
    expect([small.has(tokens(4)), (await files()).length]).toEqual([true, 1]);
  });

  test('a model whose file is replaced while it serves leaves nothing under the new one', async () => {
    const served = join(dir, 'served.gguf');
    await copyFile(path, served);
    const old = await Engine.load(served, { threads: 1, prefixDir, trial: false });
    await copyFile(path, `${served}.new`);
    await rename(`${served}.new`, served);
    expect(await old.warm(COURSE)).toMatchObject({ stored: false });
    await old.close();
    expect(await files()).toEqual([]);
  });

  test('what else lies in the folder neither hides prefixes nor is touched', async () => {
    const { said, file } = await warmed();
    await mkdir(join(file, '..', '0000.state'));
    const foreign = [
      join(prefixDir, 'README'),
      join(prefixDir, 'photos', `${'0'.repeat(64)}.state.1.tmp`),
      join(file, '..', 'old.tmp'),
    ];
    await mkdir(join(prefixDir, 'photos'));
    for (const other of foreign) await writeFile(other, 'mine');
    for (const old of foreign.slice(1)) await utimes(old, 1, 1);
    await using engine = await load({ prefixBytes: 1 });
    expect(await ask(engine)).toEqual({ said, cached: 150 });
    expect(await engine.warm(COURSE.slice(1))).toMatchObject({ stored: true });
    const there = await files();
    expect([there.length, there.includes(file)]).toEqual([4, false]);
    for (const other of foreign) expect(there).toContain(other);
  });

  test('a prefix whose file has been deleted is written again', async () => {
    await using engine = await load();
    await engine.warm(COURSE);
    const [file] = await files();
    await rm(file!);
    expect(await engine.warm(COURSE)).toMatchObject({ tokens: 150, reused: 150, kept: true, stored: true });
    expect(await files()).toEqual([file]);
  });

  test('a large model is hashed by a thread, to the same hash', async () => {
    const large = join(dir, 'large');
    await writeFile(large, Buffer.alloc(33_000_000, 'lucie'));
    expect(await modelHash(large)).toBe(fileHash(large));
    await expect(modelHash(join(dir, 'none'))).rejects.toThrow(/ENOENT/);
  });

  test('the longest stored prefix is found, if it is long enough', async () => {
    const store = await open('e');
    for (const tokens of [[1], [1, 2, 3], [1, 2, 4, 5]]) await store.write(tokens, Buffer.alloc(8), '');
    expect(store.find([1, 2, 3, 4], 0)?.head.tokens).toEqual([1, 2, 3]);
    expect(store.find([1, 2, 4], 0)?.head.tokens).toEqual([1]);
    expect(store.find([1, 2, 3, 4], 4)).toBeUndefined();
    expect(store.find([2], 0)).toBeUndefined();
  });
});

const ENGINE = `libllama ${findLibllama().version} ${process.arch}`;

function open(engine = ENGINE, quotaBytes = 1e12): Promise<PrefixStore> {
  return PrefixStore.open({ dir: prefixDir, model: { path, stamp: modelStamp(path) }, engine, quotaBytes });
}

function replace(bytes: Buffer, text: string, by: string): Buffer {
  expect(bytes.includes(text)).toBe(true);
  return Buffer.from(bytes.toString('latin1').replace(text, by), 'latin1');
}
