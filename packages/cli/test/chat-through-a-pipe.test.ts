import { spawn } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { projectRoot } from '@lucie/ledger';
import { beforeAll, expect, test } from 'vitest';
import { writeTinyGguf } from '../../release/test/tiny-model.ts';

let gguf: string;
beforeAll(async () => {
  gguf = await writeTinyGguf(await mkdtemp(join(tmpdir(), 'chat-')));
});

/** `lucie chat` with `input` as its standard input. */
async function chat(
  input: string,
  ...args: string[]
): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(join(projectRoot, 'lucie'), ['chat', gguf, '--max-tokens', '4', ...args], {
    env: { ...process.env, OMP_NUM_THREADS: '1' },
  });
  child.stdin.end(input);
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [out, err, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { code, out, err };
}

test('chat answers each line of a pipe, the last one without a line end too, and ends with 0', async () => {
  const alone = await chat('', '--prompt', 'Bonjour');
  expect(alone).toMatchObject({ code: 0, err: '' });
  const piped = await chat('Bonjour\n\r\n  \nété\r\nBonjour');
  expect(piped).toMatchObject({ code: 0, err: '' });
  expect(piped.out.startsWith(alone.out) && piped.out.endsWith(alone.out)).toBe(true);
  expect(piped.out.length).toBeGreaterThan(2 * alone.out.length);
}, 120_000);

test('chat ends with 0 at the end of an empty input', async () => {
  expect(await chat('')).toEqual({ code: 0, out: '', err: '' });
}, 120_000);

test('chat reports a line that is too long for the model, and answers the others', async () => {
  const alone = await chat('', '--prompt', 'Bonjour');
  const { code, out, err } = await chat(`${'été '.repeat(4000)}\nBonjour\n`);
  expect(code).toBe(1);
  expect(err).toMatch(/^lucie: line 1: .*tokens/);
  expect(out).toBe(`\n${alone.out}`);
}, 120_000);
