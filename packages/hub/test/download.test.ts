import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Random, sha256 } from '@lucie/ledger';
import { describe, expect, test } from 'vitest';
import {
  connectHub,
  type DownloadOptions,
  downloadHubFile,
  type HubFile,
  type HubRepo,
  HubStatus,
  hubError,
} from '../src/index.ts';
import { type HubServer, type HubServerOptions, hubServer, revision } from './hub-server.ts';
import { noise, tempDir } from './made-model.ts';
import { noHubEnvironment } from './no-hub-environment.ts';

const repo: HubRepo = { type: 'model', name: 'owner/name', revision };
const bytes = noise(100_003, 7);
const name = 'dir é/model.gguf';

noHubEnvironment();

interface Made {
  hub: HubServer;
  to: string;
  fetch(more?: Partial<DownloadOptions>): Promise<void>;
}

async function made(opts: HubServerOptions = {}, content = bytes): Promise<Made> {
  const hub = await hubServer({ [name]: content }, opts);
  const to = join(tempDir(), name);
  const file: HubFile & { to: string } = { path: name, size: content.length, sha256: sha256(content), to };
  const fetch = async (more: Partial<DownloadOptions> = {}) => {
    const signal = more.signal ?? new AbortController().signal;
    try {
      await downloadHubFile(repo, file, {
        connection: connectHub({ signal, hubUrl: hub.url }),
        signal,
        onBytes() {},
        retryDelayMs: 1,
        partBytes: 10_000,
        ...more,
      });
    } catch (error) {
      throw hubError(error, repo);
    }
  };
  return { hub, to, fetch };
}

/** Bytes that were asked for again although they had been sent, beyond what a broken connection may have lost. */
function fetchedTwice(hub: HubServer, partBytes: number): unknown[] {
  const wrong: unknown[] = [];
  const parts = new Map<number, HubServer['sendings']>();
  for (const sending of hub.sendings) {
    const part = Math.floor(sending.from / partBytes);
    parts.set(part, [...(parts.get(part) ?? []), sending]);
  }
  for (const sendings of parts.values())
    sendings.slice(1).forEach((next, i) => {
      const before = sendings[i]!;
      if (before.whole || next.from < before.from || next.from > before.from + before.sent)
        wrong.push({ before, next });
    });
  return wrong;
}

