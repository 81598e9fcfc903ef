import { describe, expect, it } from 'vitest';
import { chatLogprobs, completionLogprobs, tokenText } from '../src/api/logprobs.ts';
import { dataLines, HI, post, start } from './requests.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('log probabilities', () => {
  it('of a chat: token, bytes and the likeliest, whole and streamed alike', async () => {
    const { server } = start();
    const ask = { model: 'nano', messages: HI, logprobs: true, top_logprobs: 2, max_tokens: 2 };
    const whole = await (await post(server, '/v1/chat/completions', ask)).json();
    const { content } = whole.choices[0].logprobs;
    expect(content).toHaveLength(2);
    expect(content[0]).toEqual({
      token: 'Vous',
      logprob: Math.log(0.5),
      bytes: [86, 111, 117, 115],
      top_logprobs: [
        { token: 'Vous', logprob: Math.log(0.5), bytes: [86, 111, 117, 115] },
        { token: ' autre0', logprob: Math.log(0.25), bytes: [...bytes(' autre0')] },
      ],
    });
    const lines = await dataLines(await post(server, '/v1/chat/completions', { ...ask, stream: true }));
    const streamed = lines
      .slice(0, -1)
      .flatMap((line) => JSON.parse(line).choices[0].logprobs?.content ?? []);
    expect(streamed).toEqual(content);
  });

  it('are absent unless asked for, and of the token alone for 0', async () => {
    const { model, server } = start();
    const ask = { model: 'nano', messages: HI };
    const none = await (await post(server, '/v1/chat/completions', ask)).json();
    expect(none.choices[0].logprobs).toBeNull();
    const own = await (await post(server, '/v1/chat/completions', { ...ask, logprobs: true })).json();
    expect(own.choices[0].logprobs.content[0].top_logprobs).toEqual([]);
    expect(model.calls.map(({ request }) => request.topLogprobs)).toEqual([undefined, 0]);
  });

  it('of a completion: the older shape, offsets going on from chunk to chunk', async () => {
    const { server } = start();
    const ask = { model: 'nano', prompt: 'un', logprobs: 1 };
    const whole = (await (await post(server, '/v1/completions', ask)).json()).choices[0];
    expect(whole.logprobs.tokens).toEqual(['Vous', ' avez', ' dit', ' :', ' un']);
    expect(whole.logprobs.text_offset).toEqual([0, 4, 9, 13, 15]);
    expect(whole.logprobs.top_logprobs[1]).toEqual({ ' avez': Math.log(0.5) });
    const lines = await dataLines(await post(server, '/v1/completions', { ...ask, stream: true }));
    const offsets = lines
      .slice(0, -1)
      .flatMap((line) => JSON.parse(line).choices[0].logprobs?.text_offset ?? []);
    expect(offsets).toEqual(whole.logprobs.text_offset);
  });

  it('parts of characters are told apart by their bytes', () => {
    expect(tokenText(bytes('é'))).toBe('é');
    expect(tokenText(Uint8Array.of(0xc3))).toBe('bytes:\\xc3');
    expect(tokenText(Uint8Array.of(0xa9))).toBe('bytes:\\xa9');
  });

  it('leave out control tokens, and give a number for what cannot happen', () => {
    const chunks = [
      { text: 'a', bytes: bytes('a'), logprob: -1, top: [{ bytes: bytes('b'), logprob: -Infinity }] },
      { text: '', bytes: new Uint8Array(0), logprob: -2, top: [] },
    ];
    expect(JSON.parse(JSON.stringify(chatLogprobs(chunks)))).toEqual({
      content: [
        {
          token: 'a',
          logprob: -1,
          bytes: [97],
          top_logprobs: [{ token: 'b', logprob: -9999, bytes: [98] }],
        },
      ],
      refusal: null,
    });
  });

  it('a token called __proto__ is a key like any other', () => {
    const chunk = {
      text: 'x',
      bytes: bytes('x'),
      logprob: -1,
      top: [{ bytes: bytes('__proto__'), logprob: -3 }],
    };
    expect(JSON.stringify(completionLogprobs([chunk], 7))).toBe(
      '{"tokens":["x"],"token_logprobs":[-1],"top_logprobs":[{"__proto__":-3}],"text_offset":[7]}',
    );
  });
});
