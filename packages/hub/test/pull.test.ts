import { spawn } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { listFiles, Random, sha256 } from '@lucie/ledger';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  connectHub,
  findPulledModel,
  listModels,
  listUnfinished,
  lockRepo,
  type PullOptions,
  parseModelReference,
  pullModel,
  removePulledModel,
} from '../src/index.ts';
import { type HubServer, hubServer, revision } from './hub-server.ts';
import { card, files, tempDir } from './made-model.ts';
import { noHubEnvironment } from './no-hub-environment.ts';

noHubEnvironment();

const pull = (
  hub: HubServer | string,
  cacheDir: string,
  ref = 'owner/name:Q8_0',
  more: Partial<PullOptions> = {},
) =>
  pullModel(parseModelReference(ref), {
    cacheDir,
    hubUrl: typeof hub === 'string' ? hub : hub.url,
    retryDelayMs: 1,
    partBytes: 16_384,
    reserveBytes: 0,
    ...more,
  });

const removeFrom = (cacheDir: string) => (ref: string) =>
  removePulledModel(parseModelReference(ref), { cacheDir, all: !ref.includes('@') });

const find = (ref: string, cacheDir: string) => findPulledModel(parseModelReference(ref), cacheDir);

describe('a pull', () => {
  test('brings the model with card, licence and gate, verified and noted; the second one asks for the branch alone', async () => {
    const hub = await hubServer(files());
    const cacheDir = tempDir();
    const licences: (string | null)[] = [];
    const onLicence = (licence: string | null) => {
      licences.push(licence);
      expect(hub.sendings.some(({ name }) => name.endsWith('.gguf'))).toBe(false);
    };
    const model = await pull(hub, cacheDir, 'hf:owner/name:q8_0', { onLicence });
    const dir = join(cacheDir, 'models/owner/name', revision);
    const gguf = files()['model-Q8_0.gguf']!;
    expect(model).toMatchObject({ repo: 'owner/name', commit: revision, licence: 'apache-2.0', dir });
    expect(model.gguf).toBe(join(dir, 'model-Q8_0.gguf'));
    expect(readFileSync(model.gguf).equals(gguf)).toBe(true);
    expect(licences).toEqual(['apache-2.0']);
    expect(await listFiles(dir)).toEqual(
      ['LICENSE', 'README.md', 'gate.json', 'manifest.json', 'model-Q8_0.gguf'].sort(),
    );
    expect(model.fetched).toBe(gguf.length + Buffer.byteLength(card) + 'Apache License 2.0{}'.length);
    const { manifest } = listModels(cacheDir)[0]!;
    expect(manifest.files['model-Q8_0.gguf']).toEqual({ bytes: gguf.length, sha256: sha256(gguf) });
    expect(manifest.files['README.md']!.sha256).toBe(sha256(card));
    hub.requests.length = 0;
    expect(await pull(hub, cacheDir)).toMatchObject({ gguf: model.gguf, fetched: 0 });
    expect(hub.requests.map(({ path }) => path)).toEqual(['/api/models/owner/name/revision/main']);
    await pull(hub, cacheDir, `owner/name:Q8_0@${revision}`);
    expect(hub.requests).toHaveLength(1);
  });

  test('of a hub that is busy at first asks again', async () => {
    const hub = await hubServer(files(), { busyAtFirst: 3 });
    expect((await pull(hub, tempDir(), 'owner/name:Q4_K_M')).fetched).toBeGreaterThan(100_000);
    expect(hub.requests.slice(0, 5).map(({ path }) => path.replace(/.*name\//, ''))).toEqual([
      ...Array(4).fill('revision/main'),
      `tree/${revision}`,
    ]);
  });

  test('shows what is still to come, and how fast it comes', async () => {
    const hub = await hubServer(files());
    const cacheDir = tempDir();
    hub.cut = ({ name, from }) => (name === 'model-Q8_0.gguf' && from >= 163_840 ? 0 : undefined);
    await expect(pull(hub, cacheDir, undefined, { connections: 1 })).rejects.toThrow();
    hub.cut = () => undefined;
    const shown: unknown[] = [];
    const notes: (string | undefined)[] = [];
    const progress = {
      start: (label: string, total?: number, unit?: string) => shown.push([label, total, unit]),
      update: (done: number, note?: string) => {
        shown.push(done);
        notes.push(note);
      },
      end: (note?: string) => notes.push(note),
    };
    const { fetched } = await pull(hub, cacheDir, undefined, { progress });
    expect(fetched).toBe(300_000 - 163_840);
    expect(shown[0]).toEqual(['owner/name', 137, 'kB']);
    expect(shown.at(-1)).toBe(136);
    expect(notes[0]).toMatch(/^\d+\.\d MB\/s · model-Q8_0\.gguf$/);
    expect(notes.at(-1)).toBe('1 file, hashes verified');
  });

  test('of a split model brings all parts, and the first is the one to load', async () => {
    const cacheDir = tempDir();
    const { gguf, files: parts } = await pull(await hubServer(files()), cacheDir, 'owner/name:F16');
    expect(gguf).toMatch(/model-F16-00001-of-00003\.gguf$/);
    expect(parts.map(({ path }) => readFileSync(join(gguf, '..', path)).length)).toEqual([5000, 6000, 7000]);
  });

  test('of a second file of the same commit keeps the first; a branch that moved brings the new commit', async () => {
    const hub = await hubServer(files());
    const cacheDir = tempDir();
    await pull(hub, cacheDir, 'owner/name:Q4_K_M');
    await pull(hub, cacheDir, 'owner/name:Q8_0');
    expect(find('owner/name', cacheDir).gguf).toMatch(/Q4_K_M/);
    expect(find('owner/name:Q8_0', cacheDir).gguf).toMatch(/Q8_0/);
    expect(Object.keys(listModels(cacheDir)[0]!.manifest.files)).toHaveLength(5);
    hub.refs.main = 'd'.repeat(40);
    await expect(pull(hub, cacheDir)).rejects.toMatchObject({ code: 'HUB_NOT_FOUND' });
    expect(find('owner/name', cacheDir).commit).toBe(revision);
  });

  test('of a file that was damaged since brings it again', async () => {
    const hub = await hubServer(files());
    const cacheDir = tempDir();
    const { gguf } = await pull(hub, cacheDir);
    const bytes = readFileSync(gguf);
    writeFileSync(gguf, Buffer.alloc(bytes.length));
    await pull(hub, cacheDir);
    expect(readFileSync(gguf).equals(bytes)).toBe(true);
    writeFileSync(gguf, 'short');
    expect(() => find('owner/name', cacheDir)).toThrow(expect.objectContaining({ code: 'MODEL_NOT_PULLED' }));
  });

  test('of wrong bytes leaves nothing under the name, and no manifest', async () => {
    const hub = await hubServer(files());
    hub.sent = { 'model-Q8_0.gguf': Buffer.alloc(300_000) };
    const cacheDir = tempDir();
    await expect(pull(hub, cacheDir)).rejects.toMatchObject({ code: 'HUB_FILE_DAMAGED' });
    expect(listModels(cacheDir)).toEqual([]);
    expect(existsSync(join(cacheDir, 'models/owner/name', revision, 'model-Q8_0.gguf'))).toBe(false);
  });

  test.each([['../evil.gguf'], ['a/../../evil.gguf'], ['/etc/evil.gguf']])(
    'of a hub that lists %s is refused',
    async (path) => {
      const hub = await hubServer(files(), { listed: [path] });
      await expect(pull(hub, tempDir())).rejects.toMatchObject({ code: 'HUB_BAD_ANSWER' });
    },
  );
});

describe('refusals', () => {
  test('what does not fit: with what is needed and what is there, before the first byte', async () => {
    const hub = await hubServer(files());
    const cacheDir = tempDir();
    const need = '0.30 MB';
    await expect(pull(hub, cacheDir, undefined, { reserveBytes: 1e18 })).rejects.toMatchObject({
      code: 'DISK_FULL',
      message: expect.stringContaining(need),
    });
    await expect(pull(hub, cacheDir, undefined, { quotaBytes: 250_000 })).rejects.toMatchObject({
      code: 'QUOTA_EXCEEDED',
      message: expect.stringContaining(need),
    });
    expect(hub.sendings).toEqual([]);
    await pull(hub, cacheDir, 'owner/name:Q4_K_M', { quotaBytes: 250_000 });
    await expect(pull(hub, cacheDir, undefined, { quotaBytes: 350_000 })).rejects.toMatchObject({
      code: 'QUOTA_EXCEEDED',
    });
    // What is there needs no room.
    await pull(hub, cacheDir, 'owner/name:Q4_K_M', { quotaBytes: 1, reserveBytes: 1e18 });
  });

  test('a quota holds for two models that come at the same time', async () => {
    const hub = await hubServer(files(), { alias: 'owner/twin', slow: { bytes: 8192, ms: 2 } });
    const cacheDir = tempDir();
    const both = ['owner/name:Q4_K_M', 'owner/twin:Q4_K_M'];
    const ends = await Promise.allSettled(
      both.map((ref) => pull(hub, cacheDir, ref, { quotaBytes: 150_000 })),
    );
    expect(ends.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const refused = ends.find((end) => end.status === 'rejected');
    expect(refused?.reason).toMatchObject({ code: 'QUOTA_EXCEEDED' });
    expect(listModels(cacheDir)).toHaveLength(1);
  });

  test('files that the hub lists without any hash', async () => {
    await expect(pull(await hubServer(files(), { noHashes: true }), tempDir())).rejects.toMatchObject({
      code: 'HUB_BAD_ANSWER',
      message: expect.stringContaining('hashes'),
    });
  });

  test('a hub that takes a question and never answers', async () => {
    const silent = createServer(() => {});
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      silent.closeAllConnections();
      silent.close();
    });
    const { port } = silent.address() as AddressInfo;
    await expect(
      pull(`http://127.0.0.1:${port}`, tempDir(), undefined, { stallMs: 20 }),
    ).rejects.toMatchObject({
      code: 'HUB_UNAVAILABLE',
    });
  });

  test('a connection that is not allowed asks nobody', async () => {
    const hub = await hubServer(files());
    const { signal } = new AbortController();
    const { fetch, ask } = connectHub({ signal, hubUrl: hub.url, offline: true });
    await expect(fetch(hub.url)).rejects.toMatchObject({ code: 'HUB_OFFLINE' });
    await expect(ask(hub.url)).rejects.toMatchObject({ code: 'HUB_OFFLINE' });
    expect(hub.requests).toEqual([]);
  });

  test('a token is refused where it cannot stand in a header, and only where it is needed', async () => {
    process.env.HF_TOKEN = 'of-another-hub.v1';
    const hub = await hubServer(files(), { token: 'of-another-hub.v1' });
    const cacheDir = tempDir();
    const { gguf } = await pull(hub, cacheDir);
    process.env.HF_TOKEN = 'two\nlines';
    await expect(pull(hub, cacheDir)).rejects.toMatchObject({ code: 'HUB_TOKEN' });
    expect((await pull(hub, cacheDir, undefined, { offline: true })).gguf).toBe(gguf);
  });

  test('terms that were not accepted, unknown names, wrong files, no network', async () => {
    const hub = await hubServer(files(), { token: 'hf_right' });
    await expect(pull(hub, tempDir())).rejects.toMatchObject({
      code: 'HUB_ACCESS',
      message: expect.stringContaining('HF_TOKEN'),
    });
    process.env.HF_TOKEN = 'hf_right';
    await expect(pull(hub, tempDir(), 'owner/other')).rejects.toMatchObject({ code: 'HUB_NOT_FOUND' });
    await expect(pull(hub, tempDir(), 'owner/name:Q3_K')).rejects.toMatchObject({ code: 'HUB_NO_GGUF' });
    const { gguf } = await pull(hub, tempDir());
    expect(existsSync(gguf)).toBe(true);
    const none = await hubServer({ 'model.safetensors': Buffer.from('x') });
    await expect(pull(none, tempDir())).rejects.toMatchObject({ code: 'HUB_NO_GGUF' });
    const dead = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => dead.once('listening', resolve));
    const { port } = dead.address() as AddressInfo;
    await new Promise((resolve) => dead.close(resolve));
    await expect(pull(`http://127.0.0.1:${port}`, tempDir())).rejects.toMatchObject({ code: 'NO_NETWORK' });
    const page = createServer((_request, response) => response.end('<html>Please sign in</html>'));
    await new Promise<void>((resolve) => page.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void page.close());
    const { port: pagePort } = page.address() as AddressInfo;
    await expect(pull(`http://127.0.0.1:${pagePort}`, tempDir())).rejects.toMatchObject({
      code: 'HUB_BAD_ANSWER',
    });
  });

  test('offline nothing is asked: what is there is verified, what is not is named', async () => {
    const hub = await hubServer(files());
    const cacheDir = tempDir();
    const offline = { offline: true };
    await expect(pull(hub, cacheDir, undefined, offline)).rejects.toMatchObject({ code: 'HUB_OFFLINE' });
    await expect(pull(hub, cacheDir, `owner/name@${revision}`, offline)).rejects.toMatchObject({
      code: 'HUB_OFFLINE',
      message: expect.stringContaining(`the model owner/name@${revision}`),
    });
    expect(hub.requests).toEqual([]);
    const { gguf } = await pull(hub, cacheDir);
    const { length } = hub.requests;
    process.env.HF_HUB_OFFLINE = '1';
    expect((await pull(hub, cacheDir)).gguf).toBe(gguf);
    await expect(pull(hub, cacheDir, 'owner/name:Q4_K_M')).rejects.toMatchObject({
      code: 'HUB_OFFLINE',
      message: expect.stringContaining('model-Q4_K_M.gguf'),
    });
    rmSync(gguf);
    await expect(pull(hub, cacheDir)).rejects.toMatchObject({
      code: 'HUB_OFFLINE',
      message: expect.stringContaining('model-Q8_0.gguf'),
    });
    expect(hub.requests).toHaveLength(length);
  });
});

