import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import OpenAI from 'openai';
import { afterEach, describe, expect, it } from 'vitest';
import { createServer } from '../src/create-server.ts';
import type { Listening } from '../src/index.ts';
import { HI } from './requests.ts';
import { ScriptedModel, SteppingModel, served } from './scripted-model.ts';

let listening: Listening | undefined;
afterEach(async () => {
  await listening?.close(0);
  listening = undefined;
});

async function start(model: ScriptedModel) {
  listening = await createServer({ models: [served(model)] }).listen({ port: 0 });
  const { url } = listening;
  const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: 'unused', maxRetries: 0 });
  const stream = (fields: object = {}) =>
    fetch(`${url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'nano', messages: HI, stream: true, ...fields }),
    });
  return { url, client, stream };
}

const until = async (condition: () => boolean) => {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 2));
};

describe('streams written to Node’s own response', () => {
  it('carry the headers of every other answer', async () => {
    const { url, stream } = await start(new ScriptedModel());
    const response = await stream();
    expect(response.status).toBe(200);
    const plain = await fetch(`${url}/v1/models`);
    for (const name of ['content-security-policy', 'x-content-type-options', 'referrer-policy']) {
      expect(response.headers.get(name)).toBe(plain.headers.get(name));
      expect(response.headers.get(name)).not.toBeNull();
    }
    expect(response.headers.get('x-request-id')).toMatch(/^req-/);
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(response.headers.get('cache-control')).toBe('no-cache, no-store');
    expect(response.headers.get('transfer-encoding')).toBe('chunked');
    await response.text();
  });

  it('give the same events as in-process', async () => {
    const { stream } = await start(new ScriptedModel());
    const own = createServer({ models: [served(new ScriptedModel())] });
    const request = {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'nano', messages: HI, stream: true }),
    };
    const inProcess = await (await own.app.request('/v1/chat/completions', request)).text();
    const plain = (text: string) => text.replaceAll(/"(id|created)":("[^"]*"|\d+)/g, '"$1":0');
    expect(plain(await (await stream()).text())).toBe(plain(inProcess));
  });

  it('comments on the place in line do not disturb the openai client', async () => {
    const { client, stream } = await start(new ScriptedModel({ line: 3, lineMs: 700 }));
    const raw = await stream();
    expect(raw.headers.get('x-queue-place')).toMatch(/^[12]$/);
    expect(await raw.text()).toContain(': place 1\n\n');
    let text = '';
    for await (const chunk of await client.chat.completions.create({
      model: 'nano',
      messages: HI as [{ role: 'user'; content: string }],
      stream: true,
    })) {
      text += chunk.choices[0]?.delta.content ?? '';
    }
    expect(text).toBe('Vous avez dit : bonjour à tous');
  });

  it('an error before the first byte is a plain status', async () => {
    const { stream } = await start(new ScriptedModel({ line: 2, lineMs: 30 }));
    const response = await stream({ deadline_ms: 5 });
    expect(response.status).toBe(504);
    expect(response.headers.get('content-type')).toMatch(/^application\/json/);
    expect((await response.json()).error.code).toBe('deadline_exceeded');
  });

  it('a client that goes away ends the generation: at work, in line, and before the head', async () => {
    for (const [options, sent] of [
      [{ reply: () => 'mot '.repeat(500), delayMs: 2, contextSize: 1000 }, true],
      [{ line: 500, lineMs: 5 }, true],
      [{ line: 500, lineMs: 5 }, false],
    ] as const) {
      const model = new ScriptedModel(options);
      await start(model);
      const socket = await ask(listening!.url);
      if (sent) await once(socket, 'data');
      else await until(() => model.calls.length === 1);
      socket.destroy();
      await until(() => model.calls[0]!.answer.finishReason !== undefined);
      expect(model.calls[0]!.answer.finishReason).toBe('cancelled');
      await listening!.close(0);
    }
  });

  it('a client that does not read holds neither the engine nor others', async () => {
    const words = 20_000;
    const model = new SteppingModel({ reply: () => 'mot '.repeat(words), contextSize: 100_000 });
    const { client } = await start(model);
    const socket = await ask(listening!.url);
    socket.pause();
    await until(() => model.calls[0]?.answer.finishReason === 'stop');
    const answer = await client.chat.completions.create({
      model: 'nano',
      messages: HI as [{ role: 'user'; content: string }],
      max_tokens: 3,
    });
    expect(answer.choices[0]!.message.content).toBe('mot mot mot');
    // And when it does read, all of it comes.
    let text = '';
    socket.setEncoding('utf8');
    socket.on('data', (data) => {
      text += data;
    });
    socket.resume();
    await until(() => text.endsWith('0\r\n\r\n'));
    expect(text.match(/mot/g)).toHaveLength(words);
    expect(text).toContain('data: [DONE]');
    socket.destroy();
  });

  it('a connection serves the next request after a stream', async () => {
    const { url } = await start(new ScriptedModel());
    const socket = await ask(url);
    let text = '';
    socket.setEncoding('utf8');
    socket.on('data', (data) => {
      text += data;
    });
    await until(() => text.endsWith('0\r\n\r\n'));
    socket.write('GET /v1/models HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n');
    await until(() => text.includes('"object":"list"'));
    socket.destroy();
  });
});

/** Sends a request for a stream and leaves the reading to the caller. */
async function ask(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const body = JSON.stringify({ model: 'nano', messages: HI, stream: true });
  const socket = connect(Number(port), hostname);
  socket.on('error', () => {});
  await once(socket, 'connect');
  const head = [
    'POST /v1/chat/completions HTTP/1.1',
    `Host: ${hostname}:${port}`,
    'Content-Type: application/json',
  ];
  socket.write(`${head.join('\r\n')}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  return socket;
}
