import { describe, expect, it } from 'vitest';
import { createServer, type LucieServer } from '../src/index.ts';
import { ScriptedModel, served } from './scripted-model.ts';

const HI = [{ role: 'user', content: 'bonjour à tous' }];

function start(model = new ScriptedModel()) {
  return { model, server: createServer({ models: [served(model)] }) };
}

function post(server: LucieServer, path: string, body: unknown, headers: Record<string, string> = {}) {
  return server.app.request(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

/** The `data:` payloads of a stream, as text. */
async function dataLines(response: Response): Promise<string[]> {
  const text = await response.text();
  expect(text.endsWith('\n\n')).toBe(true);
  return text
    .trimEnd()
    .split('\n\n')
    .map((event) => {
      expect(event.startsWith('data: ')).toBe(true);
      return event.slice('data: '.length);
    });
}

describe('models and health', () => {
  it('lists the models as OpenAI does', async () => {
    const { server } = start();
    const list = await (await server.app.request('/v1/models')).json();
    expect(list).toMatchObject({
      object: 'list',
      data: [{ id: 'nano', object: 'model', owned_by: 'lucie' }],
    });
    expect(list.data[0].created).toBeTypeOf('number');
    expect(await (await server.app.request('/v1/models/nano')).json()).toEqual(list.data[0]);
    expect(await (await server.app.request('/health')).json()).toEqual({ status: 'ok', models: ['nano'] });
  });

  it('names the models there are when asked for another', async () => {
    const { server } = start();
    for (const response of [
      await post(server, '/v1/chat/completions', { model: 'gpt-9', messages: HI }),
      await post(server, '/v1/completions', { model: 'gpt-9', prompt: 'x' }),
      await server.app.request('/v1/models/gpt-9'),
    ]) {
      expect(response.status).toBe(404);
      const { error } = await response.json();
      expect(error).toMatchObject({ type: 'invalid_request_error', param: 'model', code: 'model_not_found' });
      expect(error.message).toContain('nano');
    }
  });
});

describe('chat completions', () => {
  it('answers whole, with usage', async () => {
    const { server } = start();
    const response = await post(server, '/v1/chat/completions', { model: 'nano', messages: HI });
    expect(response.status).toBe(200);
    const body = await response.json();
    expect(body).toMatchObject({
      object: 'chat.completion',
      model: 'nano',
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content: 'Vous avez dit : bonjour à tous', refusal: null },
          logprobs: null,
          finish_reason: 'stop',
        },
      ],
      usage: { prompt_tokens: 3, completion_tokens: 7, total_tokens: 10 },
    });
    expect(body.id).toMatch(/^chatcmpl-[0-9a-f]{24}$/);
  });

  it('streams a role, then text, then the reason, then [DONE]', async () => {
    const { server } = start();
    const response = await post(server, '/v1/chat/completions', {
      model: 'nano',
      messages: HI,
      stream: true,
    });
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    const lines = await dataLines(response);
    expect(lines.pop()).toBe('[DONE]');
    const chunks = lines.map((line) => JSON.parse(line));
    expect(new Set(chunks.map((chunk) => chunk.id)).size).toBe(1);
    expect(chunks.every((chunk) => chunk.object === 'chat.completion.chunk' && !('usage' in chunk))).toBe(
      true,
    );
    expect(chunks[0].choices).toEqual([
      { index: 0, delta: { role: 'assistant', content: '' }, logprobs: null, finish_reason: null },
    ]);
    expect(chunks.at(-1).choices).toEqual([{ index: 0, delta: {}, logprobs: null, finish_reason: 'stop' }]);
    const middle = chunks.slice(1, -1);
    expect(middle.length).toBe(7);
    expect(middle.every((chunk) => chunk.choices[0].finish_reason === null)).toBe(true);
    expect(middle.map((chunk) => chunk.choices[0].delta.content).join('')).toBe(
      'Vous avez dit : bonjour à tous',
    );
  });

  it('sends the usage last, without a choice, when asked to', async () => {
    const { server } = start();
    const response = await post(server, '/v1/chat/completions', {
      model: 'nano',
      messages: HI,
      stream: true,
      stream_options: { include_usage: true },
    });
    const chunks = (await dataLines(response)).slice(0, -1).map((line) => JSON.parse(line));
    expect(chunks.slice(0, -1).every((chunk) => chunk.usage === null)).toBe(true);
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { prompt_tokens: 3, completion_tokens: 7 } });
  });

  it('hands the options on, and nothing that was not asked for', async () => {
    const { model, server } = start();
    await post(server, '/v1/chat/completions', {
      model: 'nano',
      messages: [
        { role: 'developer', content: 'sois bref' },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'bon' },
            { type: 'text', text: 'jour' },
          ],
          name: 'Zoé',
        },
      ],
      temperature: 0,
      top_p: 0.5,
      seed: 7,
      stop: 'dit',
      max_tokens: 9,
      max_completion_tokens: 5,
      user: 'somebody',
      metadata: { a: 'b' },
    });
    await post(server, '/v1/chat/completions', { model: 'nano', messages: HI });
    const [first, second] = model.calls;
    expect(first!.prompt).toBe('sois bref bonjour');
    expect(first!.request).toMatchObject({ temperature: 0, topP: 0.5, seed: 7, stop: ['dit'], maxTokens: 5 });
    expect(Object.keys(second!.request).sort()).toEqual(['maxTokens', 'seed', 'signal', 'stop', 'tokens']);
    expect(second!.request).toMatchObject({ stop: [], maxTokens: 61 });
  });

  it('draws a seed by chance when none is given', async () => {
    const { model, server } = start();
    for (let i = 0; i < 5; i++) await post(server, '/v1/chat/completions', { model: 'nano', messages: HI });
    expect(new Set(model.calls.map((call) => call.request.seed)).size).toBe(5);
  });

  it('ends with "length" at max_tokens, and cuts max_tokens to what the context leaves', async () => {
    const { model, server } = start(new ScriptedModel({ contextSize: 5 }));
    const one = await (
      await post(server, '/v1/chat/completions', { model: 'nano', messages: HI, max_tokens: 1 })
    ).json();
    expect(one.choices[0]).toMatchObject({ message: { content: 'Vous' }, finish_reason: 'length' });
    await post(server, '/v1/chat/completions', { model: 'nano', messages: HI, max_tokens: 1000 });
    expect(model.calls[1]!.request.maxTokens).toBe(2);
  });

  it('refuses a prompt that leaves no room, with both counts', async () => {
    const { model, server } = start(new ScriptedModel({ contextSize: 3 }));
    const response = await post(server, '/v1/chat/completions', { model: 'nano', messages: HI });
    expect(response.status).toBe(400);
    const { error } = await response.json();
    expect(error).toMatchObject({ code: 'context_length_exceeded', param: 'messages' });
    expect(error.message).toMatch(/is 3 tokens long.*holds 3 tokens/);
    expect(model.calls).toEqual([]);
  });
});