describe('the store', () => {
  test('what was not pulled is named with the command that does', () => {
    expect(() => find('owner/name:Q8_0', tempDir())).toThrow('./lucie pull owner/name:Q8_0');
  });

  test('a manifest that was edited does not count', async () => {
    const cacheDir = tempDir();
    const { dir } = await pull(await hubServer(files()), cacheDir);
    const path = join(dir, 'manifest.json');
    writeFileSync(path, readFileSync(path, 'utf8').replace('apache-2.0', 'mit'));
    expect(listModels(cacheDir)).toEqual([]);
  });

  test('removing: one file, then all; what is not there is said', async () => {
    const hub = await hubServer(files());
    const cacheDir = tempDir();
    await pull(hub, cacheDir, 'owner/name:Q4_K_M');
    const { gguf } = await pull(hub, cacheDir, 'owner/name:Q8_0');
    const remove = removeFrom(cacheDir);
    expect(await remove('owner/name:Q8_0')).toBe(300_000);
    expect(existsSync(gguf)).toBe(false);
    expect(find('owner/name', cacheDir).gguf).toMatch(/Q4_K_M/);
    await expect(remove('owner/name:Q8_0')).rejects.toMatchObject({ code: 'MODEL_NOT_PULLED' });
    await expect(remove('owner/name@v9')).rejects.toMatchObject({ code: 'MODEL_NOT_PULLED' });
    await remove('owner/name');
    expect(listModels(cacheDir)).toEqual([]);
    expect(readdirSync(join(cacheDir, 'models/owner'))).toEqual([]);
    await expect(remove('owner/name')).rejects.toMatchObject({ code: 'MODEL_NOT_PULLED' });
    await pull(hub, cacheDir, 'owner/name:Q8_0');
    await remove('owner/name:Q8_0');
    expect(existsSync(join(cacheDir, 'models/owner/name'))).toBe(false);
  });

  test('removing a revision leaves the others, also where it is the one of main', async () => {
    const hub = await hubServer(files());
    const cacheDir = tempDir();
    await pull(hub, cacheDir);
    const pinned = join(cacheDir, 'models/owner/name', 'c'.repeat(40));
    cpSync(join(cacheDir, 'models/owner/name', revision), pinned, { recursive: true });
    await removeFrom(cacheDir)('owner/name@main');
    expect(existsSync(join(pinned, 'model-Q8_0.gguf'))).toBe(true);
    expect(() => find('owner/name', cacheDir)).toThrow('./lucie pull');
    await expect(removeFrom(cacheDir)('owner/name@main')).rejects.toThrow('pull --list');
    expect(find(`owner/name@${'c'.repeat(8)}`, cacheDir).dir).toBe(pinned);
    expect(await removeFrom(cacheDir)(`owner/name@${'c'.repeat(12)}`)).toBeGreaterThan(300_000);
    expect(existsSync(pinned)).toBe(false);
  });

  test('what is unfinished or damaged is listed and can be removed', async () => {
    const hub = await hubServer(files());
    const cacheDir = tempDir();
    hub.cut = ({ from }) => (from >= 163_840 ? 0 : undefined);
    const begin = () => expect(pull(hub, cacheDir, undefined, { connections: 1 })).rejects.toThrow();
    await begin();
    expect(await listUnfinished(cacheDir)).toMatchObject([{ repo: 'owner/name', commit: revision }]);
    await expect(removeFrom(cacheDir)('owner/name:Q4_K_M')).rejects.toMatchObject({
      code: 'MODEL_NOT_PULLED',
    });
    expect(await removeFrom(cacheDir)('owner/name:Q8_0')).toBeGreaterThan(0);
    expect(existsSync(join(cacheDir, 'models/owner/name'))).toBe(false);
    await begin();
    await removeFrom(cacheDir)(`owner/name@${revision.slice(0, 8)}`);
    expect(await listUnfinished(cacheDir)).toEqual([]);
    await pull(hub, cacheDir, 'owner/name:Q4_K_M');
    expect(await listUnfinished(cacheDir)).toEqual([]);
    rmSync(join(cacheDir, 'models/owner/name', revision, 'manifest.json'));
    expect(await listUnfinished(cacheDir)).toHaveLength(1);
    await removeFrom(cacheDir)('owner/name');
    expect(readdirSync(join(cacheDir, 'models/owner'))).toEqual([]);
  });

  test('a lock keeps others waiting until it is released', async () => {
    const cacheDir = tempDir();
    const { signal } = new AbortController();
    const model = { type: 'model', name: 'owner/name' } as const;
    const first = await lockRepo(model, { cacheDir, signal });
    (await lockRepo({ ...model, type: 'dataset' }, { cacheDir, signal }))[Symbol.dispose]();
    let waited = 0;
    let held = true;
    const onWait = () => {
      waited++;
      setTimeout(() => {
        held = false;
        first[Symbol.dispose]();
      }, 10);
    };
    const second = await lockRepo(model, { cacheDir, signal, onWait });
    expect([waited, held]).toEqual([1, false]);
    await expect(lockRepo(model, { cacheDir, signal: AbortSignal.timeout(20) })).rejects.toThrow();
    second[Symbol.dispose]();
  });
});

