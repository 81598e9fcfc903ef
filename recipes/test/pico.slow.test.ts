import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { appendFile, cp, mkdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { hashJson, listFiles, Random, readManifest, sha256File } from '@lucie/ledger';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freshRuns, lucie, start } from './make.ts';

const STAGES = [
  '01-corpus',
  '02-tokenizer',
  '03-tokens',
  '04-base',
  '05-instruct',
  '06-evaluation',
  '07-release',
];
const WEIGHTS = ['04-base/model.safetensors', '05-instruct/model.safetensors', '07-release/pico-Q8_0.gguf'];

let runs: string;
let pico: string;
beforeAll(async () => {
  runs = await freshRuns();
  pico = join(runs, 'pico');
  const { code, err } = await lucie(runs, 'make', 'pico');
  expect(err, err).toContain('./lucie chat pico');
  expect(code).toBe(0);
}, 600_000);
afterAll(() => rm(runs, { recursive: true, force: true }));

const hashes = (folder: string) => Promise.all(WEIGHTS.map((name) => sha256File(join(folder, name))));

/** The same recipe in a folder of its own, whose stages are copies up to and without `from`. */
async function copyUpTo(from: string): Promise<string> {
  const other = await freshRuns();
  await mkdir(join(other, 'pico'));
  for (const stage of STAGES.slice(0, STAGES.indexOf(from)))
    await cp(join(pico, stage), join(other, 'pico', stage), { recursive: true });
  return other;
}

test('every stage is there under its final name, and nothing partial', () => {
  const [corpus, ...rest] = STAGES;
  expect(readdirSync(pico).sort()).toEqual([corpus, `${corpus}.work`, ...rest]);
});

test('a second call builds nothing and says that all is there', async () => {
  const { code, out, err } = await lucie(runs, 'make', 'pico', '--json');
  expect(code).toBe(0);
  expect(err).toContain('all is there');
  expect(JSON.parse(out.trim().split('\n').at(-1)!)).toMatchObject({ recipe: 'pico', built: 0 });
});

test('sha256sum -c holds in the release', async () => {
  const { stdout } = await promisify(execFile)('sha256sum', ['-c', 'SHA256SUMS'], {
    cwd: join(pico, '07-release'),
  });
  expect(
    stdout
      .trim()
      .split('\n')
      .every((line) => line.endsWith(': OK')),
  ).toBe(true);
  expect(stdout).toContain('model.safetensors: OK');
});

test('the model talks, and standard output holds the answer alone', async () => {
  const { code, out } = await lucie(
    runs,
    'chat',
    'pico',
    '--prompt',
    'Bonjour',
    '--max-tokens',
    '5',
    '--json',
  );
  expect(code).toBe(0);
  expect(JSON.parse(out.trim().split('\n').at(-1)!)).toMatchObject({ model: 'pico' });
});