describe('completions', () => {
  it('answers whole and streamed, 16 tokens by default', async () => {
    const { model, server } = start(new ScriptedModel({ reply: () => 'mot '.repeat(40) }));
    const body = await (await post(server, '/v1/completions', { model: 'nano', prompt: 'un deux' })).json();
    expect(body).toMatchObject({
      object: 'text_completion',
      choices: [{ index: 0, logprobs: null, finish_reason: 'length' }],
      usage: { prompt_tokens: 2, completion_tokens: 16, total_tokens: 18 },
    });
    expect(body.id).toMatch(/^cmpl-/);
    const streamed = await post(server, '/v1/completions', {
      model: 'nano',
      prompt: ['un deux'],
      stream: true,
    });
    const lines = await dataLines(streamed);
    expect(lines.pop()).toBe('[DONE]');
    const chunks = lines.map((line) => JSON.parse(line));
    expect(chunks.map((chunk) => chunk.choices[0].text).join('')).toBe(body.choices[0].text);
    expect(chunks.map((chunk) => chunk.choices[0].finish_reason)).toEqual([
      ...Array(16).fill(null),
      'length',
    ]);
    expect(model.calls[1]!.prompt).toBe('un deux');
  });
});

describe('refusals in OpenAI’s shape', () => {
  const refused: [string, object, string, string][] = [
    ['no model', { messages: HI }, 'model', 'invalid_value'],
    ['no messages', { model: 'nano' }, 'messages', 'invalid_value'],
    ['an empty conversation', { model: 'nano', messages: [] }, 'messages', 'invalid_value'],
    [
      'a tool’s message',
      { model: 'nano', messages: [{ role: 'tool', content: 'x' }] },
      'messages[0].role',
      'invalid_value',
    ],
    [
      'no content',
      { model: 'nano', messages: [{ role: 'user', content: null }] },
      'messages[0].content',
      'invalid_value',
    ],
    [
      'half a character',
      { model: 'nano', messages: [{ role: 'user', content: '\ud800' }] },
      'messages[0].content',
      'invalid_value',
    ],
    [
      'an image',
      {
        model: 'nano',
        messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'x' } }] }],
      },
      'messages[0].content',
      'invalid_value',
    ],
    [
      'a temperature above 2',
      { model: 'nano', messages: HI, temperature: 2.1 },
      'temperature',
      'invalid_value',
    ],
    [
      'a negative temperature',
      { model: 'nano', messages: HI, temperature: -0.1 },
      'temperature',
      'invalid_value',
    ],
    ['top_p 0', { model: 'nano', messages: HI, top_p: 0 }, 'top_p', 'invalid_value'],
    ['no room to answer', { model: 'nano', messages: HI, max_tokens: 0 }, 'max_tokens', 'invalid_value'],
    [
      'half a token',
      { model: 'nano', messages: HI, max_completion_tokens: 1.5 },
      'max_completion_tokens',
      'invalid_value',
    ],
    ['two choices', { model: 'nano', messages: HI, n: 2 }, 'n', 'invalid_value'],
    ['five stops', { model: 'nano', messages: HI, stop: ['a', 'b', 'c', 'd', 'e'] }, 'stop', 'invalid_value'],
    ['an empty stop', { model: 'nano', messages: HI, stop: '' }, 'stop', 'invalid_value'],
    [
      'tools',
      { model: 'nano', messages: HI, tools: [{ type: 'function' }] },
      'tools',
      'unsupported_parameter',
    ],
    [
      'a JSON schema',
      { model: 'nano', messages: HI, response_format: { type: 'json_object' } },
      'response_format.type',
      'invalid_value',
    ],
    ['logprobs', { model: 'nano', messages: HI, logprobs: true }, 'logprobs', 'unsupported_parameter'],
    [
      'a penalty',
      { model: 'nano', messages: HI, frequency_penalty: 1 },
      'frequency_penalty',
      'unsupported_parameter',
    ],
    ['a bias', { model: 'nano', messages: HI, logit_bias: { 3: 1 } }, 'logit_bias', 'unsupported_parameter'],
  ];
  it.each(refused)('%s', async (_name, body, param, code) => {
    const { model, server } = start();
    const response = await post(server, '/v1/chat/completions', body);
    expect(response.status).toBe(400);
    const { error } = await response.json();
    expect(error).toMatchObject({ type: 'invalid_request_error', param, code });
    expect(error.message).toMatch(/\.$/);
    expect(model.calls).toEqual([]);
  });

  it('what the chat template refuses', async () => {
    const { server } = start();
    const messages = [{ role: 'assistant', content: 'x' }];
    const response = await post(server, '/v1/chat/completions', { model: 'nano', messages });
    expect(response.status).toBe(400);
    expect((await response.json()).error).toMatchObject({
      code: 'chat_invalid',
      type: 'invalid_request_error',
      message: expect.stringMatching(/^Found messages .*\.$/),
    });
  });

  it('lets pass what asks for nothing', async () => {
    const { server } = start();
    const idle = {
      tools: [],
      tool_choice: 'none',
      n: 1,
      logit_bias: {},
      frequency_penalty: 0,
      logprobs: false,
      response_format: { type: 'text' },
      modalities: ['text'],
      stop: null,
      store: true,
      service_tier: 'flex',
      never_heard_of: 1,
    };
    const response = await post(server, '/v1/chat/completions', { model: 'nano', messages: HI, ...idle });
    expect(response.status).toBe(200);
  });

  it.each([
    ['echo', { echo: true }],
    ['suffix', { suffix: 'x' }],
    ['best_of', { best_of: 2 }],
    ['prompt', { prompt: ['a', 'b'] }],
    ['logprobs', { logprobs: 0 }],
  ])('completions: %s', async (param, fields) => {
    const { server } = start();
    const response = await post(server, '/v1/completions', { model: 'nano', prompt: 'a', ...fields });
    expect(response.status).toBe(400);
    expect((await response.json()).error.param).toBe(param);
  });

  it('bodies that are not small, flat JSON in UTF-8', async () => {
    const { server } = start();
    const path = '/v1/chat/completions';
    const deep = `{"model":"nano","messages":${'['.repeat(40)}${']'.repeat(40)}}`;
    const large = JSON.stringify({
      model: 'nano',
      messages: [{ role: 'user', content: 'x'.repeat(1 << 20) }],
    });
    const many = { model: 'nano', messages: Array(1001).fill(HI[0]) };
    const results = [
      [await post(server, path, '{"model":'), 400, 'invalid_json'],
      [await post(server, path, ''), 400, 'invalid_json'],
      [await post(server, path, deep), 400, 'invalid_json'],
      [await post(server, path, large), 413, 'body_too_large'],
      [await post(server, path, many), 400, 'invalid_value'],
      [await post(server, path, HI, { 'content-type': 'text/plain' }), 415, 'unsupported_media_type'],
      [
        await server.app.request(path, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: new Uint8Array([0x22, 0xff, 0x22]),
        }),
        400,
        'invalid_json',
      ],
      [await server.app.request(path), 405, 'method_not_allowed'],
      [await server.app.request('/v1/embeddings', { method: 'POST' }), 404, 'not_found'],
    ] as const;
    for (const [response, status, code] of results) {
      expect([response.status, (await response.json()).error.code]).toEqual([status, code]);
    }
  });

  it('accepts depth inside strings', async () => {
    const { server } = start();
    const messages = [{ role: 'user', content: `\\"${'['.repeat(40)}` }];
    expect((await post(server, '/v1/chat/completions', { model: 'nano', messages })).status).toBe(200);
  });
});

