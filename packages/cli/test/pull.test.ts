import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { hubServer } from '../../hub/test/hub-server.ts';
import { files, tempDir } from '../../hub/test/made-model.ts';

beforeEach(() => {
  // The place of the cache is read once, when its module is loaded.
  vi.stubEnv('LUCIE_CACHE', tempDir());
  vi.stubEnv('LUCIE_RUNS', tempDir());
  vi.stubEnv('HF_TOKEN', undefined);
  vi.stubEnv('HF_HUB_OFFLINE', undefined);
  vi.resetModules();
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

/** Runs one command line in this process. */
async function lucie(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const { run } = await import('../src/program.ts');
  let out = '';
  let err = '';
  const spies = [
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => Boolean((out += text))),
    vi.spyOn(process.stderr, 'write').mockImplementation((text) => Boolean((err += text))),
    vi.spyOn(console, 'log').mockImplementation((text: string) => void (out += `${text}\n`)),
    vi.spyOn(console, 'error').mockImplementation((text: string) => void (err += `${text}\n`)),
  ];
  const code = await run(args);
  for (const spy of spies) spy.mockRestore();
  return { code, out, err };
}

test('pull, list, find, remove', async () => {
  const hub = await hubServer(files());
  vi.stubEnv('HF_ENDPOINT', hub.url);
  const pulled = await lucie('pull', 'owner/name:Q8_0', '--json');
  expect(pulled.code).toBe(0);
  expect(pulled.err).toContain('licence: apache-2.0');
  const model = JSON.parse(pulled.out.trim().split('\n').at(-1)!);
  expect(model).toMatchObject({ reference: 'owner/name:Q8_0', licence: 'apache-2.0' });
  expect(readFileSync(model.gguf).equals(files()['model-Q8_0.gguf']!)).toBe(true);

  const listed = await lucie('pull', '--list', '--json');
  expect(listed.out).toMatch(/owner\/name +model-Q8_0.gguf +0.30 MB +apache-2.0/);
  expect(JSON.parse(listed.out.trim().split('\n').at(-1)!).models).toHaveLength(1);

  const { findModel } = await import('../src/model-file.ts');
  expect(await findModel('owner/name')).toEqual({ name: 'model-Q8_0', gguf: model.gguf });
  expect(basename((await findModel('hf:owner/name:q8_0')).gguf)).toBe('model-Q8_0.gguf');
  await expect(findModel('owner/name:Q4_K_M')).rejects.toMatchObject({
    code: 'MODEL_NOT_PULLED',
    message: expect.stringContaining('./lucie pull owner/name:Q4_K_M'),
  });
  await expect(findModel('folder/none.gguf')).rejects.toMatchObject({ code: 'MODEL_UNKNOWN' });

  expect((await lucie('pull', 'owner/name', '--remove')).code).toBe(0);
  await expect(findModel('owner/name')).rejects.toMatchObject({ code: 'MODEL_NOT_PULLED' });
});

test('a pull that failed is listed and can be removed', async () => {
  const hub = await hubServer(files());
  vi.stubEnv('HF_ENDPOINT', hub.url);
  hub.faults = [undefined, undefined, undefined, 'never'];
  expect((await lucie('pull', 'owner/name:Q8_0')).code).toBe(1);
  expect((await lucie('pull', '--list')).out).toMatch(/owner\/name +\(unfinished or damaged\)/);
  expect((await lucie('pull', 'owner/name:Q8_0', '--remove')).code).toBe(0);
  expect((await lucie('pull', '--list')).out).toContain('No model was pulled yet');
});

test('wrong use and what does not fit: one sentence, and nothing is fetched', async () => {
  const hub = await hubServer({ 'model.gguf': Buffer.alloc(1_100_000) });
  vi.stubEnv('HF_ENDPOINT', hub.url);
  expect((await lucie('pull', 'no reference')).code).toBe(2);
  for (const args of [
    ['--list', 'owner/name'],
    ['--list', '--remove'],
    ['--list', '--quota', '1G'],
    ['owner/name', '--remove', '--offline'],
    ['owner/name', '--remove', '--connections', '2'],
  ]) {
    const wrong = await lucie('pull', ...args);
    expect([args, wrong.code, wrong.err.includes('beside')]).toEqual([args, 2, true]);
  }
  const full = await lucie('pull', 'owner/name', '--quota', '1M');
  expect(full.code).toBe(1);
  expect(full.err.trim().split('\n')).toHaveLength(1);
  const offline = await lucie('pull', 'owner/name', '--offline', '--json');
  expect(JSON.parse(offline.out).error.code).toBe('HUB_OFFLINE');
  expect(hub.sendings).toEqual([]);
});
