import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { listFiles, sha256File, silent } from '@lucie/ledger';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { runSteps } from '../src/steps/run-steps.ts';
import { runUnit } from '../src/steps/run-unit.ts';
import { parseShard } from '../src/steps/shard.ts';
import { type CountingInput, steps as countingSteps, ran } from './counting-steps.ts';

const module = new URL('counting-steps.ts', import.meta.url).href;
const input: CountingInput = { words: ['un', 'deux', 'trois', 'quatre', 'cinq', 'six', 'sept'], factor: 2 };

function freshRoot(): string {
  const root = mkdtempSync(join(tmpdir(), 'lucie-steps-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  return root;
}

function run(root: string, opts: Partial<Parameters<typeof runSteps>[2]> = {}, changed = input) {
  const signal = new AbortController().signal;
  return runSteps(countingSteps(changed), root, { progress: silent, signal, memoryBytes: 1e8, ...opts });
}

/** Hash of every file but markers, by path. */
async function hashes(root: string): Promise<Record<string, string>> {
  const names = await listFiles(root);
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await sha256File(join(root, name))])),
  );
}

beforeEach(() => {
  ran.length = 0;
});

describe('units', () => {
  test('every unit once, in order; a second run makes nothing', async () => {
    const root = freshRoot();
    expect(await run(root)).toMatchObject({ made: 8, complete: true });
    expect(ran).toEqual([...input.words.map((word) => `count/${word}`), 'sum/all']);
    expect(readFileSync(join(root, 'sum/all/sum.txt'), 'utf8')).toBe('56');
    expect(await run(root)).toMatchObject({ made: 0, complete: true });
    expect(ran).toHaveLength(8);
  });

  test('1, 3 and 8 shards, in any order, and 2 processes give the same bytes', async () => {
    const alone = freshRoot();
    await run(alone);
    const expected = await hashes(alone);
    expect(Object.keys(expected)).toHaveLength(23);
    for (const of of [3, 8]) {
      const root = freshRoot();
      for (const index of Array.from({ length: of }, (_, i) => of - i))
        await run(root, { shard: { index, of }, only: 'count' });
      await run(root);
      expect(await hashes(root)).toEqual(expected);
    }
    const root = freshRoot();
    await run(root, { workers: 2, order: { module, input } });
    expect(await hashes(root)).toEqual(expected);
  });

  test('a step waits for the shards of the one before', async () => {
    const root = freshRoot();
    expect(await run(root, { shard: { index: 1, of: 2 }, only: 'count' })).toMatchObject({
      made: 4,
      complete: false,
    });
    await expect(run(root, { only: 'sum' })).rejects.toMatchObject({
      code: 'STEP_INCOMPLETE',
      message: expect.stringContaining('3 of its units'),
    });
    await expect(run(root, { shard: { index: 1, of: 2 } })).rejects.toMatchObject({
      code: 'STEP_INCOMPLETE',
    });
  });

  test('an option of a later step leaves the earlier units standing; one input makes one unit anew', async () => {
    const root = freshRoot();
    await run(root);
    ran.length = 0;
    await run(root, {}, { ...input, factor: 3 });
    expect(ran).toEqual(['sum/all']);
    ran.length = 0;
    await run(root, {}, { words: input.words.with(1, 'dix'), factor: 3 });
    expect(ran).toEqual(['count/dix', 'sum/all']);
  });
});

