import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createServer } from '../src/index.ts';
import { KeyStore } from '../src/keys/key-store.ts';
import { parseOrigin } from '../src/listen/cors.ts';
import { keysAsked } from '../src/listen/exposure.ts';
import { HI, post } from './requests.ts';
import { ScriptedModel, served } from './scripted-model.ts';

const store = async () => new KeyStore(await mkdtemp(join(tmpdir(), 'exposure-')));

describe('whether keys are asked for', () => {
  it.each(['127.0.0.1', 'localhost', '::1'])('not on %s as long as there are none', async (host) => {
    expect(keysAsked(undefined, host, await store())).toBeUndefined();
  });

  it.each(['0.0.0.0', '::', '192.168.1.10', 'école.example'])(
    'a server on %s does not start without keys unless --no-keys was said',
    async (host) => {
      const keys = await store();
      expect(() => keysAsked(undefined, host, keys)).toThrow(
        expect.objectContaining({ code: 'KEYS_NEEDED', exitCode: 2 }),
      );
      expect(keysAsked('none', host, keys)).toBeUndefined();
      await keys.create({ name: 'a' });
      expect(keysAsked(undefined, host, keys)).toBe(keys);
      expect(keysAsked('none', host, keys)).toBeUndefined();
    },
  );

  it('as soon as there is one, on this machine too', async () => {
    const keys = await store();
    await keys.create({ name: 'a' });
    expect(keysAsked(undefined, '127.0.0.1', keys)).toBe(keys);
  });

  it('the last key’s end does not open the door', async () => {
    const keys = await store();
    await keys.create({ name: 'a' });
    await keys.revoke('a');
    expect(() => keysAsked(undefined, '127.0.0.1', keys)).toThrow(
      expect.objectContaining({ code: 'KEYS_NEEDED' }),
    );
  });

  it('--keys without any is refused on this machine too', async () => {
    const keys = await store();
    expect(() => keysAsked('required', '127.0.0.1', keys)).toThrow(
      expect.objectContaining({ code: 'KEYS_NEEDED' }),
    );
  });
});

describe('pages of other sites', () => {
  const origin = 'https://cours.example.org';
  const body = { model: 'nano', messages: HI };
  // What a browser asks before the openai npm client's request, version 6.
  const OPENAI_HEADERS =
    'authorization,content-type,x-stainless-arch,x-stainless-lang,x-stainless-os,x-stainless-package-version,' +
    'x-stainless-retry-count,x-stainless-runtime,x-stainless-runtime-version,x-stainless-timeout';
  const PREFLIGHT = {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': OPENAI_HEADERS,
    },
  };

  it('stay out unless they were named', async () => {
    const server = createServer({ models: [served(new ScriptedModel())] });
    const response = await post(server, '/v1/chat/completions', body, { origin });
    expect(response.status).toBe(403);
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
    expect((await server.app.request('/v1/chat/completions', PREFLIGHT)).status).toBe(403);
  });

  it('may call the API when they were, errors and streams included', async () => {
    const server = createServer({ models: [served(new ScriptedModel())], allowedOrigins: [origin] });
    const preflight = await server.app.request('/v1/chat/completions', PREFLIGHT);
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-headers')).toBe(OPENAI_HEADERS);
    const from = { origin, 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'cors' };
    for (const [sent, status] of [
      [body, 200],
      [{ ...body, stream: true }, 200],
      [{ ...body, model: 'other' }, 404],
    ] as const) {
      const response = await post(server, '/v1/chat/completions', sent, from);
      expect(response.status).toBe(status);
      expect(response.headers.get('access-control-allow-origin')).toBe(origin);
      expect(response.headers.get('access-control-allow-credentials')).toBeNull();
      await response.text();
    }
    const other = await post(server, '/v1/chat/completions', body, { origin: 'https://evil.example' });
    expect(other.status).toBe(403);
    expect(other.headers.get('access-control-allow-origin')).toBeNull();
    const near = await post(server, '/v1/chat/completions', body, { origin: `${origin}.evil.example` });
    expect(near.status).toBe(403);
  });

  it.each([
    ['https://cours.example.org', 'https://cours.example.org'],
    ['https://Cours.example.org:443/', 'https://cours.example.org'],
    ['http://192.168.1.4:3000', 'http://192.168.1.4:3000'],
  ])('are named by their origin: %s', (text, expected) => {
    expect(parseOrigin(text)).toBe(expected);
  });

  it.each([
    '*',
    'https://*.example.org',
    'cours.example.org',
    'https://a.example/b',
    'file:///etc',
    'null',
    'https://u@a.example',
  ])('are not named by %s', (text) => {
    expect(() => parseOrigin(text)).toThrow(expect.objectContaining({ code: 'ORIGIN_INVALID', exitCode: 2 }));
  });
});