describe('parts', () => {
  test('arrive over several connections at once, each byte once', async () => {
    const { hub, to, fetch } = await made({ slow: { bytes: 2000, ms: 2 } });
    let most = 0;
    hub.onSent = () => {
      most = Math.max(most, hub.sendings.filter(({ sent }) => sent < 10_000 && sent > 0).length);
    };
    const seen: number[] = [];
    await fetch({ connections: 3, onBytes: (done) => seen.push(done) });
    expect(readFileSync(to).equals(bytes)).toBe(true);
    expect(hub.sendings.map(({ from }) => from).sort((a, b) => a - b)).toEqual(
      [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((part) => part * 10_000),
    );
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(3);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(seen.at(-1)).toBe(bytes.length);
    expect([`${to}.part`, `${to}.part.json`].map((path) => existsSync(path))).toEqual([false, false]);
  });

  test('whatever the cuts, the bytes are equal and nothing that came is asked for again', async () => {
    for (let seed = 0; seed < 12; seed++) {
      const random = new Random(seed);
      const partBytes = 500 + random.below(30_000);
      const { hub, to, fetch } = await made();
      // A connection that brings no byte would count as a failure.
      hub.cut = ({ length }) =>
        random.below(3) > 0 && length > 1 ? 1 + random.below(length - 1) : undefined;
      await fetch({ partBytes, connections: 1 + random.below(5) });
      expect(readFileSync(to).equals(bytes)).toBe(true);
      expect(fetchedTwice(hub, partBytes)).toEqual([]);
      expect(hub.sendings.some(({ whole }) => !whole)).toBe(true);
    }
  });

  test.each([0, 1, 9_999, 10_000, 10_001, 20_000])('a file of %i bytes', async (size) => {
    const content = noise(size, size);
    const { to, fetch } = await made({}, content);
    await fetch();
    expect(readFileSync(to).equals(content)).toBe(true);
  });

  test('another call goes on after a failure: complete parts are not asked for', async () => {
    const { hub, to, fetch } = await made();
    hub.cut = ({ from, length }) => (from >= 40_000 ? 0 : length);
    await expect(fetch({ connections: 1 })).rejects.toMatchObject({ code: 'HUB_UNAVAILABLE' });
    expect(existsSync(to)).toBe(false);
    expect(statSync(`${to}.part`).size).toBe(40_000);
    hub.cut = () => undefined;
    hub.sendings.length = 0;
    await fetch({ connections: 1, partBytes: 777 });
    expect(hub.sendings.map(({ from }) => from)).toEqual([
      40_000, 50_000, 60_000, 70_000, 80_000, 90_000, 100_000,
    ]);
    expect(readFileSync(to).equals(bytes)).toBe(true);
  });

  test('a map that is no map, of another file, or that promises too much is not believed', async () => {
    const good = { size: bytes.length, hash: sha256(bytes), partBytes: 10_000, done: Array(11).fill(0) };
    const maps = [
      '{',
      '[]',
      JSON.stringify({ ...good, hash: 'x', done: [10_000, ...Array(10).fill(0)] }),
      JSON.stringify({ ...good, done: [10_001, ...Array(10).fill(0)] }),
      JSON.stringify({ ...good, done: [0, 10_000, ...Array(9).fill(0)] }),
      JSON.stringify({ ...good, done: [10_000] }),
      JSON.stringify({ ...good, done: [-5, ...Array(10).fill(0)] }),
    ];
    for (const map of maps) {
      const { hub, to, fetch } = await made();
      mkdirSync(join(to, '..'), { recursive: true });
      writeFileSync(`${to}.part`, bytes.subarray(0, 10_000));
      writeFileSync(`${to}.part.json`, map);
      await fetch();
      expect(readFileSync(to).equals(bytes)).toBe(true);
      expect(hub.sendings).toHaveLength(11);
    }
    // One that holds is: then the first part is not fetched.
    const { hub, to, fetch } = await made();
    mkdirSync(join(to, '..'), { recursive: true });
    writeFileSync(`${to}.part`, bytes.subarray(0, 10_000));
    writeFileSync(`${to}.part.json`, JSON.stringify({ ...good, done: [10_000, ...Array(10).fill(0)] }));
    await fetch();
    expect(hub.sendings).toHaveLength(10);
    expect(readFileSync(to).equals(bytes)).toBe(true);
  });

  test('what was resumed and is wrong is fetched once more, whole', async () => {
    const { hub, to, fetch } = await made();
    mkdirSync(join(to, '..'), { recursive: true });
    writeFileSync(`${to}.part`, Buffer.alloc(20_000));
    const done = [10_000, 10_000, ...Array(9).fill(0)];
    writeFileSync(
      `${to}.part.json`,
      JSON.stringify({ size: bytes.length, hash: sha256(bytes), partBytes: 10_000, done }),
    );
    await fetch();
    expect(readFileSync(to).equals(bytes)).toBe(true);
    expect(hub.sendings).toHaveLength(9 + 11);
  });
});

describe('servers', () => {
  test('without ranges: the whole file over one connection, from the beginning when it breaks', async () => {
    for (const partBytes of [10_000, 1_000_000]) {
      const { hub, to, fetch } = await made({ noRanges: true });
      hub.cut = ({ length }) => (hub.sendings.length < 4 ? length - 10 : undefined);
      await fetch({ partBytes, connections: 1 });
      expect(readFileSync(to).equals(bytes)).toBe(true);
      expect(hub.sendings.filter(({ whole }) => whole)).toHaveLength(1);
    }
  });

  test('without ranges that always break at the same place are not asked for ever', async () => {
    const { hub, to, fetch } = await made({ noRanges: true });
    hub.cut = () => 50_000;
    await expect(fetch()).rejects.toMatchObject({ code: 'HUB_UNAVAILABLE' });
    expect(hub.sendings.length).toBeLessThan(20);
    expect(existsSync(to)).toBe(false);
  });

  test('that are busy, ask for patience, drop, stall or end early', async () => {
    const { hub, to, fetch } = await made();
    hub.faults = ['busy', 'patience', 'drop', 'stall', 'short', 'busy', 'patience'];
    await fetch({ stallMs: 100 });
    expect(readFileSync(to).equals(bytes)).toBe(true);
    expect(hub.requests).toHaveLength(11 + 7);
  });

  test('that never answer well are asked five times', async () => {
    const { hub, fetch } = await made();
    hub.faults = Array(50).fill('busy');
    await expect(fetch({ connections: 1 })).rejects.toMatchObject({ code: 'HUB_UNAVAILABLE' });
    expect(hub.requests).toHaveLength(5);
    hub.requests.length = 0;
    hub.faults = ['never'];
    await expect(fetch({ connections: 1 })).rejects.toMatchObject({ code: 'HUB_ACCESS' });
    expect(hub.requests).toHaveLength(1);
  });

  test.each([
    [429, { 'retry-after': '7' }, 7000],
    [503, { 'retry-after': '7000' }, 60_000],
    [429, { ratelimit: '"resolvers";r=0;t=55' }, 55_000],
    [503, { ratelimit: '"resolvers";r=9;t=55' }, undefined],
    [429, { 'retry-after': 'Wed, 21 Oct 2026 07:28:00 GMT' }, undefined],
    [429, {}, undefined],
  ])('%i with %j: waits %s milliseconds', (status, headers, wait) => {
    expect(
      new HubStatus(new Response(null, { status, headers: new Headers(headers as HeadersInit) }))
        .retryAfterMs,
    ).toBe(wait);
  });

  test('that once send another place, or say that nothing is there: asked again, and nothing that came is lost', async () => {
    for (const fault of ['shifted', 'gone'] as const) {
      const { hub, to, fetch } = await made();
      hub.faults = [undefined, undefined, undefined, undefined, fault];
      await fetch({ connections: 1 });
      expect(readFileSync(to).equals(bytes)).toBe(true);
      expect(hub.requests).toHaveLength(11 + 1);
    }
  });

  test('that always send another place: refused, what came before is kept', async () => {
    const { hub, to, fetch } = await made();
    hub.faults = [undefined, undefined, ...Array<'shifted'>(5).fill('shifted')];
    await expect(fetch({ connections: 1 })).rejects.toMatchObject({
      code: 'HUB_FILE_DAMAGED',
      message: expect.stringContaining('another place'),
    });
    expect(existsSync(to)).toBe(false);
    hub.sendings.length = 0;
    await fetch();
    expect(readFileSync(to).equals(bytes)).toBe(true);
    expect(Math.min(...hub.sendings.map(({ from }) => from))).toBe(20_000);
  });

  test('on which the file becomes another one: what came before goes', async () => {
    const { hub, to, fetch } = await made();
    const older = noise(bytes.length, 8);
    hub.sent = { [name]: older };
    hub.onSent = () => {
      if (hub.sendings.length > 3) hub.sent = {};
    };
    await fetch({ connections: 1 });
    expect(readFileSync(to).equals(bytes)).toBe(true);
    expect(hub.sendings).toHaveLength(11 + 11);
  });

  test('of which each names the same version otherwise: the hash decides', async () => {
    const { hub, to, fetch } = await made();
    hub.faults = Array.from({ length: 100 }, (_, i) => (i % 2 ? 'new version' : undefined));
    await fetch();
    expect(readFileSync(to).equals(bytes)).toBe(true);
    expect(hub.requests).toHaveLength(11);
  });

  test.each([
    [
      'a bit flipped',
      (content: Buffer) => Buffer.from(content.map((byte, i) => (i === 55_555 ? byte ^ 1 : byte))),
    ],
    ['a byte more', (content: Buffer) => Buffer.concat([content, Buffer.from('x')])],
    ['a byte less', (content: Buffer) => content.subarray(1)],
    ['nothing', () => Buffer.alloc(0)],
  ])('that send other bytes than the hub lists: %s', async (_what, change) => {
    for (const partBytes of [10_000, 1_000_000]) {
      const { hub, to, fetch } = await made();
      hub.sent = { [name]: change(bytes) };
      await expect(fetch({ partBytes })).rejects.toMatchObject({ code: 'HUB_FILE_DAMAGED' });
      expect(existsSync(to)).toBe(false);
      hub.sent = {};
      await fetch({ partBytes });
      expect(readFileSync(to).equals(bytes)).toBe(true);
    }
  });

  test('the token goes to the hub, not to the storage that it sends to', async () => {
    process.env.HF_TOKEN = 'hf_secret';
    const storage = await hubServer({ [name]: bytes });
    const { hub, to, fetch } = await made({
      token: 'hf_secret',
      storage: storage.url.replace('127.0.0.1', 'localhost'),
    });
    await fetch();
    expect(readFileSync(to).equals(bytes)).toBe(true);
    expect(hub.requests.every(({ authorization }) => authorization === 'Bearer hf_secret')).toBe(true);
    expect(storage.requests.length).toBeGreaterThan(0);
    expect(storage.requests.map(({ authorization }) => authorization)).toEqual(
      storage.requests.map(() => undefined),
    );
    const connection = connectHub({ signal: new AbortController().signal, hubUrl: hub.url });
    await connection.fetch(storage.url, { headers: { authorization: 'Bearer hf_secret' } });
    expect(storage.requests.at(-1)!.authorization).toBeUndefined();
  });

  test('Ctrl-C stops every connection and keeps what came', async () => {
    const { hub, to, fetch } = await made({ slow: { bytes: 1000, ms: 5 } });
    const control = new AbortController();
    const onBytes = (done: number) => done > 25_000 && control.abort(new Error('stop'));
    await expect(fetch({ signal: control.signal, onBytes })).rejects.toThrow();
    const map = JSON.parse(readFileSync(`${to}.part.json`, 'utf8')) as { done: number[] };
    const kept = map.done.reduce((sum, done) => sum + done, 0);
    expect(kept).toBeGreaterThan(25_000);
    hub.sendings.length = 0;
    await fetch();
    expect(readFileSync(to).equals(bytes)).toBe(true);
    expect(hub.sendings.reduce((sum, { sent }) => sum + sent, 0)).toBe(bytes.length - kept);
  });
});
