import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeDocuments, writeRejected } from '@lucie/corpus';
import { projectRoot, runStages, silent } from '@lucie/ledger';
import { expect, onTestFinished, test } from 'vitest';

function freshRuns(): string {
  const dir = mkdtempSync(join(tmpdir(), 'opt-out-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** `./lucie corpus opt-out ARGS` as a user would call it. */
function optOut(runs: string, ...args: string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) => {
    execFile(
      join(projectRoot, 'lucie'),
      ['corpus', 'opt-out', ...args],
      { env: { ...process.env, LUCIE_RUNS: runs } },
      (error, out, err) => resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err }),
    );
  });
}

const document = {
  ...{ id: 'site/1', text: 'Un texte.', source: 'site', licence: 'CC0-1.0', language: 'fr', date: '2020' },
  ...{ url: 'https://blog.refus.fr/1', title: '', extra: '{}' },
};

/** A corpus with one document and a model made from it. */
async function makeRuns(runs: string): Promise<void> {
  const common = { version: 1, options: {} };
  const stages = [
    {
      ...{ ...common, name: 'corpus', needs: [] },
      async run({ dir }: { dir: string }) {
        await writeDocuments(join(dir, 'documents.parquet'), [document]);
        await writeDocuments(join(dir, 'heldout.parquet'), []);
        await writeRejected(join(dir, 'rejected.parquet'), []);
        return {};
      },
    },
    {
      ...{ ...common, name: 'base', needs: ['corpus'] },
      async run({ dir }: { dir: string }) {
        writeFileSync(join(dir, 'model.safetensors'), '');
        return {};
      },
    },
  ];
  const signal = new AbortController().signal;
  await runStages(join(runs, 'pico'), stages, { recipe: 'pico', progress: silent, say() {}, signal });
}

test('a wish is noted; what it touches and the models that saw it are named, for people and programs', async () => {
  const runs = freshRuns();
  await makeRuns(runs);
  const { code, out, err } = await optOut(
    runs,
    'pico',
    '--domain',
    'refus.fr',
    '--reason',
    'lettre',
    '--json',
  );
  expect(code).toBe(0);
  expect(err).toContain('pico/02-base');
  expect(err).toContain('1 document (9 B) for training');
  expect(err).toContain('./lucie corpus build --recipe pico');
  const result = JSON.parse(out.trim().split('\n').at(-1)!);
  expect(result).toMatchObject({
    written: true,
    present: { folder: 'pico/01-corpus', matches: { training: { documents: 1, bytes: 9 } } },
    models: [{ folder: 'pico/02-base', corpora: ['pico/01-corpus'] }],
  });
  const [line] = readFileSync(join(runs, 'pico/opt-outs.jsonl'), 'utf8').split('\n');
  expect(JSON.parse(line!)).toEqual({
    ...{ domain: 'refus.fr', reason: 'lettre' },
    since: expect.stringMatching(/^\d{4}-\d{2}-\d{2}$/),
  });
});

test('a dry run writes nothing, also where there is no corpus yet', async () => {
  const runs = freshRuns();
  mkdirSync(join(runs, 'pico'));
  const { code, err } = await optOut(runs, 'pico', '--author', 'Victor Hugo', '--dry-run');
  expect(code).toBe(0);
  expect(err).toContain('no corpus yet: nothing can be looked up');
  expect(err).not.toContain('No model');
  expect(existsSync(join(runs, 'pico/opt-outs.jsonl'))).toBe(false);
});

test('a name that matches nothing is asked about, and nothing is said of models', async () => {
  const runs = freshRuns();
  await makeRuns(runs);
  const { code, err } = await optOut(runs, 'pico', '--domain', 'reffus.fr', '--dry-run');
  expect(code).toBe(0);
  expect(err).toContain('Nothing here matches: is it spelt so?');
  expect(err).not.toContain('No model');
});

test.each([
  [['pico', '--domain', 'fr'], 'example.fr'],
  [['picco', '--id', 'a'], 'pico'],
])('wrong use %j: exit code 2, and what was expected', async (args, expected) => {
  const runs = freshRuns();
  const { code, err } = await optOut(runs, ...args);
  expect(code).toBe(2);
  expect(err).toContain(expected);
  expect(existsSync(join(runs, 'pico'))).toBe(false);
});
