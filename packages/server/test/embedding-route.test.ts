import { describe, expect, it } from 'vitest';
import { post, start } from './requests.ts';
import { ScriptedModel } from './scripted-model.ts';

const path = '/v1/embeddings';

describe('embeddings', () => {
  it('of one text, of several, and of their tokens, are the same vectors', async () => {
    const { server } = start();
    const ask = async (input: unknown) => (await post(server, path, { model: 'nano', input })).json();
    const one = await ask('un deux');
    expect(one).toMatchObject({
      object: 'list',
      model: 'nano',
      data: [{ object: 'embedding', index: 0, embedding: [1, 0, 0, 0] }],
      usage: { prompt_tokens: 2, total_tokens: 2 },
      // The model's own account: what this call took, and how long it waited.
      lucie: { gate: null, energy: { joules: 0.25, method: 'estimate' }, queued_ms: 7 },
    });
    const two = await ask(['un deux', ' deux trois']);
    expect(two.data.map((item: { index: number }) => item.index)).toEqual([0, 1]);
    expect(two.data[1].embedding).toEqual([0, 1, 0, 0]);
    expect(two.usage.prompt_tokens).toBe(4);
    expect((await ask([0, 1])).data[0].embedding).toEqual([1, 0, 0, 0]);
    expect((await ask([[0], [1]])).data[1].embedding).toEqual([0, 1, 0, 0]);
  });

  it('as base64 are the little-endian floats of the numbers', async () => {
    const { server } = start();
    const request = { model: 'nano', input: 'un', dimensions: 3 };
    const plain = (await (await post(server, path, request)).json()).data[0].embedding;
    const coded = (await (await post(server, path, { ...request, encoding_format: 'base64' })).json()).data[0]
      .embedding;
    const raw = Buffer.from(coded, 'base64');
    expect(plain).toEqual([1, 0, 0]);
    expect([0, 4, 8].map((at) => raw.readFloatLE(at))).toEqual(plain);
    expect(raw.length).toBe(12);
  });

  it('refuse what is empty, too many, too long, or no token', async () => {
    const { server } = start(new ScriptedModel({ contextSize: 3 }));
    const refused: [unknown, string, string][] = [
      ['', 'input', 'invalid_value'],
      [[], 'input', 'invalid_value'],
      [['a', ''], 'input[1]', 'invalid_value'],
      [Array(257).fill('a'), 'input', 'invalid_value'],
      [['a', 'un deux trois quatre'], 'input[1]', 'context_length_exceeded'],
      [[99], 'input', 'token_unknown'],
      [[1.5], 'input', 'invalid_value'],
    ];
    for (const [input, param, code] of refused) {
      const response = await post(server, path, { model: 'nano', input });
      expect(response.status, JSON.stringify(input)?.slice(0, 60)).toBe(400);
      expect((await response.json()).error).toMatchObject({ param, code });
    }
  });
});

describe('tokens', () => {
  it('of a text and back', async () => {
    const { server } = start();
    const body = await (
      await post(server, '/v1/tokenize', { model: 'nano', prompt: 'un deux un', return_token_strs: true })
    ).json();
    expect(body).toEqual({
      count: 3,
      max_model_len: 64,
      tokens: [0, 1, 2],
      token_strs: ['un', ' deux', ' un'],
    });
    const back = await (await post(server, '/v1/detokenize', { model: 'nano', tokens: body.tokens })).json();
    expect(back).toEqual({ prompt: 'un deux un', count: 3 });
  });

  it('of a conversation are those that its answer counts', async () => {
    const { server } = start();
    const messages = [{ role: 'user', content: 'bonjour à tous' }];
    const body = await (await post(server, '/v1/tokenize', { model: 'nano', messages })).json();
    const chat = await (await post(server, '/v1/chat/completions', { model: 'nano', messages })).json();
    expect(body.count).toBe(chat.usage.prompt_tokens);
    expect(body.token_strs).toBeNull();
  });

  it('refuse a request without either, an unknown id and an unknown model', async () => {
    const { server } = start();
    const cases: [string, object, number, string][] = [
      ['/v1/tokenize', { model: 'nano' }, 400, 'invalid_value'],
      ['/v1/detokenize', { model: 'nano', tokens: [7] }, 400, 'token_unknown'],
      ['/v1/detokenize', { model: 'nano', tokens: [-1] }, 400, 'invalid_value'],
      ['/v1/tokenize', { model: 'other', prompt: 'x' }, 404, 'model_not_found'],
    ];
    for (const [path, body, status, code] of cases) {
      const response = await post(server, path, body);
      expect([response.status, (await response.json()).error.code]).toEqual([status, code]);
    }
  });
});
