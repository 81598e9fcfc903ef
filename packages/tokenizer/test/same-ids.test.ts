import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Random } from '@lucie/ledger';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  ggufVocabulary,
  type PreTokenizerName,
  SPECIAL_TOKENS,
  Tokenizer,
  tokenizerOptions,
  trainTokenizer,
} from '../src/index.ts';
import { generatedDocuments, repositoryFiles } from './helpers/documents.ts';
import { nastyTexts } from './helpers/nasty-texts.ts';
import { expectSameIds, type Readers, readersOf } from './helpers/readers.ts';

let dir: string;
const learnt = generatedDocuments(300, 7);
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'lucie-same-ids-'));
});
afterAll(() => rm(dir, { recursive: true }));

const train = (preTokenizer: PreTokenizerName, texts: Iterable<string> = learnt) =>
  trainTokenizer(texts, { preTokenizer, vocabularySize: 2000, minFrequency: 2, maxTokenLength: 32 });

describe.each(['qwen2', 'llama-bpe', 'gpt-2', 'smollm'] as const)('%s', (preTokenizer) => {
  let readers: Readers;
  beforeAll(async () => {
    readers = await readersOf(await train(preTokenizer), dir);
  });
  afterAll(() => readers.llama[Symbol.dispose]());

  // The one that recipes use has the thousand documents of the promise.
  const count = preTokenizer === tokenizerOptions.parse({}).preTokenizer ? 1000 : 200;
  it(`gives the same ids on ${count} documents`, () => {
    const files = repositoryFiles(count / 20);
    const documents = [...files, ...generatedDocuments(count - files.length, 8)];
    expect(documents).toHaveLength(count);
    expectSameIds(readers, documents);
  });

  it('gives the same ids on the nasty page', () => {
    expectSameIds(readers, nastyTexts);
  });

  it('gives the same ids on random neighbours', () => {
    const random = new Random(3, preTokenizer);
    const pool = Array.from(nastyTexts.filter((text) => text.length < 60).join(''));
    const texts = Array.from({ length: 1500 }, () =>
      Array.from({ length: 12 }, () => pool[random.below(pool.length)]).join(''),
    );
    expectSameIds(readers, texts);
  });

  it('gives the same ids where special tokens are read', () => {
    const random = new Random(4);
    const parts = [...SPECIAL_TOKENS, 'Bonjour', ' ', '\n\n', "l'eau", '<', '<|', '|>', '12', '!', ''];
    const texts = Array.from({ length: 300 }, () =>
      Array.from({ length: 8 }, () => parts[random.below(parts.length)]).join(''),
    );
    expectSameIds(readers, texts, true);
  });

  it('tells libllama the special tokens', () => {
    expect(readers.llama.facts).toEqual({
      size: readers.ours.vocabSize,
      bos: 0,
      eos: 1,
      eot: 5,
      addsBos: false,
      ends: [1, 5],
      control: [0, 1, 2, 3, 4, 5],
    });
  });
});

it('gives the same ids for every 64th code point, also those that llama.cpp does not know yet', async () => {
  const readers = await readersOf(await train('qwen2'), dir);
  const texts: string[] = [];
  for (let block = 0; block < 0x110000; block += 4096) {
    let text = '';
    for (let code = block + ((block / 4096) % 64); code < block + 4096; code += 64) {
      if (code >= 0xd800 && code < 0xe000) continue;
      const point = String.fromCodePoint(code);
      text += `a${point}b ${point}1${point}! `;
    }
    texts.push(text);
  }
  expectSameIds(readers, texts);
  readers.llama[Symbol.dispose]();
});

it('knows why tekken and gpt-4o are not offered: llama.cpp cuts accented capitals elsewhere', async () => {
  for (const name of ['tekken', 'gpt-4o'] as const) {
    const texts = Array.from({ length: 50 }, () => 'ÉCOLE École écOLE l’ÎLE ÉtÉ');
    const tokenizer = await train(name, texts);
    expect(() => ggufVocabulary(tokenizer)).toThrow(/accented capitals/);
    const pretending = new Tokenizer({
      ...tokenizer.model,
      preTokenizer: { ...tokenizer.model.preTokenizer, sameInLlamaCpp: true },
    });
    const readers = await readersOf(pretending, dir);
    const text = 'ÉCOLE';
    expect(readers.huggingFace(text)).toEqual(Array.from(readers.ours.encode(text)));
    expect(readers.llama.encode(text)).not.toEqual(Array.from(readers.ours.encode(text)));
    readers.llama[Symbol.dispose]();
  }
});
