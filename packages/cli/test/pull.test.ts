import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { projectRoot } from '@lucie/ledger';
import { beforeEach, expect, test, vi } from 'vitest';
import { hubServer } from '../../hub/test/hub-server.ts';
import { files, tempDir } from '../../hub/test/made-model.ts';

let cache: string;
beforeEach(() => {
  cache = tempDir();
});

/** Runs `./lucie ARGS` as a user would, with an empty cache. */
function lucie(
  env: Record<string, string>,
  ...args: string[]
): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) => {
    execFile(
      join(projectRoot, 'lucie'),
      args,
      { env: { ...process.env, LUCIE_CACHE: cache, LUCIE_RUNS: cache, ...env } },
      (error, out, err) => resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err }),
    );
  });
}

test('pull, list, find, remove', async () => {
  const hub = await hubServer(files());
  const env = { HF_ENDPOINT: hub.url };
  const pulled = await lucie(env, 'pull', 'owner/name:Q8_0', '--json');
  expect(pulled.code).toBe(0);
  expect(pulled.err).toContain('licence: apache-2.0');
  const model = JSON.parse(pulled.out.trim().split('\n').at(-1)!);
  expect(model).toMatchObject({ reference: 'owner/name:Q8_0', licence: 'apache-2.0' });
  expect(readFileSync(model.gguf).equals(files()['model-Q8_0.gguf']!)).toBe(true);

  const listed = await lucie({}, 'pull', '--list', '--json');
  expect(listed.out).toMatch(/owner\/name +model-Q8_0.gguf +0.30 MB +apache-2.0/);
  expect(JSON.parse(listed.out.trim().split('\n').at(-1)!).models).toHaveLength(1);

  vi.stubEnv('LUCIE_CACHE', cache);
  vi.resetModules();
  const { findModel } = await import('../src/model-file.ts');
  expect(await findModel('owner/name')).toEqual({ name: 'model-Q8_0', gguf: model.gguf });
  expect(basename((await findModel('hf:owner/name:q8_0')).gguf)).toBe('model-Q8_0.gguf');
  await expect(findModel('owner/name:Q4_K_M')).rejects.toMatchObject({
    code: 'MODEL_NOT_PULLED',
    message: expect.stringContaining('./lucie pull owner/name:Q4_K_M'),
  });
  await expect(findModel('folder/none.gguf')).rejects.toMatchObject({ code: 'MODEL_UNKNOWN' });

  expect((await lucie({}, 'pull', 'owner/name', '--remove')).code).toBe(0);
  await expect(findModel('owner/name')).rejects.toMatchObject({ code: 'MODEL_NOT_PULLED' });
});

test('wrong use and what does not fit: one sentence, and nothing is fetched', async () => {
  const hub = await hubServer({ 'model.gguf': Buffer.alloc(1_100_000) });
  const env = { HF_ENDPOINT: hub.url };
  expect((await lucie(env, 'pull', 'no reference')).code).toBe(2);
  const full = await lucie(env, 'pull', 'owner/name', '--quota', '1M');
  expect(full.code).toBe(1);
  expect(full.err.trim().split('\n')).toHaveLength(1);
  const offline = await lucie(env, 'pull', 'owner/name', '--offline', '--json');
  expect(JSON.parse(offline.out).error.code).toBe('HUB_OFFLINE');
  expect(hub.sendings).toEqual([]);
});
