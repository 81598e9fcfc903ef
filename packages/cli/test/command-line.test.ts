import { execFile } from 'node:child_process';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '@lucie/ledger';
import { beforeAll, expect, test } from 'vitest';

let runs: string;
beforeAll(async () => {
  runs = await mkdtemp(join(tmpdir(), 'cli-'));
});

/** Runs `./lucie ARGS` as a user would, with an empty folder of runs. */
function lucie(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) => {
    execFile(
      join(projectRoot, 'lucie'),
      args,
      { env: { ...process.env, LUCIE_RUNS: runs } },
      (error, out, err) => resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err }),
    );
  });
}

test.each([
  [['mak', 'nano'], 'make'],
  [['make', 'nanno'], 'nano'],
  [['make', 'nano', '--set', 'base.stepps=3'], 'base.steps'],
  [['make', 'nano', '--untill', 'base'], '--until'],
  [['chat', 'nanno'], 'nano'],
  [['bench', 'trian'], 'train'],
  [['test', 'tokeniser'], 'tokenizer'],
])('wrong use %j: exit code 2, and the nearest known name', async (args, near) => {
  const { code, err } = await lucie(...args);
  expect(code).toBe(2);
  expect(err).toContain(near);
  expect(err).not.toContain('at async');
});

test.each([
  [['make', 'nano', '--until', 'bas'], 'base'],
  [['chat', 'nano', '--max-tokens', 'many'], 'whole number'],
  [['serve', 'nano', '--port', '99999'], '65535'],
])('wrong values %j: exit code 2 and what was expected', async (args, expected) => {
  const { code, err } = await lucie(...args);
  expect(code).toBe(2);
  expect(err).toContain(expected);
});

test('a model that was never made: exit code 1, one sentence, what to do', async () => {
  const { code, err } = await lucie('chat', 'nano', '--prompt', 'Bonjour');
  expect(code).toBe(1);
  expect(err.trim().split('\n')).toHaveLength(1);
  expect(err).toContain('./lucie make nano');
});

test('with --json a failure ends in one JSON object with its code', async () => {
  const { code, out } = await lucie('chat', 'nano', '--prompt', 'Bonjour', '--json');
  expect(code).toBe(1);
  expect(JSON.parse(out.trim().split('\n').at(-1)!).error.code).toBe('MODEL_NOT_MADE');
});

test('a file that is no model: exit code 1, one sentence', async () => {
  const path = join(runs, 'notes.gguf');
  await writeFile(path, 'not a model');
  const { code, err } = await lucie('chat', path, '--prompt', 'Bonjour');
  expect(code).toBe(1);
  expect(err.trim().split('\n')).toHaveLength(1);
  expect(err).toMatch(/found .*; expected .*; /);
});

test.each([[[]], [['--help']], [['make', '--help']], [['evaluate', 'run', '--help']]])(
  '%j shows help with an example',
  async (args) => {
    const { out, err } = await lucie(...args);
    expect(out + err).toContain('Example');
  },
);

test('doctor tells what it found, also as JSON', async () => {
  const { code, out } = await lucie('doctor', '--json');
  expect(code).toBe(0);
  const names = JSON.parse(out).findings.map((finding: { name: string }) => finding.name);
  expect(names).toEqual(expect.arrayContaining(['node', 'libllama', 'memory', 'disk']));
});
