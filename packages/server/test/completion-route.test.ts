import { describe, expect, it } from 'vitest';
import { dataLines, post, start } from './requests.ts';
import { ScriptedModel } from './scripted-model.ts';

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
    const reasons = chunks.map((chunk) => chunk.choices[0].finish_reason);
    expect(reasons.pop()).toBe('length');
    expect(new Set(reasons)).toEqual(new Set([null]));
    expect(model.calls[1]!.prompt).toBe('un deux');
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
