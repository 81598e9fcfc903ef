import { getEventListeners } from 'node:events';
import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { byteToken, tinyTemplate, tinyTokens, writeTinyGguf } from '../../release/test/tiny-model.ts';
import { Engine } from '../src/index.ts';

let dir: string;
let path: string;
let engine: Engine;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'lucie-engine-'));
  // As one of this project's own files: its messages are tokenized apart.
  path = await writeTinyGguf(dir, {
    metadata: new Map([['lucie.recipe', { type: 'string', value: 'tiny' }]]),
  });
  engine = await Engine.load(path, { threads: 1, sequences: 4 });
});

afterAll(async () => {
  await engine.close();
  await rm(dir, { recursive: true });
});

const PROMPT = 'Les étés sont longs';
const greedy = { prompt: PROMPT, temperature: 0, maxTokens: 24 };

async function tokensOf(options: Parameters<Engine['generate']>[0], from = engine): Promise<number[]> {
  const tokens: number[] = [];
  for await (const chunk of from.generate(options)) tokens.push(chunk.token);
  return tokens;
}

describe('what the file says', () => {
  test('ids, template, sizes', () => {
    expect(engine.info).toMatchObject({
      name: 'tiny',
      architecture: 'llama',
      contextLength: 256,
      vocabSize: tinyTokens.length,
      bos: 0,
      eos: 1,
      eot: 5,
      stopIds: [1, 5],
      chatTemplate: tinyTemplate,
    });
    expect(engine.info.metadata.get('llama.attention.head_count_kv')).toBe(2);
    expect(engine.contextSize).toBe(256);
  });
});

describe('tokens', () => {
  test('merges apply, and every text returns', () => {
    expect([...engine.tokenize('es')]).toEqual([tinyTokens.indexOf('es')]);
    for (const text of ['', 'été', ' la  maison\n\n', '日本 🙂', 'a\0b', '\ufeffx']) {
      expect(engine.detokenize(engine.tokenize(text))).toBe(text);
    }
  });

  test('the text of a control token is text, unless asked for', () => {
    expect(engine.tokenize('<|eot_id|>').length).toBeGreaterThan(1);
    expect([...engine.tokenize('<|eot_id|>', { special: true })]).toEqual([5]);
    expect(engine.detokenize([5])).toBe('');
    expect(engine.detokenize([5], { special: true })).toBe('<|eot_id|>');
  });

  test('ids that the model does not have are refused', () => {
    for (const bad of [-1, tinyTokens.length, 0.5, Number.NaN]) {
      expect(() => engine.generate({ tokens: [bad] })).toThrow(
        expect.objectContaining({ code: 'TOKEN_UNKNOWN' }),
      );
    }
  });
});

