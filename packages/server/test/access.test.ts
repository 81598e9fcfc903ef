import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import OpenAI from 'openai';
import pino from 'pino';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createServer, type ServerOptions } from '../src/index.ts';
import { newApiKey } from '../src/keys/api-key.ts';
import { SCOPES } from '../src/keys/key-record.ts';
import { KeyStore, type NewKey } from '../src/keys/key-store.ts';
import { endpoints } from '../src/openapi/endpoints.ts';
import { HI, post } from './requests.ts';
import { ScriptedModel, served } from './scripted-model.ts';

afterEach(() => void vi.useRealTimers());

async function start(key: Partial<NewKey> = {}, options: Partial<ServerOptions> = {}) {
  const keys = new KeyStore(await mkdtemp(join(tmpdir(), 'access-')));
  const made = await keys.create({ name: 'classe', ...key });
  const models = [served(new ScriptedModel()), served(new ScriptedModel(), 'other')];
  const server = createServer({ models, keys, ...options });
  const bearer = { authorization: `Bearer ${made.key}` };
  return { keys, server, bearer, ...made };
}

const ask = { model: 'nano', messages: HI };
const CHAT = '/v1/chat/completions';

describe('a server with keys', () => {
  it.each(endpoints.map(({ method, path }) => [method, path]))(
    'asks for one: %s %s',
    async (method, path) => {
      const { server } = await start();
      const response = await server.app.request(path.replace('{model}', 'nano'), { method });
      expect(response.status).toBe(401);
      expect((await response.json()).error).toMatchObject({ code: 'invalid_api_key', param: null });
    },
  );

  it('answers whoever holds one', async () => {
    const { server, bearer } = await start();
    expect((await post(server, CHAT, ask, bearer)).status).toBe(200);
    expect((await server.app.request('/v1/models', { headers: bearer })).status).toBe(200);
  });

  it('keeps rooms of one name apart, since what is known of a prompt shows in its cached tokens', async () => {
    const model = new ScriptedModel();
    const { server, keys, bearer } = await start({}, { models: [served(model)] });
    const other = await keys.create({ name: 'voisins' });
    const asOther = { authorization: `Bearer ${other.key}` };
    for (const headers of [bearer, asOther]) {
      for (const room of ['salle', undefined]) await post(server, CHAT, { ...ask, room }, headers);
    }
    const rooms = model.calls.map(({ request }) => request.room);
    expect(new Set(rooms).size).toBe(4);
    expect(rooms).not.toContain(undefined);
    await post(server, CHAT, { ...ask, room: 'salle' }, bearer);
    expect(model.calls.at(-1)!.request.room).toBe(rooms[0]);
  });

  it('leaves health and readiness open', async () => {
    const { server } = await start();
    expect((await server.app.request('/health')).status).toBe(200);
    expect((await server.app.request('/ready')).status).toBe(200);
  });

  it.each([
    ['nothing', ''],
    ['another scheme', 'Basic bHVjaWU6'],
    ['no key of ours', 'Bearer sk-0123456789'],
    ['a key from elsewhere', `Bearer ${newApiKey()}`],
    ['two keys', `Bearer ${newApiKey()} ${newApiKey()}`],
  ])('refuses %s', async (_, authorization) => {
    const { server } = await start();
    expect((await post(server, CHAT, ask, { authorization })).status).toBe(401);
  });

  it('refuses a revoked key from the next request on, and says so', async () => {
    const { server, bearer, keys } = await start();
    expect((await post(server, CHAT, ask, bearer)).status).toBe(200);
    await keys.revoke('classe');
    const response = await post(server, CHAT, ask, bearer);
    expect(response.status).toBe(401);
    expect((await response.json()).error.message).toContain('revoked');
  });

  it('refuses an expired key', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const { server, bearer } = await start({ expires: new Date(Date.now() + 60_000) });
    expect((await post(server, CHAT, ask, bearer)).status).toBe(200);
    vi.setSystemTime(Date.now() + 60_000);
    const response = await post(server, CHAT, ask, bearer);
    expect(response.status).toBe(401);
    expect((await response.json()).error.message).toContain('expired');
  });

  it.each(SCOPES)(
    'lets a key with the scope %s in where that is asked for, and nowhere else',
    async (scope) => {
      const { server, bearer } = await start({ scopes: [scope] });
      for (const { method, path, scope: needed } of endpoints) {
        const { status } = await server.app.request(path.replace('{model}', 'nano'), {
          method,
          headers: bearer,
        });
        // Without a body or a room what comes behind the door is 400, 404 or 415; that is another matter.
        if (scope === needed) expect([200, 400, 404, 415]).toContain(status);
        else expect(status).toBe(403);
      }
    },
  );

  it('holds a key to its models, on every route that takes one', async () => {
    const { server, bearer } = await start({ models: ['other'], scopes: [...SCOPES] });
    for (const [path, body] of [
      [CHAT, { messages: HI }],
      ['/v1/completions', { prompt: 'un' }],
      ['/v1/embeddings', { input: 'un' }],
      ['/v1/tokenize', { prompt: 'un' }],
      ['/v1/detokenize', { tokens: [0] }],
      ['/v1/warm', { text: 'un' }],
    ] as const) {
      const response = await post(server, path, { ...body, model: 'nano' }, bearer);
      expect([path, response.status]).toEqual([path, 403]);
      expect((await response.json()).error).toMatchObject({ code: 'model_not_allowed', param: 'model' });
    }
    expect((await post(server, CHAT, { ...ask, model: 'other' }, bearer)).status).toBe(200);
  });

  it('is understood by the openai client', async () => {
    const { server, key } = await start({ requestsPerMinute: 2 });
    const listening = await server.listen({ port: 0 });
    try {
      const baseURL = `${listening.url}/v1`;
      const good = new OpenAI({ baseURL, apiKey: key, maxRetries: 0 });
      const bad = new OpenAI({ baseURL, apiKey: newApiKey(), maxRetries: 0 });
      expect((await good.chat.completions.create(ask as never)).choices[0]!.finish_reason).toBe('stop');
      const stream = await good.chat.completions.create({ ...ask, stream: true } as never);
      for await (const _chunk of stream as unknown as AsyncIterable<unknown>);
      await expect(good.models.list()).rejects.toBeInstanceOf(OpenAI.RateLimitError);
      await expect(bad.models.list()).rejects.toBeInstanceOf(OpenAI.AuthenticationError);
    } finally {
      await listening.close(0);
    }
  });
});