describe('processes', () => {
  test('killed five times at any byte: it goes on, and complete parts do not come twice', async () => {
    const random = new Random(11);
    const hub = await hubServer(files(), { slow: { bytes: 1024, ms: 3 } });
    const cacheDir = tempDir();
    const map = join(cacheDir, 'models/owner/name', revision, 'model-Q8_0.gguf.part.json');
    const complete = () =>
      existsSync(map)
        ? (JSON.parse(readFileSync(map, 'utf8')) as { done: number[] }).done.flatMap((done, i) =>
            done === 4096 ? [i] : [],
          )
        : [];
    let kept: number[] = [];
    for (let kill = 0; kill < 5; kill++) {
      hub.sendings.length = 0;
      const limit = 20_000 + random.below(40_000);
      const child = start(hub, cacheDir);
      hub.onSent = () => {
        const sent = hub.sendings.filter(({ name }) => name === 'model-Q8_0.gguf');
        if (sent.reduce((sum, sending) => sum + sending.sent, 0) > limit) child.kill();
      };
      expect(await child.ended).toBe('SIGKILL');
      for (const { name, from } of hub.sendings)
        if (name.endsWith('.gguf')) expect(kept).not.toContain(Math.floor(from / 4096));
      expect(complete()).toEqual(expect.arrayContaining(kept));
      kept = complete();
    }
    expect(kept.length).toBeGreaterThan(2);
    expect(kept.length).toBeLessThan(74);
    expect(listModels(cacheDir)).toEqual([]);
    delete hub.onSent;
    const last = start(hub, cacheDir);
    expect(await last.ended).toBe(0);
    expect(readFileSync(last.output()).equals(files()['model-Q8_0.gguf']!)).toBe(true);
    expect((await listFiles(join(cacheDir, 'models'))).filter((path) => path.includes('.part'))).toEqual([]);
  });

  test('two at once: one fetches, the other waits, both have it', async () => {
    const hub = await hubServer(files(), { slow: { bytes: 8192, ms: 3 } });
    const cacheDir = tempDir();
    const children = [start(hub, cacheDir), start(hub, cacheDir)];
    expect(await Promise.all(children.map(({ ended }) => ended))).toEqual([0, 0]);
    for (const { output } of children)
      expect(readFileSync(output()).equals(files()['model-Q8_0.gguf']!)).toBe(true);
    const sent = hub.sendings.filter(({ name }) => name === 'model-Q8_0.gguf');
    expect(sent.reduce((sum, sending) => sum + sending.sent, 0)).toBe(300_000);
  });
});

/** A pull of Q8_0 in a process of its own. */
function start(
  hub: HubServer,
  cacheDir: string,
): { kill(): void; ended: Promise<number | string | null>; output(): string } {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'pull-child.ts'), hub.url, cacheDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  const ended = new Promise<number | string | null>((resolve) =>
    child.on('close', (code, signal) => resolve(signal ?? code)),
  );
  return { kill: () => void child.kill('SIGKILL'), ended, output: () => output };
}
