import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import OpenAI from 'openai';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createServer } from '../src/create-server.ts';
import type { Listening } from '../src/index.ts';
import { reachableAt } from '../src/listen/reachable-at.ts';
import { ScriptedModel, served } from './scripted-model.ts';

// What hangs here hangs for good: a minute of waiting would tell nothing more.
vi.setConfig({ testTimeout: 15_000, hookTimeout: 15_000 });

const open: Listening[] = [];

afterEach(async () => {
  for (const listening of open.splice(0)) await listening.close(0);
});

async function start(model: ScriptedModel, options: { maxActive?: number } = {}) {
  const listening = await createServer({ models: [served(model)], ...options }).listen({ port: 0 });
  open.push(listening);
  const client = new OpenAI({ baseURL: `${listening.url}/v1`, apiKey: 'unused', maxRetries: 0 });
  return { ...listening, client };
}

const ask = { model: 'nano', messages: [{ role: 'user' as const, content: 'bonjour à tous' }] };
const slow = () => new ScriptedModel({ reply: () => 'mot '.repeat(40), delayMs: 5 });

/** Waits for what must come; a hang is ended by the test's own limit. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 2));
}

describe('the openai client', () => {
  it('lists and fetches models', async () => {
    const { client } = await start(new ScriptedModel());
    const names = [];
    for await (const model of client.models.list()) names.push(model.id);
    expect(names).toEqual(['nano']);
    expect((await client.models.retrieve('nano')).owned_by).toBe('lucie');
  });

  it('reads a whole answer and a streamed one', async () => {
    const { client } = await start(new ScriptedModel());
    const whole = await client.chat.completions.create(ask);
    expect(whole.choices[0]!.message.content).toBe('Vous avez dit : bonjour à tous');
    expect(whole.usage).toEqual({
      prompt_tokens: 3,
      completion_tokens: 7,
      total_tokens: 10,
      prompt_tokens_details: { cached_tokens: 2 },
    });

    const runner = client.chat.completions.stream({ ...ask, stream_options: { include_usage: true } });
    expect(await runner.finalContent()).toBe('Vous avez dit : bonjour à tous');
    expect((await runner.finalChatCompletion()).choices[0]!.finish_reason).toBe('stop');
    expect((await runner.totalUsage()).total_tokens).toBe(10);
  });

  it('reads completions, whole and streamed', async () => {
    const { client } = await start(new ScriptedModel());
    const request = { model: 'nano', prompt: 'un deux' };
    expect((await client.completions.create(request)).choices[0]!.text).toBe('Vous avez dit : un deux');
    let text = '';
    for await (const chunk of await client.completions.create({ ...request, stream: true })) {
      text += chunk.choices[0]!.text;
    }
    expect(text).toBe('Vous avez dit : un deux');
  });

  it('understands the errors', async () => {
    const { client } = await start(new ScriptedModel({ contextSize: 2 }));
    await expect(client.chat.completions.create({ ...ask, model: 'other' })).rejects.toMatchObject({
      name: expect.stringMatching(/Error/),
      status: 404,
      code: 'model_not_found',
      param: 'model',
    });
    await expect(client.chat.completions.create(ask)).rejects.toBeInstanceOf(OpenAI.BadRequestError);
    await expect(client.chat.completions.create(ask)).rejects.toMatchObject({
      code: 'context_length_exceeded',
    });
  });
});

describe('a client that goes away', () => {
  it.each([true, false])('ends the generation at the next token (stream: %s)', async (stream) => {
    const model = slow();
    const { client } = await start(model);
    const controller = new AbortController();
    const answer = client.chat.completions
      .create({ ...ask, stream }, { signal: controller.signal })
      .then(async (result) => {
        if (Symbol.asyncIterator in result) for await (const _chunk of result);
      });
    await until(() => (model.calls[0]?.answer.completionTokens ?? 0) > 2);
    controller.abort();
    await answer.catch(() => {});
    await until(() => model.calls[0]!.answer.finishReason !== undefined);
    expect(model.calls[0]!.answer.finishReason).toBe('cancelled');
    expect(model.calls[0]!.answer.completionTokens).toBeLessThan(40);
  });

  it('gives its place to the next one', async () => {
    const model = slow();
    const { client } = await start(model, { maxActive: 1 });
    const first = new AbortController();
    const waiting = client.chat.completions.create(ask, { signal: first.signal }).catch(() => {});
    await until(() => model.calls.length === 1);
    await expect(client.chat.completions.create(ask)).rejects.toMatchObject({
      status: 429,
      code: 'too_many_requests',
    });
    first.abort();
    await waiting;
    await until(() => model.calls[0]!.answer.finishReason !== undefined);
    expect((await client.chat.completions.create(ask)).choices[0]!.finish_reason).toBe('stop');
  });
});

it('a request counts for all its choices', async () => {
  const model = slow();
  const { client } = await start(model, { maxActive: 4 });
  const first = new AbortController();
  const waiting = client.chat.completions.create({ ...ask, n: 3 }, { signal: first.signal }).catch(() => {});
  await until(() => model.calls.length === 3);
  await expect(client.chat.completions.create({ ...ask, n: 2 })).rejects.toMatchObject({ status: 429 });
  expect((await client.chat.completions.create({ ...ask, max_tokens: 1 })).choices).toHaveLength(1);
  first.abort();
  await waiting;
});

it('a Host that is none is refused in OpenAI’s shape', async () => {
  const { url } = await start(new ScriptedModel());
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.write('GET /v1/models HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n');
  const answer = await text(socket);
  expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  expect(answer).toContain('"code":"invalid_request"');
});

it('“every address” is told as addresses that people can type', async () => {
  expect(reachableAt('127.0.0.1', 'http://127.0.0.1:80')).toEqual(['http://127.0.0.1:80']);
  const told = reachableAt('0.0.0.0', 'http://0.0.0.0:8123');
  expect(told).toContain('http://127.0.0.1:8123');
  expect(told.join()).not.toContain('0.0.0.0');
});

describe('stopping', () => {
  it('lets answers end that end within the grace', async () => {
    const model = new ScriptedModel({ delayMs: 3 });
    const { client, close, url } = await start(model);
    const answer = client.chat.completions.create(ask);
    await until(() => model.calls.length === 1);
    await close(60_000);
    expect((await answer).choices[0]!.finish_reason).toBe('stop');
    await expect(fetch(`${url}/health`)).rejects.toThrow();
  });

  it('cancels those that do not, tells their clients, and waits for the engine', async () => {
    const model = slow();
    const { client, close } = await start(model);
    const streamed = client.chat.completions.create({ ...ask, stream: true }).then(async (stream) => {
      for await (const _chunk of stream);
    });
    const whole = client.chat.completions.create(ask);
    const failures = Promise.allSettled([streamed, whole]);
    await until(() => model.calls.length === 2);
    await close(0);
    expect(model.calls.map((call) => call.answer.finishReason)).toEqual(['cancelled', 'cancelled']);
    for (const failure of await failures) {
      expect(failure).toMatchObject({ status: 'rejected', reason: { code: 'cancelled' } });
    }
  });

  it('is not held up by an idle or half-sent request', async () => {
    const { url, close } = await start(new ScriptedModel());
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    await new Promise<void>((resolve) => socket.once('connect', resolve));
    socket.on('error', () => {});
    socket.write('POST /v1/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{');
    await Promise.all([close(0), close(0)]);
    socket.destroy();
  });
});

describe('ports', () => {
  it('says so when another program has the port', async () => {
    const { url } = await start(new ScriptedModel());
    const port = Number(new URL(url).port);
    const error = await createServer({ models: [served(new ScriptedModel())] })
      .listen({ port })
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'LucieError', code: 'PORT_IN_USE', exitCode: 1 });
    expect((error as Error).message).toContain(`port ${port}`);
  });

  it('refuses an address that is not of this machine', async () => {
    const server = createServer({ models: [served(new ScriptedModel())] });
    // TEST-NET-1 (RFC 5737): nobody's.
    await expect(server.listen({ port: 0, host: '192.0.2.1' })).rejects.toMatchObject({
      code: 'HOST_UNKNOWN',
    });
  });
});
