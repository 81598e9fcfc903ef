import { existsSync } from 'node:fs';
import { appendFile, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Manifest, readManifest, runStages, type Stage, silent } from '../src/index.ts';

let runDir: string;
beforeEach(async () => {
  runDir = await mkdtemp(join(tmpdir(), 'ledger-'));
});
afterEach(() => rm(runDir, { recursive: true, force: true }));

/** Two small stages: `words` writes a file, `upper` writes it in capitals. `ran` records what really ran. */
function twoStages(ran: string[], word = 'bonjour'): Stage[] {
  return [
    {
      name: 'words',
      version: 1,
      options: { word },
      needs: [],
      async run(context) {
        ran.push('words');
        await writeFile(join(context.dir, 'words.txt'), word);
        await writeFile(join(context.dir, 'log', 'time.txt'), String(performance.now()));
        return { facts: { letters: word.length }, licences: ['CC0-1.0'] };
      },
    },
    {
      name: 'upper',
      version: 1,
      options: {},
      needs: ['words'],
      async run(context) {
        ran.push('upper');
        const text = await readFile(join(context.inputs.words!, 'words.txt'), 'utf8');
        await writeFile(join(context.dir, 'upper.txt'), text.toUpperCase());
        return {};
      },
    },
  ];
}

const run = (stages: Stage[], signal = new AbortController().signal) =>
  runStages(runDir, stages, { recipe: 'test', progress: silent, say: () => {}, signal });

test('a second call runs nothing and gives the same manifests', async () => {
  const ran: string[] = [];
  const first = await run(twoStages(ran));
  const second = await run(twoStages(ran));
  expect(ran).toEqual(['words', 'upper']);
  expect(first.built).toBe(2);
  expect(second.built).toBe(0);
  expect(second.manifests).toEqual(first.manifests);
  expect(await readFile(join(runDir, '02-upper', 'upper.txt'), 'utf8')).toBe('BONJOUR');
});

test('the manifest tells inputs, outputs, facts and licences, and hashes what sha256sum would', async () => {
  const { manifests } = await run(twoStages([]));
  const [words, upper] = manifests as [Manifest, Manifest];
  expect(words.facts).toEqual({ letters: 7 });
  expect(words.licences).toEqual(['CC0-1.0']);
  expect(upper.inputs).toEqual({ words: words.digest });
  // printf BONJOUR | sha256sum
  expect(upper.outputs['upper.txt']).toEqual({
    bytes: 7,
    sha256: '21696ae8b2826ba39630077825f07f85fa4422ba42d9c21eb00c5036c0fa92ae',
  });
});

test('the digest does not depend on what lies under log/', async () => {
  const first = await run(twoStages([]));
  await rm(runDir, { recursive: true });
  const second = await run(twoStages([]));
  expect(second.manifests[0]!.outputs['log/time.txt']!.sha256).not.toBe(
    first.manifests[0]!.outputs['log/time.txt']!.sha256,
  );
  expect(second.manifests[0]!.digest).toBe(first.manifests[0]!.digest);
  expect(second.manifests[1]!.key).toBe(first.manifests[1]!.key);
});

test('other options rebuild what depends on them; the earlier result is kept aside and taken back', async () => {
  const ran: string[] = [];
  await run(twoStages(ran));
  await run(twoStages(ran, 'salut'));
  expect(await readFile(join(runDir, '02-upper', 'upper.txt'), 'utf8')).toBe('SALUT');
  await run(twoStages(ran));
  expect(ran).toEqual(['words', 'upper', 'words', 'upper']);
  expect(await readFile(join(runDir, '02-upper', 'upper.txt'), 'utf8')).toBe('BONJOUR');
});

test('a raised version rebuilds the stage', async () => {
  const ran: string[] = [];
  await run(twoStages(ran));
  const stages = twoStages(ran);
  stages[1]!.version = 2;
  await run(stages);
  expect(ran).toEqual(['words', 'upper', 'upper']);
});

test('a stage that fails leaves nothing under its final name and resumes in its partial folder', async () => {
  const stages = twoStages([]);
  const works = stages[1]!.run;
  stages[1]!.run = async (context) => {
    await writeFile(join(context.dir, 'half.txt'), 'half');
    throw new Error('power cut');
  };
  await expect(run(stages)).rejects.toThrow('power cut');
  expect(existsSync(join(runDir, '02-upper'))).toBe(false);
  expect(existsSync(join(runDir, '02-upper.partial', 'half.txt'))).toBe(true);
  let resumed = false;
  stages[1]!.run = async (context) => {
    resumed = existsSync(join(context.dir, 'half.txt'));
    return works(context);
  };
  await run(stages);
  expect(resumed).toBe(true);
});

