import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '@lucie/ledger';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeTinyGguf } from '../../release/test/tiny-model.ts';
import { Engine } from '../src/index.ts';
import { families } from './chat-families.ts';
import { writeFamilyGguf } from './family-model.ts';

let dir: string;
let path: string;
const started: ChildProcess[] = [];

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'lucie-npm-'));
  path = await writeTinyGguf(dir);
  mkdirSync(join(dir, 'bin'));
  symlinkSync(process.execPath, join(dir, 'bin', 'node'));
});

afterAll(async () => {
  for (const child of started) child.kill('SIGKILL');
  await rm(dir, { recursive: true });
});

/** The command line with nothing but Node on its PATH, and no place where libtorch or an addon could be. */
function lucie(...args: string[]): ChildProcess {
  const child = spawn('node', [join(projectRoot, 'packages/cli/src/main.ts'), ...args], {
    cwd: dir,
    env: {
      PATH: join(dir, 'bin'),
      HOME: dir,
      LUCIE_CACHE: join(dir, 'cache'),
      LUCIE_LIBTORCH: join(dir, 'no-libtorch'),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  started.push(child);
  return child;
}

/** Shared libraries that a process has loaded, by file name. */
function librariesOf(pid: number): string[] {
  const maps = readFileSync(`/proc/${pid}/maps`, 'utf8');
  return [...new Set(maps.match(/[^/\s]+\.(?:so|node)\b[^/\s]*/g))];
}

test('the PATH of these tests holds Node and nothing else', () => {
  expect(readdirSync(join(dir, 'bin'))).toEqual(['node']);
});

test('chat answers', async () => {
  const child = lucie('chat', path, '--prompt', 'Bonjour', '--max-tokens', '4', '--json');
  const output = (async () => (await Array.fromAsync(child.stdout!)).join(''))();
  const errors = (async () => (await Array.fromAsync(child.stderr!)).join(''))();
  const [code] = await once(child, 'close');
  expect({ code, errors: await errors }).toEqual({ code: 0, errors: expect.any(String) });
  expect(JSON.parse((await output).trim().split('\n').at(-1)!)).toMatchObject({ finish: 'length' });
});

test('serve answers, with libllama loaded and no torch; a file of another family beside it', async () => {
  const other = join(dir, 'gemma.gguf');
  await rename(await writeFamilyGguf(join(dir, 'gemma'), families.gemma), other);
  const child = lucie('serve', path, other, '--port', '0', '--threads', '1');
  let said = '';
  child.stdout!.on('data', (text) => (said += text));
  child.stderr!.on('data', (text) => (said += text));
  const url = () => /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0];
  await expect.poll(() => url() ?? said, { timeout: 50_000 }).toMatch(/^http/);
  const ask = async (model: string) => {
    const messages = [
      { role: 'system', content: 'Sois bref.' },
      { role: 'user', content: 'Bonjour' },
    ];
    const response = await fetch(`${url()}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model, messages, max_tokens: 4, temperature: 0, seed: 1 }),
    });
    const answer = (await response.json()) as {
      choices: { finish_reason: string }[];
      usage: { prompt_tokens: number };
    };
    return { status: response.status, finish: answer.choices[0]?.finish_reason, ...answer.usage };
  };
  expect(await ask('tiny')).toMatchObject({ status: 200, finish: expect.stringMatching(/length|stop/) });
  // Its own template, which knows no system message, with bos and the marks of turns as one token each.
  await using gemma = await Engine.load(other, { threads: 1, sequences: 1, prefixDir: false });
  const { tokens } = gemma.chatPrompt([
    { role: 'system', content: 'Sois bref.' },
    { role: 'user', content: 'Bonjour' },
  ]);
  expect(await ask('gemma')).toMatchObject({ status: 200, prompt_tokens: tokens.length });
  const libraries = librariesOf(child.pid!);
  expect(libraries.some((name) => name.startsWith('libllama'))).toBe(true);
  expect(libraries.filter((name) => /torch|c10|python/i.test(name))).toEqual([]);
  child.kill('SIGTERM');
  await once(child, 'close');
});
