import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Engine } from '@lucie/inference';
import { expect, it } from 'vitest';
import { writeTinyGguf } from '../../release/test/tiny-model.ts';
import { createServer } from '../src/create-server.ts';
import { sendMutated } from './mutated-requests.ts';
import { served } from './scripted-model.ts';

it('2,000 mutated requests over HTTP to a real engine do no harm', { timeout: 600_000 }, async () => {
  await using cleanup = new AsyncDisposableStack();
  const dir = await mkdtemp(join(tmpdir(), 'lucie-mutated-'));
  cleanup.defer(() => rm(dir, { recursive: true }));
  const engine = cleanup.use(await Engine.load(await writeTinyGguf(dir), { threads: 1, sequences: 4 }));
  const listening = await createServer({ models: [served(engine)] }).listen({ port: 0 });
  cleanup.defer(() => listening.close(0));
  const ask = () =>
    fetch(`${listening.url}/v1/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'nano', prompt: 'Les étés', temperature: 0, max_tokens: 8 }),
    });
  const before = (await (await ask()).json()).choices;
  const statuses = await sendMutated(
    (path, body) =>
      fetch(listening.url + path, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
        signal: AbortSignal.timeout(60_000),
      }),
    2000,
    21,
  );
  expect(statuses.get(200)).toBeGreaterThan(200);
  expect(statuses.get(400)).toBeGreaterThan(500);
  expect((await (await ask()).json()).choices).toEqual(before);
  expect(engine.load).toEqual({ active: 0, waiting: 0 });
});
