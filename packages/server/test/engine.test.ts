import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Engine } from '@lucie/inference';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeTinyGguf } from '../../release/test/tiny-model.ts';
import { createServer, type Listening, serve } from '../src/index.ts';
import { writeSampleRun } from './sample-run.ts';
import { served } from './scripted-model.ts';

let dir: string;
let gguf: string;
let engine: Engine;
let listening: Listening;
let client: OpenAI;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'lucie-serve-'));
  gguf = await writeTinyGguf(dir);
  await writeSampleRun(join(dir, 'nano'));
  engine = await Engine.load(gguf, { threads: 1, sequences: 2 });
  listening = await createServer({ models: [served(engine, 'tiny')] }).listen({ port: 0 });
  client = new OpenAI({ baseURL: `${listening.url}/v1`, apiKey: 'unused', maxRetries: 0 });
});

afterAll(async () => {
  await listening.close(0);
  await engine.close();
  await rm(dir, { recursive: true });
});

const messages = [{ role: 'user' as const, content: 'Bonjour <|eot_id|> été' }];
const greedy = { model: 'tiny', temperature: 0, max_tokens: 12 };

describe('a real engine behind the API', () => {
  it('gives the engine’s own answer, whole and streamed', async () => {
    const { tokens } = engine.chatPrompt(messages);
    const direct = engine.generate({ tokens, temperature: 0, maxTokens: 12 });
    const text = await direct.text();
    const whole = await client.chat.completions.create({ ...greedy, messages });
    expect(whole.choices[0]).toMatchObject({
      message: { content: text },
      finish_reason: direct.finishReason,
    });
    expect(whole.usage).toMatchObject({
      prompt_tokens: tokens.length,
      completion_tokens: direct.completionTokens,
      total_tokens: tokens.length + direct.completionTokens,
    });
    const stream = client.chat.completions.stream({ ...greedy, messages });
    expect(await stream.finalContent()).toBe(text);
  });

  it('knows the longest of its tokens', () => {
    const ids = Array.from({ length: engine.info.vocabSize }, (_, id) => id);
    const longest = Math.max(...ids.map((id) => Buffer.byteLength(engine.detokenize([id]))));
    expect(engine.longestToken).toBe(Math.max(4, longest));
  });

  it('goes on from plain text', async () => {
    const prompt = 'Les étés sont longs';
    const text = await engine.generate({ prompt, temperature: 0, maxTokens: 12 }).text();
    const answer = await client.completions.create({ ...greedy, prompt });
    expect(answer.choices[0]!.text).toBe(text);
  });

  it('repeats a seed, and not otherwise', async () => {
    const sampled = async (seed?: number) => {
      const request = { model: 'tiny', messages, temperature: 1.5, max_tokens: 20 };
      const answer = await client.chat.completions.create(
        seed === undefined ? request : { ...request, seed },
      );
      return answer.choices[0]!.message.content;
    };
    expect(await sampled(5)).toBe(await sampled(5));
    expect(new Set([await sampled(), await sampled(), await sampled()]).size).toBeGreaterThan(1);
  });

  it('refuses what is too long or empty with a reason', async () => {
    const long = [{ role: 'user' as const, content: 'mot '.repeat(300) }];
    await expect(client.chat.completions.create({ ...greedy, messages: long })).rejects.toMatchObject({
      status: 400,
      code: 'context_length_exceeded',
      message: expect.stringMatching(/\d{4} tokens long.*holds 256 tokens/),
    });
    await expect(client.completions.create({ ...greedy, prompt: '' })).rejects.toMatchObject({
      status: 400,
      code: 'prompt_empty',
    });
  });

  it.each(['x', ' ', '\n', 'é', '日', '1', "'s", '<|eot_id|>', '\u0301', '🙂'])(
    'survives nearly a megabyte of %j',
    async (piece) => {
      const content = piece.repeat(
        Math.floor(900_000 / Buffer.byteLength(JSON.stringify(piece).slice(1, -1))),
      );
      await expect(client.completions.create({ ...greedy, prompt: content })).rejects.toMatchObject({
        code: 'context_length_exceeded',
      });
      expect((await client.models.list()).data.length).toBe(1);
    },
  );

  it('is free again when a client went away', async () => {
    const controller = new AbortController();
    const stream = await client.chat.completions.create(
      { model: 'tiny', messages, stream: true, temperature: 0, max_tokens: 200 },
      { signal: controller.signal },
    );
    for await (const _chunk of stream) break;
    controller.abort();
    while (engine.load.active + engine.load.waiting > 0)
      await new Promise((resolve) => setTimeout(resolve, 5));
    expect((await client.chat.completions.create({ ...greedy, messages })).object).toBe('chat.completion');
  });
});

describe('serve', () => {
  it('loads, answers, says where, and stops on its signal', async () => {
    const controller = new AbortController();
    const lines: string[] = [];
    let told: (url: string) => void;
    const url = new Promise<string>((resolve) => {
      told = resolve;
    });
    const serving = serve({
      models: [{ name: 'tiny', gguf, runDir: join(dir, 'nano') }],
      port: 0,
      signal: controller.signal,
      say(line) {
        lines.push(line);
        const match = /^API\s+(\S+)/.exec(line);
        if (match) told(match[1]!);
      },
    });
    const response = await fetch(`${await url}/models`);
    expect((await response.json()).data[0]).toMatchObject({ id: 'tiny', context_length: 256 });
    const run = await fetch(new URL('/api/run', await url));
    expect((await run.json()).run).toMatchObject({ recipe: 'nano', parameters: 1_260_000 });
    controller.abort();
    await serving;
    await expect(fetch(`${await url}/models`)).rejects.toThrow();
    expect(lines.at(-1)).toMatch(/^Stopping/);
  });

  it('passes on why a model cannot be loaded', async () => {
    const models = [{ name: 'absent', gguf: join(dir, 'absent.gguf') }];
    const serving = serve({ models, port: 0, signal: AbortSignal.timeout(60_000), say() {} });
    await expect(serving).rejects.toMatchObject({ code: 'MODEL_MISSING' });
  });
});
