import { LucieError } from '@lucie/ledger';
import pino from 'pino';
import { describe, expect, it } from 'vitest';
import { fixedModel } from '../src/api/served-model.ts';
import { createServer } from '../src/create-server.ts';
import { HI, post, start } from './requests.ts';
import { ScriptedModel } from './scripted-model.ts';

const path = '/v1/chat/completions';

describe('what the model is asked', () => {
  it('every option under the engine’s name', async () => {
    const { model, server } = start();
    await post(server, path, {
      model: 'nano',
      messages: HI,
      temperature: 0.3,
      top_p: 0.4,
      top_k: 5,
      min_p: 0.06,
      repetition_penalty: 1.1,
      frequency_penalty: -0.5,
      presence_penalty: 0.7,
      logit_bias: { 3: -100, 5: 1.5 },
      deterministic: true,
      room: 'salle 12',
      person: 'p7',
      deadline_ms: 60_000,
      seed: -4,
      stop: ['a1', 'b2'],
    });
    const { signal, tokens, ...request } = model.calls[0]!.request;
    expect(request).toEqual({
      maxTokens: 61,
      temperature: 0.3,
      topP: 0.4,
      topK: 5,
      minP: 0.06,
      repetitionPenalty: 1.1,
      frequencyPenalty: -0.5,
      presencePenalty: 0.7,
      logitBias: new Map([
        [3, -100],
        [5, 1.5],
      ]),
      deterministic: true,
      room: 'salle 12',
      person: 'p7',
      deadlineMs: 60_000,
      seed: -4,
      stop: ['a1', 'b2'],
    });
    expect(tokens.length).toBe(3);
    expect(signal.aborted).toBe(false);
  });

  it('the form of the answer: a schema, any object, or a grammar', async () => {
    const { model, server } = start();
    const schema = { type: 'object', properties: { a: { type: 'integer', minimum: 0 } } };
    const forms = [
      { response_format: { type: 'json_schema', json_schema: { name: 'x', schema, strict: true } } },
      { response_format: { type: 'json_object' } },
      { grammar: 'root ::= "oui" | "non"' },
      { response_format: { type: 'text' } },
    ];
    for (const form of forms) {
      expect((await post(server, path, { model: 'nano', messages: HI, ...form })).status).toBe(200);
    }
    expect(model.calls.map(({ request }) => request.grammar)).toEqual([
      { schema },
      { schema: { type: 'object' } },
      { gbnf: 'root ::= "oui" | "non"' },
      undefined,
    ]);
  });
});

describe('errors of the engine', () => {
  const codes: [string, number, string, string | null][] = [
    ['GRAMMAR_INVALID', 400, 'grammar_invalid', 'grammar'],
    ['SCHEMA_UNSUPPORTED', 400, 'schema_unsupported', 'response_format.json_schema.schema'],
    ['PROMPT_TOO_LONG', 400, 'context_length_exceeded', 'messages'],
    ['OPTION_INVALID', 400, 'option_invalid', 'messages'],
    ['GRAMMAR_STUCK', 400, 'grammar_stuck', 'grammar'],
    ['MODEL_EMBEDS_ONLY', 400, 'model_embeds_only', 'model'],
    ['QUEUE_FULL', 429, 'queue_full', null],
    ['MEMORY_SHORT', 503, 'memory_short', null],
    ['MODEL_INVALID', 500, 'model_invalid', null],
  ];
  it.each(codes)('%s', async (code, status, told, param) => {
    const model = new ScriptedModel();
    model.generate = () => {
      throw new LucieError({ code, found: 'a thing at /home/zoe', expected: 'another', todo: 'do this' });
    };
    for (const stream of [false, true]) {
      const response = await post(start(model).server, path, { model: 'nano', messages: HI, stream });
      expect(response.status).toBe(status);
      expect(response.headers.has('retry-after')).toBe(status === 429 || status === 503);
      const { error } = await response.json();
      expect(error).toMatchObject({ code: told, param });
      // A failure of this side tells nothing of this machine, nor do sentences that would name a file of it.
      expect(error.message.includes('zoe')).toBe(status !== 500 && code !== 'MODEL_EMBEDS_ONLY');
    }
  });
});