describe('failures of the model', () => {
  const secret = 'le mot de passe est 1234';
  const failing = () =>
    new ScriptedModel({
      reply: () => {
        throw new Error(secret);
      },
    });

  it('is a 500 that quotes nothing', async () => {
    const { server } = start(failing());
    const response = await post(server, '/v1/chat/completions', { model: 'nano', messages: HI });
    expect(response.status).toBe(500);
    const text = await response.text();
    expect(JSON.parse(text).error).toMatchObject({ type: 'server_error', code: 'internal_error' });
    expect(text).not.toContain('1234');
  });

  it('ends a stream with an error event', async () => {
    const { server } = start(failing());
    const lines = await dataLines(
      await post(server, '/v1/chat/completions', { model: 'nano', messages: HI, stream: true }),
    );
    expect(JSON.parse(lines.at(-1)!).error.code).toBe('internal_error');
    expect(lines).not.toContain('[DONE]');
  });
});

it('a reader who lets go of the stream ends the generation', async () => {
  const { model, server } = start(new ScriptedModel({ reply: () => 'mot '.repeat(40), delayMs: 2 }));
  const response = await post(server, '/v1/completions', {
    model: 'nano',
    prompt: 'a',
    stream: true,
    max_tokens: 40,
  });
  const reader = response.body!.getReader();
  await reader.read();
  await reader.cancel();
  const { answer } = model.calls[0]!;
  while (answer.finishReason === undefined) await new Promise((resolve) => setTimeout(resolve, 2));
  expect(answer.finishReason).toBe('cancelled');
});