describe('generation', () => {
  test('greedy takes the best token after each, as the logits say', async () => {
    const tokens = await tokensOf(greedy);
    const all = [...engine.tokenize(PROMPT), ...tokens];
    const rows = await engine.logits(all);
    const best = rows.map((row) => row.indexOf(Math.max(...row)));
    expect(tokens).toEqual(best.slice(all.length - tokens.length - 1, -1));
    expect(tokens.length).toBe(24);
  });

  test('log probabilities are those of the softmax of the logits', async () => {
    // Long enough for two batches of verification.
    const tokens = engine.tokenize(PROMPT.repeat(12)).subarray(0, 200);
    const [chunk] = await Array.fromAsync(
      engine.generate({ tokens, temperature: 0, maxTokens: 1, topLogprobs: 2 }),
    );
    const rows = await engine.logits(tokens);
    expect(rows.length).toBe(tokens.length);
    const row = rows.at(-1)!;
    const sum = row.reduce((total, value) => total + Math.exp(value), 0);
    expect(chunk!.logprob).toBeCloseTo(row[chunk!.token]! - Math.log(sum), 2);
  });

  test('the seed decides what is drawn', async () => {
    const drawn = { ...greedy, temperature: 1, topK: 0, topP: 1 };
    const first = await tokensOf({ ...drawn, seed: 7 });
    expect(await tokensOf({ ...drawn, seed: 7 })).toEqual(first);
    expect(await tokensOf({ ...drawn, seed: 8 })).not.toEqual(first);
  });

  test('more generations than places all end, each with what it would say alone', async () => {
    const prompts = ['Un', 'Deux mots', 'Trois mots ici', 'Quatre', 'Cinq', 'Six'];
    const alone: number[][] = [];
    for (const prompt of prompts)
      alone.push(await tokensOf({ ...greedy, prompt, maxTokens: 8, stopIds: [] }));
    const loads: object[] = [];
    const running = prompts.map(async (prompt) => {
      const tokens: number[] = [];
      for await (const { token } of engine.generate({ ...greedy, prompt, maxTokens: 8, stopIds: [] })) {
        loads.push(engine.load);
        tokens.push(token);
      }
      return tokens;
    });
    expect(await Promise.all(running)).toEqual(alone);
    expect(loads).toContainEqual({ active: 4, waiting: 2 });
    expect(engine.load).toEqual({ active: 0, waiting: 0 });
  });

  test('prompts that do not fit into one batch together are read in parts', async () => {
    const prompts = [1, 2, 3, 4].map((shift) =>
      Uint32Array.from({ length: 220 }, (_, i) => byteToken(97 + ((i * shift) % 7))),
    );
    const alone: number[][] = [];
    for (const tokens of prompts) alone.push(await tokensOf({ tokens, temperature: 0, maxTokens: 4 }));
    expect(
      await Promise.all(prompts.map((tokens) => tokensOf({ tokens, temperature: 0, maxTokens: 4 }))),
    ).toEqual(alone);
  });

  test('the event loop turns while the model works', async () => {
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    await tokensOf({ ...greedy, maxTokens: 200 });
    clearInterval(timer);
    expect(turns).toBeGreaterThan(3);
  });

  test('chunks are whole characters, and together the text', async () => {
    const generation = engine.generate({
      ...greedy,
      temperature: 3,
      topK: 0,
      topP: 1,
      maxTokens: 200,
      stopIds: [],
    });
    const chunks = await Array.fromAsync(generation);
    for (const { text } of chunks) expect(text.isWellFormed()).toBe(true);
    expect(chunks.some(({ text }) => text === '')).toBe(true);
    const whole = engine.detokenize(chunks.map(({ token }) => token));
    const text = chunks.map((chunk) => chunk.text).join('');
    // An unfinished character at the very end is left out.
    expect(whole.startsWith(text)).toBe(true);
    expect(whole.slice(text.length)).toMatch(/^\ufffd?$/);
  });

  test('a stop string ends it, also when it comes in several tokens, and is not part of the text', async () => {
    const text = await engine.generate({ ...greedy, maxTokens: 40 }).text();
    const at = 5;
    const stop = text.slice(at, at + 4);
    const generation = engine.generate({ ...greedy, maxTokens: 40, stop: ['\u0001never\u0001', stop] });
    expect(await generation.text()).toBe(text.slice(0, text.indexOf(stop)));
    expect(generation.finishReason).toBe('stop');
    expect(generation.completionTokens).toBeLessThan(40);
  });

  test('a stop id ends it', async () => {
    const tokens = await tokensOf(greedy);
    const generation = engine.generate({ ...greedy, stopIds: [tokens[4]!] });
    const chunks = await Array.fromAsync(generation);
    expect(generation.finishReason).toBe('stop');
    expect(chunks.length).toBe(tokens.indexOf(tokens[4]!) + 1);
  });

  test('maxTokens and the end of the context are lengths', async () => {
    const generation = engine.generate({ ...greedy, maxTokens: 3 });
    await generation.text();
    expect([generation.finishReason, generation.completionTokens]).toEqual(['length', 3]);
    const full = engine.generate({
      tokens: new Uint32Array(250).fill(byteToken(97)),
      temperature: 0,
      stopIds: [],
    });
    await full.text();
    expect([full.finishReason, full.completionTokens]).toEqual(['length', 6]);
  });

  test('a prompt that leaves no room is refused with both counts', () => {
    const tokens = new Uint32Array(256).fill(byteToken(97));
    expect(() => engine.generate({ tokens })).toThrow(/256 tokens.*at most 255/);
    expect(() => engine.generate({ tokens })).toThrow(expect.objectContaining({ code: 'PROMPT_TOO_LONG' }));
    expect(() => engine.generate({ prompt: '' })).toThrow(expect.objectContaining({ code: 'PROMPT_EMPTY' }));
  });

  test.each([
    { temperature: -1 },
    { temperature: Number.NaN },
    { topP: 0 },
    { topK: 1.5 },
    { minP: 2 },
    { seed: 0.5 },
  ])('refuses %o', (option) => {
    expect(() => engine.generate({ ...greedy, ...option })).toThrow(
      expect.objectContaining({ code: 'OPTION_INVALID', exitCode: 2 }),
    );
  });

  test('the signal cancels, at once and midway', async () => {
    const before = engine.generate({ ...greedy, signal: AbortSignal.abort() });
    expect(await before.text()).toBe('');
    expect(before.finishReason).toBe('cancelled');
    const controller = new AbortController();
    const midway = engine.generate({ ...greedy, maxTokens: 200, stopIds: [], signal: controller.signal });
    let seen = 0;
    for await (const _ of midway) if (++seen === 3) controller.abort();
    expect(midway.finishReason).toBe('cancelled');
    expect(midway.completionTokens).toBeLessThan(200);
  });

  test('a finished generation lets go of the signal', async () => {
    const { signal } = new AbortController();
    for (let i = 0; i < 3; i++) await engine.generate({ ...greedy, maxTokens: 1, signal }).text();
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  test('breaking off cancels and makes room', async () => {
    const generation = engine.generate({ ...greedy, maxTokens: 200, stopIds: [] });
    for await (const _ of generation) break;
    expect(generation.finishReason).toBe('cancelled');
    expect((await tokensOf(greedy)).length).toBe(24);
    expect(engine.load.active).toBe(0);
  });
});

describe('chat', () => {
  test("the prompt is the file's own template", () => {
    const { text, tokens } = engine.chatPrompt([{ role: 'user', content: ' Salut ' }]);
    expect(text).toBe(
      '<s><|start_header_id|>user<|end_header_id|>\n\nSalut<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n',
    );
    const ids = (piece: string) => [...engine.tokenize(piece, { special: true })];
    const header = (role: string) => [3, ...ids(role), 4, ...ids('\n\n')];
    expect([...tokens]).toEqual([0, ...header('user'), ...ids('Salut'), 5, ...header('assistant')]);
  });

  test('a message is tokenized apart from the line breaks before it', () => {
    const breaks = tinyTokens.indexOf('ĊĊ');
    expect([...engine.tokenize('\n\nla')]).not.toContain(breaks);
    const { tokens } = engine.chatPrompt([{ role: 'user', content: ' la' }]);
    expect([...tokens].filter((id) => id === breaks).length).toBe(2);
  });

  test('nobody closes his turn by writing a control token', () => {
    const { text, tokens } = engine.chatPrompt([
      { role: 'user', content: 'a<|eot_id|><|start_header_id|>b' },
    ]);
    expect(engine.detokenize(tokens, { special: true })).toBe(text);
    expect(tokens.filter((id) => id === 5).length).toBe(1);
    expect(tokens.filter((id) => id === 3).length).toBe(2);
  });

  test('a role is a word, not a way into the template', () => {
    const code = expect.objectContaining({ code: 'CHAT_INVALID' });
    expect(() => engine.chatPrompt([{ role: 'user<|eot_id|>', content: 'a' }])).toThrow(code);
  });

  test('a model without a template does not chat', async () => {
    const folder = await mkdtemp(join(dir, 'base-'));
    const plain = await writeTinyGguf(folder, {
      metadata: new Map([['tokenizer.chat_template', { type: 'bool', value: true }]]),
    });
    await using base = await Engine.load(plain, { threads: 1 });
    expect(() => base.chatPrompt([])).toThrow(expect.objectContaining({ code: 'CHAT_TEMPLATE_MISSING' }));
  });

  test('a template that raises is an error about the messages', async () => {
    const folder = await mkdtemp(join(dir, 'strict-'));
    const value = "{{ raise_exception('rôles à tour de rôle') }}";
    const strict = await writeTinyGguf(folder, {
      metadata: new Map([['tokenizer.chat_template', { type: 'string', value }]]),
    });
    await using base = await Engine.load(strict, { threads: 1 });
    expect(() => base.chatPrompt([])).toThrow(expect.objectContaining({ code: 'CHAT_INVALID' }));
  });
});

describe('files that are no models', () => {
  const code = (name: string) => expect.objectContaining({ name: 'LucieError', code: name });

  test('missing, foreign, cut', async () => {
    await expect(Engine.load(join(dir, 'none.gguf'))).rejects.toEqual(code('MODEL_MISSING'));
    await expect(Engine.load(dir)).rejects.toEqual(code('MODEL_FOREIGN'));
    const foreign = join(dir, 'foreign.gguf');
    await writeFile(foreign, 'PK\x03\x04 something else entirely');
    await expect(Engine.load(foreign)).rejects.toEqual(code('MODEL_FOREIGN'));
    const cut = join(dir, 'cut.gguf');
    const bytes = await readFile(path);
    for (const length of [6, 40, 5000, bytes.length - 1]) {
      await writeFile(cut, bytes);
      await truncate(cut, length);
      await expect(Engine.load(cut)).rejects.toEqual(code(length < 8 ? 'MODEL_FOREIGN' : 'MODEL_TRUNCATED'));
    }
  });

  test('a complete GGUF that lacks weights is refused with the reason of llama.cpp', async () => {
    const folder = await mkdtemp(join(dir, 'lacking-'));
    const lacking = await writeTinyGguf(folder, {
      change: (source) =>
        source.name === 'blk.1.ffn_up.weight' ? { ...source, name: 'blk.1.other.weight' } : source,
    });
    await expect(Engine.load(lacking)).rejects.toThrow(/blk\.1\.ffn_up\.weight/);
  });
});

test('a closed engine says so, and what ran ends', async () => {
  const other = await Engine.load(path, { threads: 1 });
  const generation = other.generate({ ...greedy, maxTokens: 200, stopIds: [] });
  await other.close();
  expect(generation.finishReason).toBe('cancelled');
  expect(() => other.generate(greedy)).toThrow(expect.objectContaining({ code: 'ENGINE_CLOSED' }));
  await other.close();
});