describe('a text that cannot fit', () => {
  it.each([
    ['/v1/chat/completions', { messages: [{ role: 'user', content: `${'é'.repeat(32768)}x` }] }, 'messages'],
    ['/v1/completions', { prompt: 'x'.repeat(65537) }, 'prompt'],
    ['/v1/embeddings', { input: ['x', 'x'.repeat(65537)] }, 'input[1]'],
  ])('is refused by its bytes, before it is made into tokens: %s', async (path, body, param) => {
    const model = new ScriptedModel({ contextSize: 8 });
    model.longestToken = 4;
    const { server } = start(model);
    const response = await post(server, path, { model: 'nano', ...body });
    expect(response.status).toBe(400);
    const { error } = await response.json();
    expect([error.code, error.param, model.tokenized]).toEqual(['context_length_exceeded', param, 0]);
    expect(error.message).toContain('65537 bytes');
    const fits = await post(server, '/v1/completions', { model: 'nano', prompt: `${'x'.repeat(65536)} \n` });
    expect(fits.status).toBe(200);
  });
});

describe('a model that comes and goes', () => {
  it('is held until the last byte, and let go however it ends', async () => {
    let held = 0;
    const model = new ScriptedModel({ delayMs: 1 });
    const lent = {
      ...fixedModel('nano', model),
      use: async () => {
        held++;
        return { engine: model, [Symbol.dispose]: () => void held-- };
      },
    };
    const server = createServer({ models: [lent] });
    const stream = await post(server, path, { model: 'nano', messages: HI, stream: true });
    expect(held).toBe(1);
    await stream.text();
    expect(held).toBe(0);
    const left = await post(server, path, { model: 'nano', messages: HI, stream: true });
    await left.body!.cancel();
    while (held > 0) await new Promise((resolve) => setTimeout(resolve, 1));
    await post(server, path, { model: 'nano', messages: [{ role: 'assistant', content: 'x' }] });
    await post(server, '/v1/tokenize', { model: 'nano', prompt: 'x' });
    await post(server, '/v1/embeddings', { model: 'nano', input: [99] });
    expect(held).toBe(0);
  });

  it('that cannot be loaded is an error of its own, and no place is lost', async () => {
    const short = new LucieError({
      code: 'MEMORY_SHORT',
      found: '2 GB free',
      expected: '4 GB',
      todo: 'close something',
    });
    const lent = { ...fixedModel('nano', new ScriptedModel()), use: () => Promise.reject(short) };
    const server = createServer({ models: [lent], maxActive: 1 });
    for (let i = 0; i < 3; i++) {
      const response = await post(server, path, { model: 'nano', messages: HI });
      expect([response.status, (await response.json()).error.code]).toEqual([503, 'memory_short']);
    }
  });

  it('whose client leaves while it is loaded is let be, and that is no failure', async () => {
    const lines: string[] = [];
    const log = pino({ level: 'info' }, { write: (line: string) => void lines.push(line) });
    let asked: AbortSignal | undefined;
    const lent = {
      ...fixedModel('nano', new ScriptedModel()),
      use: (signal: AbortSignal) => {
        asked = signal;
        return new Promise<never>((_resolve, reject) =>
          signal.addEventListener('abort', () => reject(signal.reason), { once: true }),
        );
      },
    };
    const server = createServer({ models: [lent], log });
    const client = new AbortController();
    const response = server.app.request(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'nano', messages: HI, stream: true }),
      signal: client.signal,
    });
    while (!asked) await new Promise((resolve) => setImmediate(resolve));
    client.abort();
    expect((await response).status).toBe(499);
    expect(lines.join('')).not.toContain('request failed');
  });
});