test('what a kill has left half-written does not get into the finished folder', async () => {
  const stages = twoStages([]);
  const works = stages[1]!.run;
  stages[1]!.run = async (context) => {
    await writeFile(join(context.dir, 'upper.txt.123-abcd.tmp'), 'ha');
    return works(context);
  };
  const { manifests } = await run(stages);
  expect(existsSync(join(runDir, '02-upper', 'upper.txt.123-abcd.tmp'))).toBe(false);
  expect(Object.keys(manifests[1]!.outputs)).toEqual(['log/stage.jsonl', 'upper.txt']);
});

test('seconds and identities add up over attempts, and the thread count of the first is reused', async () => {
  const stages = twoStages([]).slice(0, 1);
  stages[0]!.run = async (context) => {
    await context.identity({ engine: 'a', threads: 2 });
    throw new Error('killed');
  };
  await expect(run(stages)).rejects.toThrow('killed');
  let reused: unknown;
  stages[0]!.run = async (context) => {
    reused = await context.identity({ engine: 'a', threads: 8 });
    return {};
  };
  const { manifests } = await run(stages);
  expect(reused).toEqual({ engine: 'a', threads: 2 });
  expect(manifests[0]!.identities).toEqual([{ engine: 'a', threads: 2 }]);
});

test('a changed engine on resume is recorded beside the first', async () => {
  const stages = twoStages([]).slice(0, 1);
  stages[0]!.run = async (context) => {
    await context.identity({ engine: 'a', threads: 2 });
    throw new Error('killed');
  };
  await expect(run(stages)).rejects.toThrow('killed');
  stages[0]!.run = async (context) => {
    await context.identity({ engine: 'b', threads: 2 });
    return {};
  };
  const { manifests } = await run(stages);
  expect(manifests[0]!.identities.map((identity) => identity.engine)).toEqual(['a', 'b']);
});

test.each([
  [
    'an edited manifest',
    'MANIFEST_EDITED',
    async (dir: string) => {
      const path = join(dir, 'manifest.json');
      await writeFile(path, (await readFile(path, 'utf8')).replace('"letters": 7', '"letters": 8'));
    },
  ],
  [
    'a manifest that is not JSON',
    'MANIFEST_INVALID',
    (dir: string) => writeFile(join(dir, 'manifest.json'), '{'),
  ],
  ['a missing manifest', 'MANIFEST_MISSING', (dir: string) => rm(join(dir, 'manifest.json'))],
  ['a truncated file', 'FILE_TRUNCATED', (dir: string) => truncate(join(dir, 'words.txt'), 3)],
  ['a longer file', 'FILE_TRUNCATED', (dir: string) => appendFile(join(dir, 'words.txt'), '!')],
  ['a changed file', 'FILE_CHANGED', (dir: string) => writeFile(join(dir, 'words.txt'), 'bonjouR')],
  ['a missing file', 'FILE_MISSING', (dir: string) => rm(join(dir, 'words.txt'))],
])('%s is refused with %s', async (_what, code, damage) => {
  await run(twoStages([]));
  await damage(join(runDir, '01-words'));
  await expect(run(twoStages([]))).rejects.toMatchObject({ name: 'LucieError', code });
});

test('a stopped run does not start the next stage', async () => {
  const ran: string[] = [];
  const controller = new AbortController();
  const stages = twoStages(ran);
  const works = stages[0]!.run;
  stages[0]!.run = async (context) => {
    const result = await works(context);
    controller.abort();
    return result;
  };
  await expect(run(stages, controller.signal)).rejects.toMatchObject({ name: 'AbortError' });
  expect(ran).toEqual(['words']);
  expect((await readManifest(join(runDir, '01-words'))).stage).toBe('words');
});

test('two runs in one folder: the second is refused, and a lock left by a killed process is taken over', async () => {
  const stages = twoStages([]).slice(0, 1);
  stages[0]!.run = async () => {
    await expect(run(twoStages([]))).rejects.toMatchObject({ code: 'ALREADY_RUNNING' });
    return {};
  };
  await run(stages);
  await writeFile(join(runDir, '.lock'), '999999999 12345\n');
  await run(stages);
  expect(existsSync(join(runDir, '.lock'))).toBe(false);
});
