import { describe, expect, it } from 'vitest';
import { HI, post, start } from './requests.ts';

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
    ['five choices', { model: 'nano', messages: HI, n: 5 }, 'n', 'invalid_value'],
    ['five stops', { model: 'nano', messages: HI, stop: ['a', 'b', 'c', 'd', 'e'] }, 'stop', 'invalid_value'],
    ['an empty stop', { model: 'nano', messages: HI, stop: '' }, 'stop', 'invalid_value'],
    [
      'tools',
      { model: 'nano', messages: HI, tools: [{ type: 'function' }] },
      'tools',
      'unsupported_parameter',
    ],
    [
      'a format that nobody knows',
      { model: 'nano', messages: HI, response_format: { type: 'xml' } },
      'response_format.type',
      'invalid_value',
    ],
    [
      'a format without its schema',
      { model: 'nano', messages: HI, response_format: { type: 'json_schema', json_schema: { name: 'x' } } },
      'response_format.json_schema.schema',
      'invalid_value',
    ],
    [
      'a grammar and a format',
      { model: 'nano', messages: HI, grammar: 'root ::= "a"', response_format: { type: 'json_object' } },
      'grammar',
      'invalid_value',
    ],
    [
      '21 logprobs',
      { model: 'nano', messages: HI, logprobs: true, top_logprobs: 21 },
      'top_logprobs',
      'invalid_value',
    ],
    ['top_logprobs alone', { model: 'nano', messages: HI, top_logprobs: 2 }, 'top_logprobs', 'invalid_value'],
    [
      'a penalty above 2',
      { model: 'nano', messages: HI, frequency_penalty: 2.5 },
      'frequency_penalty',
      'invalid_value',
    ],
    [
      'a bias by word',
      { model: 'nano', messages: HI, logit_bias: { mot: 1 } },
      'logit_bias.mot',
      'invalid_value',
    ],
    [
      'a bias of 101',
      { model: 'nano', messages: HI, logit_bias: { 3: 101 } },
      'logit_bias.3',
      'invalid_value',
    ],
    ['min_p above 1', { model: 'nano', messages: HI, min_p: 1.5 }, 'min_p', 'invalid_value'],
    [
      'a deadline of no time',
      { model: 'nano', messages: HI, deadline_ms: 0 },
      'deadline_ms',
      'invalid_value',
    ],
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
    ['logprobs', { logprobs: 21 }],
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
      [await server.app.request('/v1/images/generations', { method: 'POST' }), 404, 'not_found'],
    ] as const;
    for (const [response, status, code] of results) {
      expect([response.status, (await response.json()).error.code]).toEqual([status, code]);
    }
  });

  it.each([
    [{ room: '' }, 'room', 'at least one character'],
    [{ person: 'x'.repeat(201) }, 'person', 'at most 200 characters'],
    [{ stop: ['a', ''] }, 'stop[1]', 'at least one character'],
    [{ grammar: '' }, 'grammar', 'at least one character'],
    [{ logit_bias: { abc: 1 } }, 'logit_bias.abc', "a token's id"],
    [{ stream_options: { include_usage: 5 } }, 'stream_options.include_usage', 'true or false'],
    [{ modalities: 5 }, 'modalities', 'Field modalities: expected array'],
  ])('name what was wrong: %o', async (fields, param, words) => {
    const response = await post(start().server, '/v1/chat/completions', {
      ...{ model: 'nano', messages: HI },
      ...fields,
    });
    const { error } = await response.json();
    expect([response.status, error.param]).toEqual([400, param]);
    expect(error.message).toContain(words);
  });

  it.each([
    [{ 'content-length': String(2 ** 21) }, 413, 'body_too_large'],
    [{ 'content-encoding': 'gzip' }, 415, 'unsupported_media_type'],
    [{ 'content-type': 'application/json; charset=utf-16' }, 415, 'unsupported_media_type'],
  ])('come before the body is read: %o', async (headers, status, code) => {
    let read = false;
    const body = new ReadableStream(
      {
        pull(controller) {
          read = true;
          controller.close();
        },
      },
      { highWaterMark: 0 },
    );
    const response = await start().server.app.request('/v1/completions', {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      ...{ body, duplex: 'half' },
    });
    expect([response.status, (await response.json()).error.code, read]).toEqual([status, code, false]);
  });

  it('take UTF-8 by its name', async () => {
    const headers = { 'content-type': 'application/json; charset="UTF-8"', 'content-encoding': 'identity' };
    const response = await post(start().server, '/v1/completions', { model: 'nano', prompt: 'un' }, headers);
    expect(response.status).toBe(200);
  });

  it.each([
    ['POST', '/v1/models', 'GET, HEAD'],
    ['DELETE', '/v1/models/a/b', 'GET, HEAD'],
    ['GET', '/v1/warm', 'POST'],
  ])('tell the method: %s %s', async (method, path, allow) => {
    const response = await start().server.app.request(path, { method });
    expect([response.status, response.headers.get('allow')]).toEqual([405, allow]);
  });

  it('accepts depth inside strings', async () => {
    const { server } = start();
    const messages = [{ role: 'user', content: `\\"${'['.repeat(40)}` }];
    expect((await post(server, '/v1/chat/completions', { model: 'nano', messages })).status).toBe(200);
  });
});