describe('limits of a key', () => {
  it('are told in OpenAI’s headers, end in 429 with Retry-After, and begin anew', async () => {
    vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'] });
    const { server, bearer } = await start({ requestsPerMinute: 2 });
    const get = () => server.app.request('/v1/models', { headers: bearer });
    const first = await get();
    expect(first.headers.get('x-ratelimit-limit-requests')).toBe('2');
    expect(first.headers.get('x-ratelimit-remaining-requests')).toBe('1');
    expect(first.headers.get('x-ratelimit-reset-requests')).toBe('60s');
    expect(first.headers.get('x-ratelimit-limit-tokens')).toBeNull();
    vi.setSystemTime(Date.now() + 20_000);
    expect((await get()).status).toBe(200);
    const third = await get();
    expect(third.status).toBe(429);
    expect(third.headers.get('retry-after')).toBe('40');
    expect((await third.json()).error.code).toBe('rate_limit_exceeded');
    vi.setSystemTime(Date.now() + 40_001);
    expect((await get()).status).toBe(200);
  });

  // A prompt of 3 tokens, an answer of 7, and 10 set aside with this.
  const short = { ...ask, max_tokens: 7 };

  it('count the tokens of prompt and answer, whole or streamed, once the answer is there', async () => {
    const { server, bearer } = await start({ tokensPerMinute: 25 });
    const first = await post(server, CHAT, short, bearer);
    expect(first.headers.get('x-ratelimit-limit-tokens')).toBe('25');
    expect(first.headers.get('x-ratelimit-remaining-tokens')).toBe('15');
    expect(first.headers.get('x-ratelimit-reset-tokens')).toBe('24s');
    const streamed = await post(server, CHAT, { ...short, stream: true }, bearer);
    expect(streamed.headers.get('x-ratelimit-limit-tokens')).toBe('25');
    await streamed.text();
    const third = await post(server, CHAT, short, bearer);
    expect(third.status).toBe(429);
    expect(third.headers.get('x-ratelimit-remaining-tokens')).toBe('5');
    expect(third.headers.get('retry-after')).toBe('12');
    expect((await third.json()).error.message).toContain('5 tokens left of 25 a minute');
  });

  it('of tokens hold for requests side by side, each with all its choices', async () => {
    const { server, bearer } = await start({ tokensPerMinute: 25 });
    const statuses = async (bodies: object[]) =>
      (await Promise.all(bodies.map((body) => post(server, CHAT, body, bearer))))
        .map(({ status }) => status)
        .sort();
    expect(await statuses([short, short, short, short])).toEqual([200, 200, 429, 429]);
    const other = await start({ tokensPerMinute: 25 });
    // More than a minute's worth is let in when nothing else is used, and the debt is time's to pay.
    expect((await post(other.server, CHAT, { ...short, n: 4 }, other.bearer)).status).toBe(200);
    expect((await post(other.server, CHAT, { ...short, max_tokens: 1 }, other.bearer)).status).toBe(429);
  });

  it('give back what a refused, failed or abandoned request had set aside', async () => {
    const { server, bearer } = await start({ tokensPerMinute: 25 });
    const all = { ...ask, max_tokens: 22 };
    expect((await post(server, CHAT, { ...all, messages: [] }, bearer)).status).toBe(400);
    const client = new AbortController();
    client.abort();
    const gone = await server.app.request(CHAT, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...bearer },
      body: JSON.stringify(all),
      signal: client.signal,
    });
    expect(gone.status).toBe(499);
    // Of the abandoned one the prompt is charged, and no more.
    expect((await post(server, CHAT, { ...all, max_tokens: 19 }, bearer)).status).toBe(200);
  });

  it('of tokens hold for embeddings and for what is read in advance, not for counting tokens', async () => {
    const { server, bearer } = await start({
      tokensPerMinute: 4,
      scopes: ['embeddings', 'tokenize', 'warm'],
    });
    const status = async (path: string, body: object) =>
      (await post(server, path, { model: 'nano', ...body }, bearer)).status;
    // One that fails takes nothing.
    expect(await status('/v1/embeddings', { input: [97, 98, 99] })).toBe(400);
    expect(await status('/v1/embeddings', { input: ['un deux', 'trois'] })).toBe(200);
    expect(await status('/v1/embeddings', { input: 'un deux' })).toBe(429);
    expect(await status('/v1/warm', { text: 'un deux' })).toBe(429);
    expect(await status('/v1/tokenize', { prompt: 'un deux trois quatre cinq' })).toBe(200);
    expect(await status('/v1/embeddings', { input: 'un' })).toBe(200);
  });

  it('are each key’s own', async () => {
    const { server, bearer, keys } = await start({ requestsPerMinute: 1 });
    const { key } = await keys.create({ name: 'autre', requestsPerMinute: 1 });
    const get = (headers: Record<string, string>) => server.app.request('/v1/models', { headers });
    expect((await get(bearer)).status).toBe(200);
    expect((await get(bearer)).status).toBe(429);
    expect((await get({ authorization: `Bearer ${key}` })).status).toBe(200);
  });
});