describe('what was there', () => {
  test('a changed or missing file is made again, with what reads it standing when it comes out the same', async () => {
    const root = freshRoot();
    await run(root);
    const before = await hashes(root);
    await writeFile(join(root, 'count/six/count.txt'), '9');
    rmSync(join(root, 'count/sept/count.txt'));
    ran.length = 0;
    await run(root);
    expect(ran).toEqual(['count/six', 'count/sept']);
    expect(await hashes(root)).toEqual(before);
  });

  test('with one step alone, damaged inputs are refused rather than sealed into what follows', async () => {
    const root = freshRoot();
    await run(root, { only: 'count' });
    await writeFile(join(root, 'count/six/count.txt'), '9');
    await expect(run(root, { only: 'sum' })).rejects.toMatchObject({
      code: 'UNIT_DAMAGED',
      message: expect.stringContaining('count/six'),
    });
    expect(await run(root, { only: 'count' })).toMatchObject({ made: 1 });
    await run(root, { only: 'sum' });
    expect(readFileSync(join(root, 'sum/all/sum.txt'), 'utf8')).toBe('56');
  });

  test('two runs at the same time do not disturb each other', async () => {
    const root = freshRoot();
    await Promise.all([run(root), run(root), run(root)]);
    const alone = freshRoot();
    await run(alone);
    expect(await hashes(root)).toEqual(await hashes(alone));
  });

  test('ENOENT of November 2026: no unit that stands is ever taken away, however many runs bring it', async () => {
    const root = freshRoot();
    const context = { progress: silent, signal: new AbortController().signal, memoryBytes: 1e8 };
    const work = { ...context, units: () => [], dir: () => root };
    const [count] = countingSteps(input);
    const dir = join(root, 'count/un');
    const bring = () => runUnit(count!, { name: 'un', reads: [] }, { key: 'k', dir, context: work });
    let standing = false;
    let gone = 0;
    let all: Promise<unknown> | undefined = Promise.all(Array.from({ length: 40 }, bring)).finally(() => {
      all = undefined;
    });
    const made = all;
    while (all) {
      const there = existsSync(join(dir, 'count.txt'));
      if (standing && !there) gone++;
      standing ||= there;
      await new Promise((resolve) => setImmediate(resolve));
    }
    await made;
    expect({ standing, gone }).toEqual({ standing: true, gone: 0 });
  });

  test('an outdated unit gives way, also to several runs at once', async () => {
    const alone = freshRoot();
    await run(alone, {}, { ...input, factor: 3 });
    for (let round = 0; round < 5; round++) {
      const root = freshRoot();
      await run(root);
      const changed = { ...input, factor: 3 };
      await Promise.all([run(root, {}, changed), run(root, {}, changed), run(root, {}, changed)]);
      expect(await hashes(root)).toEqual(await hashes(alone));
      expect(readdirSync(join(root, 'sum'))).toEqual(['all']);
    }
  });

  test('what a dead process of this machine left is cleared away, what a living one makes is not', async () => {
    const root = freshRoot();
    await run(root);
    const name = (pid: number) => join(root, `count/un.${hostname()}-${pid}-abc.partial`);
    for (const pid of [2 ** 30, process.ppid]) mkdirSync(name(pid));
    rmSync(join(root, 'count/un/count.txt'));
    await run(root);
    expect([existsSync(name(2 ** 30)), existsSync(name(process.ppid))]).toEqual([false, true]);
  });

  test('half a unit of a killed run is no unit', async () => {
    const root = freshRoot();
    await run(root);
    const marker = join(root, 'count/un/done.json');
    writeFileSync(marker, (await readFile(marker, 'utf8')).slice(0, 40));
    ran.length = 0;
    await run(root);
    expect(ran).toEqual(['count/un']);
  });

  test('a unit that fails leaves no folder under its name, and the others stay', async () => {
    const root = freshRoot();
    await expect(run(root, {}, { ...input, fails: 'trois' })).rejects.toMatchObject({ code: 'WORD_REFUSED' });
    expect((await listFiles(join(root, 'count'))).filter((name) => name.startsWith('trois/'))).toEqual([]);
    ran.length = 0;
    await run(root);
    expect(ran).toEqual(['count/trois', 'count/quatre', 'count/cinq', 'count/six', 'count/sept', 'sum/all']);
  });
});

describe('processes', () => {
  test('an error crosses with its code; a process that dies is said', async () => {
    const opts = { workers: 2, order: { module, input: { ...input, fails: 'trois' } } };
    await expect(run(freshRoot(), opts)).rejects.toMatchObject({ code: 'WORD_REFUSED', name: 'LucieError' });
    const dying = { workers: 2, order: { module, input: { ...input, dies: 'trois' } } };
    await expect(run(freshRoot(), dying)).rejects.toMatchObject({
      code: 'WORKER_DIED',
      message: expect.stringContaining('count/trois'),
    });
  });

  test('Ctrl-C ends them', async () => {
    const abort = new AbortController();
    const progress = { ...silent, update: () => abort.abort(new Error('stop')) };
    const opts = { workers: 2, order: { module, input }, signal: abort.signal, progress };
    await expect(run(freshRoot(), opts)).rejects.toThrow('stop');
    await expect(run(freshRoot(), { signal: AbortSignal.abort(new Error('stop')) })).rejects.toThrow('stop');
    expect(ran).toEqual([]);
  });
});

test.each(['0/3', '4/3', '3', 'a/b', '1/0', '-1/3', '1/3 '])('the shard %s is wrong use', (text) => {
  expect(() => parseShard(text)).toThrow(expect.objectContaining({ code: 'SHARD_INVALID', exitCode: 2 }));
  expect(parseShard('2/8')).toEqual({ index: 2, of: 8 });
});
