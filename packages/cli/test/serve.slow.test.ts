import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { projectRoot } from '@lucie/ledger';
import { KeyStore } from '@lucie/server';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { writeTinyGguf } from '../../release/test/tiny-model.ts';

let dir: string;
let gguf: string;
const running = new Set<ChildProcess>();

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'serve-'));
  gguf = await writeTinyGguf(dir);
});

afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
});

/** `lucie serve` as an operator starts it; `ready` is its line of JSON. */
function serve(...args: string[]) {
  const child = spawn(
    join(projectRoot, 'lucie'),
    ['serve', gguf, '--port', '0', '--threads', '1', '--json', ...args],
    {
      env: { ...process.env, LUCIE_CACHE: join(dir, 'cache') },
    },
  );
  running.add(child);
  let err = '';
  child.stderr.on('data', (data: Buffer) => (err += data.toString()));
  const ended = new Promise<{ code: number | null; err: string }>((resolve) => {
    child.once('close', (code) => {
      running.delete(child);
      resolve({ code, err });
    });
  });
  const ready = new Promise<{ url: string; models: string[]; needsKey: boolean }>((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', (line) => resolve(JSON.parse(line)));
    void ended.then(({ err }) => reject(new Error(err)));
  });
  ready.catch(() => {});
  return { child, ready, ended, log: () => err };
}

test('a course is warmed, keys are asked for, the log holds no text, SIGTERM lets an answer end: exit code 0', async () => {
  const course = join(dir, 'cours.txt');
  const text = 'La photosynthèse produit du glucose canari. ';
  await writeFile(course, text);
  const { key } = await new KeyStore(join(dir, 'state')).create({ name: 'classe' });
  const { child, ready, ended, log } = serve('--state', join(dir, 'state'), '--warm', course, '--log');
  const { url, needsKey } = await ready;
  expect(needsKey).toBe(true);
  expect(await (await fetch(`${url}/ready`)).json()).toEqual({ status: 'ready' });
  expect((await fetch(`${url}/v1/models`)).status).toBe(401);
  const answer = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify({
      model: 'tiny',
      stream: true,
      stream_options: { include_usage: true },
      max_tokens: 40,
      messages: [
        { role: 'system', content: text },
        { role: 'user', content: 'Que canari produit-elle ?' },
      ],
    }),
  });
  expect(answer.status).toBe(200);
  child.kill('SIGTERM');
  const events = (await answer.text()).trimEnd().split('\n\n');
  expect(events.at(-1)).toBe('data: [DONE]');
  const usage = JSON.parse(events.at(-2)!.slice(6)).usage;
  expect(usage.prompt_tokens_details.cached_tokens).toBeGreaterThan(text.length / 2);
  expect((await ended).code).toBe(0);
  expect(log()).toContain('"finish":');
  expect(log()).toMatch(/serve \(command line\): .*threads 1/);
  expect(log()).toMatch(/serve \(default\): .*max-waiting 250/);
  const lines = log()
    .split('\n')
    .filter((line) => line.startsWith('{'));
  expect(lines).toHaveLength(4);
  for (const secret of ['canari', key, 'classe', '127.0.0.1']) expect(lines.join('\n')).not.toContain(secret);
}, 120_000);

test.each([
  [['--host', '0.0.0.0'], 'KEYS_NEEDED'],
  [['--keys'], 'KEYS_NEEDED'],
  [['--allow-origin', '*'], 'ORIGIN_INVALID'],
  [['--warm', '/nowhere/cours.txt'], 'COURSE_UNREADABLE'],
])(
  'serve %j: exit code 2 and one sentence',
  async (args, code) => {
    const { child, ended } = serve('--state', join(dir, 'empty'), ...args);
    let out = '';
    child.stdout?.on('data', (data: Buffer) => (out += data.toString()));
    expect((await ended).code).toBe(2);
    expect(JSON.parse(out.trim().split('\n').at(-1)!).error.code).toBe(code);
  },
  60_000,
);

test('rooms hold whole documents, each with its file, whenever the server is killed', async () => {
  const state = join(dir, 'rooms-state');
  const text = (i: number) => `Leçon ${i}. ${`Le volcan ${i} émet de la lave. `.repeat(3000)}`;
  const sent = new Map<string, string>();
  let room: string | undefined;
  for (let round = 0; round < 3; round++) {
    const { child, ready, ended } = serve('--state', state);
    const { url } = await ready;
    if (room === undefined) {
      const made = await fetch(`${url}/v1/rooms`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ name: '6e B' }),
      });
      room = ((await made.json()) as { id: string }).id;
    }
    const { data } = (await (await fetch(`${url}/v1/rooms/${room}/documents`)).json()) as {
      data: { id: number; name: string }[];
    };
    if (round > 0) expect(data.length).toBeGreaterThan(0);
    for (const { id, name } of data) {
      const file = await fetch(`${url}/v1/rooms/${room}/documents/${id}/file`);
      expect((await file.text()) === sent.get(name)).toBe(true);
    }
    // One that is there for certain, and some amid which the server dies.
    for (let i = 0; i < 5; i++) {
      const name = `${round}-${i}.txt`;
      const form = new FormData();
      sent.set(name, text(round * 10 + i));
      form.set('file', new File([sent.get(name)!], name));
      const answer = fetch(`${url}/v1/rooms/${room}/documents`, { method: 'POST', body: form });
      if (i === 0) expect((await answer).status).toBe(200);
      else answer.catch(() => {});
    }
    await new Promise((resolve) => setTimeout(resolve, 150 * (round + 1)));
    child.kill('SIGKILL');
    await ended;
  }
}, 180_000);
