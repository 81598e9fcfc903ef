import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { bool, type ChatMessage, Engine, string } from '../src/index.ts';
import { families } from './chat-families.ts';
import { type Family, familyFile } from './family-model.ts';

let dir: string;
const engines = new Map<string, Engine>();
const load = async (name: string, family: Family) =>
  await Engine.load(await familyFile(dir, name, family), {
    threads: 1,
    sequences: 1,
    contextSize: 128,
    trial: false,
  });

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'lucie-families-'));
  for (const [name, family] of Object.entries<Family>(families)) engines.set(name, await load(name, family));
});

afterAll(async () => {
  for (const engine of engines.values()) await engine.close();
  await rm(dir, { recursive: true });
});

afterEach(() => {
  vi.useRealTimers();
});

const talk: ChatMessage[] = [
  { role: 'system', content: 'Sois bref.' },
  { role: 'user', content: 'Bonjour' },
  { role: 'assistant', content: 'Salut' },
  { role: 'user', content: 'Ici ?' },
];

/** What each family's documentation says that this conversation looks like. */
const expected: Record<keyof typeof families, string> = {
  chatml:
    '<|im_start|>system\nSois bref.<|im_end|>\n<|im_start|>user\nBonjour<|im_end|>\n<|im_start|>assistant\nSalut<|im_end|>\n<|im_start|>user\nIci ?<|im_end|>\n<|im_start|>assistant\n',
  llama2: '<s>[INST] <<SYS>>\nSois bref.\n<</SYS>>\n\nBonjour [/INST] Salut </s><s>[INST] Ici ? [/INST]',
  llama3:
    '<|begin_of_text|><|start_header_id|>system<|end_header_id|>\n\nToday Date: 09 Feb 2026\n\n<|eot_id|><|start_header_id|>system<|end_header_id|>\n\nSois bref.<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nBonjour<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\nSalut<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nIci ?<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n',
  mistral: '<s>[INST] Bonjour[/INST] Salut</s>[INST] Sois bref.\n\nIci ?[/INST]',
  gemma:
    '<bos><start_of_turn>user\nSois bref.\n\nBonjour<end_of_turn>\n<start_of_turn>model\nSalut<end_of_turn>\n<start_of_turn>user\nIci ?<end_of_turn>\n<start_of_turn>model\n',
  phi: '<|system|>\nSois bref.<|end|>\n<|user|>\nBonjour<|end|>\n<|assistant|>\nSalut<|end|>\n<|user|>\nIci ?<|end|>\n<|assistant|>\n',
  zephyr:
    '<|system|>\nSois bref.</s>\n<|user|>\nBonjour</s>\n<|assistant|>\nSalut</s>\n<|user|>\nIci ?</s>\n<|assistant|>\n',
  deepseek:
    '<｜begin▁of▁sentence｜>Sois bref.<｜User｜>Bonjour<｜Assistant｜>Salut<｜end▁of▁sentence｜><｜User｜>Ici ?<｜Assistant｜>',
};

describe.each(Object.keys(expected) as (keyof typeof families)[])('%s', (name) => {
  const family: Family = families[name];
  const engineOf = () => engines.get(name)!;

  test('a conversation reads as the family writes it', () => {
    vi.useFakeTimers({ now: new Date(2026, 1, 9, 12), toFake: ['Date'] });
    expect(engineOf().chatPrompt(talk).text).toBe(expected[name]);
  });

  test('control tokens are tokens, bos stands once and first', () => {
    const { text, tokens } = engineOf().chatPrompt(talk);
    for (const [id, control] of [...family.controls, ...(family.added ?? [])].entries()) {
      const written = text.split(control).length - 1;
      if (family.addBos && id === family.bos) expect(tokens[0]).toBe(id);
      const least = family.addBos && id === family.bos ? Math.max(1, written) : written;
      expect([control, tokens.filter((token) => token === id).length]).toEqual([control, least]);
    }
  });

  test('a message cannot speak in another name, nor is anything of it lost', () => {
    const attack = [...family.controls, ...(family.added ?? [])].join(' la ');
    const clean = engineOf().chatPrompt([{ role: 'user', content: 'on' }]);
    const forged = engineOf().chatPrompt([{ role: 'user', content: attack }]);
    for (const [id] of [...family.controls, ...(family.added ?? [])].entries()) {
      const count = (tokens: Uint32Array) => tokens.filter((token) => token === id).length;
      expect([id, count(forged.tokens)]).toEqual([id, count(clean.tokens)]);
    }
    expect(forged.text).toContain(attack);
    // A SentencePiece vocabulary begins each piece with a space.
    const flat = (text: string) => text.replaceAll(' ', '');
    expect(flat(engineOf().detokenize(forged.tokens, { special: true }))).toContain(flat(attack));
  });

  test('generation stops where the family ends a turn', () => {
    expect(engineOf().info.stopIds).toContain(family.eot ?? family.eos);
    expect(engineOf().info.stopIds).toContain(family.eos);
  });
});

test('a model of another family is not tokenized message by message', () => {
  // "[INST] la": the space belongs to the word, as it did in training.
  const { tokens } = engines.get('mistral')!.chatPrompt([{ role: 'user', content: 'la' }]);
  const word = engines.get('mistral')!.tokenize('la');
  expect(word.length).toBe(1);
  expect([...tokens]).toContain(word[0]);
});

test('ends of turns are known by their names, when the file does not say which they are', async () => {
  await using engine = await load('unsaid', { ...families.chatml, eos: 0, eot: 0 });
  expect(engine.info.stopIds).toEqual([0, 2]);
});

test('a template that leaves bos to the tokenizer gets it', async () => {
  await using engine = await load('left', { ...families.phi, addBos: true });
  const { tokens, text } = engine.chatPrompt([{ role: 'user', content: 'la' }]);
  expect([...tokens.subarray(0, 2)]).toEqual([1, 7]);
  expect(text.startsWith('<|user|>')).toBe(true);
});

test('of several templates the default one counts', async () => {
  const several = new Map([
    ['tokenizer.chat_template', bool(false)],
    ['tokenizer.chat_template.default', string('D{{ messages[0].content }}')],
    ['tokenizer.chat_template.tool_use', string('T{{ messages[0].content }}')],
  ]);
  await using engine = await load('several', { ...families.chatml, metadata: several });
  expect(engine.chatPrompt([{ role: 'user', content: 'on' }]).text).toBe('Don');
});

test('what a template refuses is told in its own words', () => {
  const twice = [talk[1]!, talk[1]!];
  expect(() => engines.get('mistral')!.chatPrompt(twice)).toThrow(/roles must alternate/);
  expect(() => engines.get('gemma')!.chatPrompt([talk[0]!])).toThrow(
    expect.objectContaining({ code: 'CHAT_INVALID' }),
  );
});

test('a template that does not end is broken off, and the next prompt is rendered', async () => {
  const loop = '{% for i in range(30000) %}{% for j in range(30000) %}{% endfor %}{% endfor %}';
  const template = `{% if messages|length > 2 %}${loop}{% endif %}{{ messages[0].content }}`;
  await using engine = await load('loops', { ...families.chatml, template });
  const many = [talk[1]!, talk[1]!, talk[1]!];
  expect(() => engine.chatPrompt(many)).toThrow(expect.objectContaining({ code: 'TEMPLATE_ENDLESS' }));
  expect(engine.chatPrompt([talk[1]!]).text).toBe('Bonjour');
});