it('a file of keys that is damaged while serving opens nothing, and tells no path', async () => {
  const lines: string[] = [];
  const log = pino({ base: null }, { write: (line) => void lines.push(line) });
  const { server, bearer, keys } = await start({}, { log });
  const { writeFileSync } = await import('node:fs');
  writeFileSync(keys.path, '{"version":1,"keys":');
  const response = await post(server, CHAT, ask, bearer);
  expect(response.status).toBe(503);
  const text = await response.text();
  expect(text).toContain('"code":"keys_unreadable"');
  expect(text).not.toContain(keys.path);
  const ready = await server.app.request('/ready');
  expect([ready.status, (await ready.json()).reason]).toEqual([503, 'keys_unreadable']);
  expect(lines.some((line) => JSON.parse(line).path === keys.path)).toBe(true);
});

it('a refusal says how to come back: with a key, or later', async () => {
  const { server, bearer } = await start();
  expect((await server.app.request('/v1/models')).headers.get('www-authenticate')).toBe('Bearer');
  const { close } = await server.listen({ port: 0 });
  await close(0);
  const stopping = await post(server, CHAT, ask, bearer);
  expect([stopping.status, stopping.headers.get('retry-after')]).toEqual([503, '3']);
});

describe('a key for some models', () => {
  it('sees those alone, and nothing of the others', async () => {
    const { server, bearer } = await start({ models: ['other', 'later'] });
    const get = async (path: string) => (await server.app.request(path, { headers: bearer })).json();
    expect((await get('/v1/models')).data.map(({ id }: { id: string }) => id)).toEqual(['other']);
    for (const name of ['nano', 'none'])
      expect((await get(`/v1/models/${name}`)).error.code).toBe('model_not_allowed');
    const missing = (await get('/v1/models/later')).error;
    expect(missing.code).toBe('model_not_found');
    expect(missing.message).not.toContain('nano');
  });
});
