import { readFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KeyStore } from '@lucie/server';
import { afterEach, expect, test, vi } from 'vitest';
import { run } from '../src/program.ts';

afterEach(() => void vi.restoreAllMocks());

/** Runs `lucie keys ARGS` in this process. */
async function keys(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const said = { out: '', err: '' };
  vi.spyOn(console, 'log').mockImplementation((line: string) => void (said.out += `${line}\n`));
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => Boolean((said.err += String(text))));
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => Boolean((said.out += String(text))));
  try {
    const code = await run(['keys', ...args]);
    return { code, ...said };
  } finally {
    vi.restoreAllMocks();
  }
}

const newState = () => mkdtemp(join(tmpdir(), 'keys-verb-'));

test('a key is shown once, alone on standard output; the list and the file do not have it', async () => {
  const state = await newState();
  const made = await keys(
    'create',
    'salle 12',
    '--expires',
    '90d',
    '--tokens-per-minute',
    '500',
    '--state',
    state,
  );
  expect(made.code).toBe(0);
  const store = new KeyStore(state);
  const [record] = store.list();
  expect(record).toMatchObject({ name: 'salle 12', tokensPerMinute: 500 });
  const days = (Date.parse(record!.expires!) - Date.parse(record!.created)) / 86_400_000;
  expect(days).toBeCloseTo(90, 3);
  const key = made.out.trim();
  expect(made.out).toBe(`${key}\n`);
  expect(made.err).not.toContain(key);
  expect(store.find(key)).toEqual(record);
  const list = await keys('list', '--state', state, '--json');
  expect(JSON.parse(list.out).keys).toMatchObject([{ name: 'salle 12', state: 'usable' }]);
  for (const text of [list.out, (await keys('list', '--state', state)).out]) {
    expect(text).toContain('salle 12');
    expect(text).not.toContain(key);
    expect(text).not.toContain(record!.hash);
  }
  expect(readFileSync(store.path, 'utf8')).not.toContain(key);
});

test('a revoked key is listed as such', async () => {
  const state = await newState();
  await keys('create', 'a', '--state', state);
  expect((await keys('revoke', 'a', '--state', state)).code).toBe(0);
  expect((await keys('list', '--state', state)).out).toContain('revoked');
});

test.each([
  [['create', 'a', '--scopes', 'chat,root'], 'unknown scope root'],
  [['create', 'a', '--expires', 'soon'], '90d'],
  [['create', 'a/b'], 'letters'],
  [['create', 'a', '--requests-per-minute', '0'], 'whole number'],
  [['revoke', 'nobody'], 'keys list'],
])('wrong use %j: exit code 2, what was expected, and no key', async (args, expected) => {
  const state = await newState();
  const { code, err } = await keys(...args, '--state', state);
  expect(code).toBe(2);
  expect(err).toContain(expected);
  expect(new KeyStore(state).list()).toEqual([]);
});
