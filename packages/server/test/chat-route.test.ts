import { describe, expect, it } from 'vitest';
import type { ModelAnswer, ModelRequest } from '../src/index.ts';
import { dataLines, HI, post, start } from './requests.ts';
import { ScriptedModel } from './scripted-model.ts';

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

  it('is a plain status before a stream has begun', async () => {
    const { server } = start(failing());
    const response = await post(server, '/v1/chat/completions', {
      model: 'nano',
      messages: HI,
      stream: true,
    });
    expect(response.status).toBe(500);
    expect((await response.json()).error.code).toBe('internal_error');
  });

  it('ends a stream under way with an error event', async () => {
    const { server } = start(new BreakingModel());
    const lines = await dataLines(
      await post(server, '/v1/chat/completions', { model: 'nano', messages: HI, stream: true }),
    );
    expect(JSON.parse(lines.at(-1)!).error.code).toBe('internal_error');
    expect(lines.length).toBe(3);
  });
});

/** Says one word, then fails. */
class BreakingModel extends ScriptedModel {
  override generate(request: ModelRequest): ModelAnswer {
    const answer = super.generate(request);
    const words = answer[Symbol.asyncIterator].bind(answer);
    answer[Symbol.asyncIterator] = async function* () {
      for await (const word of { [Symbol.asyncIterator]: words }) {
        yield word;
        throw new Error('decode failed');
      }
    };
    return answer;
  }
}