test('explain-step names documents of the corpus', async () => {
  const { code, out } = await lucie(runs, 'train', 'explain-step', 'pico', '3', '--json');
  expect(code).toBe(0);
  const { rows } = JSON.parse(out.trim().split('\n').at(-1)!);
  expect(rows).toHaveLength(4);
  expect(rows[0].documents[0].id).toMatch(/^pico-text\//);
});

test('the digests of stages that compute no floats are those on record: a change in them raises a version', async () => {
  const record = JSON.parse(await readFile(join(import.meta.dirname, 'pico-digests.json'), 'utf8'));
  for (const stage of STAGES.slice(0, 3)) {
    const { stage: name, version, digest } = await readManifest(join(pico, stage));
    expect({ name, version, digest }).toEqual(record[name]);
  }
});

test('SIGKILL at any moment of the whole path: called again, every stage is the same to the bit', async () => {
  const other = await freshRuns();
  const random = new Random(20261122, 'kills');
  let kills = 0;
  for (let attempt = 0; attempt < 30; attempt++) {
    const { child, ended } = start(other, 'make', 'pico');
    let over = false;
    void ended.then(() => {
      over = true;
    });
    // Later attempts are given more time, so that the run ends however slow the machine is.
    await Promise.race([ended, setTimeout(700 + random.below(2500) + (attempt > 5 ? attempt * 1500 : 0))]);
    if (over) break;
    // `lucie` replaces itself by node, so this is the process that computes.
    child.kill('SIGKILL');
    kills++;
    await ended;
  }
  expect((await lucie(other, 'make', 'pico')).code).toBe(0);
  expect(kills).toBeGreaterThan(0);
  const digests = (root: string) =>
    Promise.all(STAGES.slice(0, -1).map(async (stage) => (await readManifest(join(root, stage))).digest));
  expect(await digests(join(other, 'pico'))).toEqual(await digests(pico));
  // Cards tell time and energy, so of the release it is the weights that are compared.
  expect(await hashes(join(other, 'pico'))).toEqual(await hashes(pico));
  expect((await listFiles(other)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  await rm(other, { recursive: true, force: true });
}, 600_000);

test('Ctrl-C stops at a safe point with exit code 1, and the next call goes on', async () => {
  const other = await copyUpTo('05-instruct');
  const { child, ended } = start(other, 'make', 'pico');
  await new Promise<void>((resolve) =>
    child.stderr!.on('data', (chunk) => String(chunk).includes('[5/7]') && resolve()),
  );
  child.kill('SIGINT');
  const { code, err } = await ended;
  expect(code).toBe(1);
  expect(err).toContain('call the same command again');
  expect((await lucie(other, 'make', 'pico', '--until', 'instruct')).code).toBe(0);
  expect(await sha256File(join(other, 'pico/05-instruct/model.safetensors'))).toBe((await hashes(pico))[1]);
  await rm(other, { recursive: true, force: true });
}, 300_000);

/** Starts training with these options, stops it by Ctrl-C, and returns the folder that it has left to go on from. */
async function stopInBase(other: string, ...settings: string[]): Promise<string> {
  const { child, ended } = start(other, 'make', 'pico', '--set', 'base.steps=3000', ...settings);
  await new Promise<void>((resolve) =>
    child.stderr!.on('data', (chunk) => String(chunk).includes('training') && resolve()),
  );
  child.kill('SIGINT');
  await ended;
  return join(other, 'pico', '04-base.partial', 'checkpoints');
}

test('a checkpoint of another run is refused', async () => {
  const [own, foreign] = [await copyUpTo('04-base'), await copyUpTo('04-base')];
  const target = await stopInBase(own);
  const source = await stopInBase(foreign, '--set', 'base.seed=2');
  await rm(target, { recursive: true });
  await cp(source, target, { recursive: true });
  const { code, out, err } = await lucie(own, 'make', 'pico', '--set', 'base.steps=3000', '--json');
  expect(code).toBe(1);
  expect(JSON.parse(out.trim().split('\n').at(-1)!).error.code).toBe('CHECKPOINT_FOREIGN');
  expect(err.trim().split('\n').at(-1)).toMatch(/^lucie: found .*; expected .*; /);
  for (const other of [own, foreign]) await rm(other, { recursive: true, force: true });
}, 300_000);

test.each([
  [
    'a truncated shard',
    'FILE_TRUNCATED',
    (dir: string) => truncate(join(dir, '03-tokens/pico-text.bin'), 1000),
  ],
  [
    'a model file with one other byte',
    'FILE_CHANGED',
    async (dir: string) => {
      const path = join(dir, '04-base/model.safetensors');
      const bytes = await readFile(path);
      bytes[bytes.length - 1]! ^= 1;
      await writeFile(path, bytes);
    },
  ],
  [
    'an edited manifest',
    'MANIFEST_EDITED',
    async (dir: string) => {
      const path = join(dir, '04-base/manifest.json');
      await writeFile(
        path,
        (await readFile(path, 'utf8')).replace(/"final_loss": [\d.]+/, '"final_loss": 0.1'),
      );
    },
  ],
  [
    'a manifest cut short',
    'MANIFEST_INVALID',
    (dir: string) => truncate(join(dir, '02-tokenizer/manifest.json'), 40),
  ],
  [
    'a scores file with one more line',
    'FILE_TRUNCATED',
    (dir: string) => appendFile(join(dir, '06-evaluation/scores.json'), '\n'),
  ],
])('%s: exit code 1, one sentence with found, expected, what to do', async (_what, code, damage) => {
  const other = await freshRuns();
  await cp(pico, join(other, 'pico'), { recursive: true });
  await damage(join(other, 'pico'));
  const result = await lucie(other, 'make', 'pico', '--json');
  expect(result.code).toBe(1);
  expect(JSON.parse(result.out.trim().split('\n').at(-1)!).error.code).toBe(code);
  expect(result.err.trim().split('\n')).toHaveLength(1);
  expect(result.err).toMatch(/^lucie: found .*; expected .*; /);
  await rm(other, { recursive: true, force: true });
});

test('a full disk: exit code 1, one sentence, nothing half-written under a final name, and the next call ends well', async ({
  skip,
}) => {
  const other = await freshRuns();
  const mounted = await promisify(execFile)('mount', ['-t', 'tmpfs', '-o', 'size=600k', 'tmpfs', other]).then(
    () => true,
    () => false,
  );
  if (!mounted) skip('no permission to mount a small file system');
  try {
    const { code, err } = await lucie(other, 'make', 'pico');
    expect(code).toBe(1);
    expect(err.trim().split('\n').at(-1)).toMatch(/^lucie: found ENOSPC.*; expected .*free space/);
    for (const stage of readdirSync(join(other, 'pico')).filter(
      (name) => !/\.(partial|work)$/.test(name) && !name.startsWith('.'),
    )) {
      await readManifest(join(other, 'pico', stage));
    }
    await promisify(execFile)('mount', ['-o', 'remount,size=60m', other]);
    expect((await lucie(other, 'make', 'pico')).code).toBe(0);
    expect(await hashes(join(other, 'pico'))).toEqual(await hashes(pico));
  } finally {
    await promisify(execFile)('umount', [other]);
  }
}, 300_000);

test('the same options in another order of writing are the same key', async () => {
  const { options } = await readManifest(join(pico, '04-base'));
  const reversed = Object.fromEntries(Object.entries(options as object).reverse());
  expect(hashJson(reversed)).toBe(hashJson(options));
});
