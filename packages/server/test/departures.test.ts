import { once } from 'node:events';
import { connect } from 'node:net';
import pino from 'pino';
import { afterEach, describe, expect, it } from 'vitest';
import { createServer, type Listening } from '../src/index.ts';
import { newApiKey } from '../src/keys/api-key.ts';
import { ScriptedModel, served } from './scripted-model.ts';

const CHAT = '/v1/chat/completions';
const CANARY = 'canari7Qx';

let listening: Listening | undefined;
afterEach(async () => {
  await listening?.close(0);
  listening = undefined;
});

async function start(model: ScriptedModel) {
  const lines: string[] = [];
  const log = pino({ base: null, level: 'trace' }, { write: (line) => void lines.push(line) });
  listening = await createServer({ models: [served(model)], log }).listen({ port: 0 });
  const { url, close } = listening;
  const port = Number(new URL(url).port);
  const send = (path: string, body: object, signal?: AbortSignal) =>
    fetch(`${url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-lucie': CANARY, 'user-agent': CANARY },
      body: JSON.stringify({ model: 'nano', room: CANARY, person: CANARY, ...body }),
      ...(signal && { signal }),
    });
  /** Half a request, and then the end of the connection: politely, or not. */
  const half = async (end: 'end' | 'destroy') => {
    const socket = connect(port, '127.0.0.1').resume();
    socket.on('error', () => {});
    await once(socket, 'connect');
    const head = `POST ${CHAT} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n`;
    socket.write(`${head}{"model":"nano","messages":[{"role":"user","content":"${CANARY}`);
    await new Promise((resolve) => setTimeout(resolve, 30));
    if (end === 'end') socket.end();
    else socket.resetAndDestroy();
    await once(socket, 'close');
  };
  const metrics = async () => (await fetch(`${url}/metrics`)).text();
  return { url, close, lines, send, half, metrics };
}

const messages = [{ role: 'user', content: `bonjour ${CANARY}` }];
const slow = (delayMs = 5) => new ScriptedModel({ reply: () => 'mot '.repeat(200), delayMs });
const until = async (holds: () => boolean | Promise<boolean>) => {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 5));
};

describe('clients who leave', () => {
  it.each(['end', 'destroy'] as const)('amid an upload (%s) are no failure of the server', async (end) => {
    const { half, metrics, lines } = await start(new ScriptedModel());
    await half(end);
    await until(async () => (await metrics()).includes(`route="${CHAT}",status="499"`));
    expect(await metrics()).not.toMatch(/status="5/);
    expect(lines.join('')).not.toContain('request failed');
  });

  it('before a whole answer, a stream or vectors are there are none either', async () => {
    const model = slow();
    const { send, metrics, lines } = await start(model);
    const asked: [string, object, () => boolean][] = [
      [CHAT, { messages }, () => model.calls.length === 1],
      [CHAT, { messages, stream: true }, () => model.calls.length === 2],
      ['/v1/embeddings', { input: Array(200).fill(CANARY) }, () => model.embedding === 1],
    ];
    for (const [path, body, begun] of asked) {
      const client = new AbortController();
      const answer = send(path, body, client.signal).then((response) => response.text());
      await until(begun);
      client.abort();
      await expect(answer).rejects.toThrow();
    }
    await until(() => model.calls.every(({ answer }) => answer.finishReason === 'cancelled'));
    await until(async () => (await metrics()).includes('route="/v1/embeddings",status="499"'));
    expect(await metrics()).toContain(`route="${CHAT}",status="499"`);
    expect(await metrics()).not.toMatch(/status="5/);
    expect(lines.join('')).not.toContain('request failed');
  });
});

it('a stop does not wait for vectors beyond its grace', async () => {
  const model = slow(1000);
  const { send, close } = await start(model);
  const answer = send('/v1/embeddings', { input: Array(200).fill('un') });
  await until(() => model.embedding === 1);
  await close(0);
  expect((await (await answer).json()).error.code).toBe('cancelled');
});

describe('the log, over HTTP', () => {
  it('tells nothing of what was sent, however it ended', async () => {
    const model = new ScriptedModel({
      reply: (prompt) => {
        if (prompt.includes('throw')) throw new Error(`failed on ${prompt}\n    at ${CANARY} (x.ts:1:1)`);
        return 'mot '.repeat(200);
      },
      delayMs: 1,
    });
    const { url, send, half, lines } = await start(model);
    const statuses = [];
    for (const [path, body] of [
      ['/v1/embeddings', { input: CANARY }],
      ['/v1/embeddings', { input: CANARY, dimensions: CANARY }],
      ['/v1/tokenize', { prompt: CANARY, return_token_strs: true }],
      ['/v1/detokenize', { tokens: [1e6] }],
      ['/v1/warm', { text: CANARY, name: CANARY }],
      [CHAT, { messages, max_tokens: 2 }],
      ['/v1/completions', { prompt: `throw ${CANARY}` }],
      [`/v1/${CANARY}`, {}],
    ] as const) {
      const response = await send(path, body);
      await response.text();
      statuses.push(response.status);
    }
    expect(statuses).toEqual([200, 400, 200, 400, 200, 200, 500, 404]);
    await half('destroy');
    const client = new AbortController();
    const left = send(CHAT, { messages, stream: true }, client.signal).then((answer) => answer.text());
    await until(() => model.calls.length === 2);
    client.abort();
    await expect(left).rejects.toThrow();
    const key = newApiKey();
    await fetch(`${url}/v1/models?q=${CANARY}`, { headers: { authorization: `Bearer ${key}` } });
    await until(() => lines.filter((line) => line.includes('"msg":"request"')).length === 11);
    await until(() => lines.some((line) => line.includes('"finish":"cancelled"')));
    expect(lines.join('')).not.toContain(CANARY);
    expect(lines.join('')).not.toContain(key);
    // What the operator needs all the same: which request, where, and which line of the code.
    const failure = lines.map((line) => JSON.parse(line)).find(({ msg }) => msg === 'request failed');
    expect(failure).toMatchObject({
      requestId: expect.stringMatching(/^req-/),
      route: '/v1/completions',
      status: 500,
      code: 'internal_error',
      name: 'Error',
    });
    expect(failure.frames[0]).toContain('departures.test.ts');
  });
});
