import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Tokenizer as HuggingFaceTokenizer } from '@huggingface/tokenizers';
import { isLucieError, Random } from '@lucie/ledger';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatTokenizerJson, Tokenizer, tokenizerConfig, trainTokenizer } from '../src/index.ts';
import { parseTokenizerJson } from '../src/tokenizer-json.ts';
import { generatedDocuments } from './helpers/documents.ts';
import { nastyTexts } from './helpers/nasty-texts.ts';

type Json = ReturnType<typeof JSON.parse>;

let tokenizer: Tokenizer;
let json: string;
let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'lucie-tokenizer-json-'));
  tokenizer = await trainTokenizer(generatedDocuments(60, 7), {
    preTokenizer: 'qwen2',
    vocabularySize: 700,
    minFrequency: 2,
    maxTokenLength: 32,
  });
  json = formatTokenizerJson(tokenizer.model);
});
afterAll(() => rm(dir, { recursive: true }));

/** The file with a change, as text. */
function changed(change: (file: Json) => void): string {
  const file = JSON.parse(json);
  change(file);
  return JSON.stringify(file);
}

const ids = (text: string, other: Tokenizer = tokenizer) => Array.from(other.encode(text));

describe('writing', () => {
  it('comes back as it was, and is the same text again', () => {
    const read = new Tokenizer(parseTokenizerJson(json, 'tokenizer.json'));
    expect(read.model).toEqual(tokenizer.model);
    expect(formatTokenizerJson(read.model)).toBe(json);
    for (const text of nastyTexts) expect(ids(text, read)).toEqual(ids(text));
  });

  it('keeps tokens named like the parts of objects', async () => {
    const { model } = await trainTokenizer(
      Array.from({ length: 9 }, () => 'constructor 7 toString'),
      { preTokenizer: 'gpt-2', vocabularySize: 400, minFrequency: 2, maxTokenLength: 32 },
    );
    const odd = new Tokenizer({ ...model, tokens: [...model.tokens, '__proto__'] });
    const text = formatTokenizerJson(odd.model);
    const read = new Tokenizer(parseTokenizerJson(text, 'x'));
    expect(read.tokenId('__proto__')).toBe(odd.vocabSize - 1);
    expect(read.tokenId('constructor')).toBeGreaterThan(261);
    expect(read.model).toEqual(odd.model);
    const theirs = new HuggingFaceTokenizer(JSON.parse(text), tokenizerConfig(odd));
    for (const name of ['__proto__', 'constructor', ' constructor', 'toString', 'valueOf']) {
      expect(theirs.encode(name).ids).toEqual(ids(name, read));
    }
  });

  it('is decoded by the Hugging Face library as here', () => {
    const theirs = new HuggingFaceTokenizer(JSON.parse(json), tokenizerConfig(tokenizer));
    for (const text of ["« Où ? » dit-elle, n'est-ce pas ! 1 250,50 €", 'a  b\n\n c', '😀 字']) {
      expect(theirs.decode(ids(text))).toBe(text);
    }
  });
});

describe('reading files made elsewhere', () => {
  /** The same vocabulary under another family's pre-tokenizer. */
  const as = (pre_tokenizer: Json, more: Json = {}) =>
    parseTokenizerJson(
      changed((file) => {
        file.pre_tokenizer = pre_tokenizer;
        Object.assign(file.model, more);
      }),
      'x',
    ).preTokenizer.name;
  const byteLevel = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true };
  const split = (Regex: string, more: Json = { behavior: 'Isolated', invert: false }) => ({
    type: 'Split',
    pattern: { Regex },
    ...more,
  });
  const sequence = (...pretokenizers: Json[]) => ({ type: 'Sequence', pretokenizers });
  const llama3 =
    "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

  it('knows the families by what they write', () => {
    expect(as(byteLevel)).toBe('gpt-2');
    expect(as({ ...byteLevel, use_regex: true })).toBe('gpt-2');
    expect(as(sequence({ type: 'Digits', individual_digits: true }, byteLevel))).toBe('smollm');
    const plain = { ...byteLevel, use_regex: false };
    expect(as(sequence(split(llama3), plain), { ignore_merges: true })).toBe('llama-bpe');
    expect(as(sequence(split(llama3.replace('{1,3}', '')), plain))).toBe('qwen2');
    const removed = split(llama3.replace('{1,3}', ''), { behavior: 'Removed', invert: true });
    expect(as(sequence(removed, plain))).toBe('qwen2');
  });

  it('reads merges as pairs, and a post-processor does not matter', () => {
    const model = parseTokenizerJson(
      changed((file) => {
        file.model.merges = file.model.merges.map((merge: string) => merge.split(' '));
        file.post_processor = { type: 'ByteLevel', add_prefix_space: true, trim_offsets: false };
        delete file.model.type;
      }),
      'x',
    );
    expect(model).toEqual(tokenizer.model);
  });

  it('takes special tokens that stand outside the vocabulary, after it', () => {
    const model = parseTokenizerJson(
      changed((file) => {
        file.added_tokens.push({ id: tokenizer.vocabSize, content: '<|im_end|>', special: true });
      }),
      'x',
    );
    const read = new Tokenizer(model);
    expect(ids('<|im_end|>', read)).toEqual(ids('<|im_end|>'));
    expect(Array.from(read.encode('<|im_end|>', { special: true }))).toEqual([tokenizer.vocabSize]);
  });

  const unsupported: [string, (file: Json) => void, RegExp][] = [
    ['another model', (file) => (file.model.type = 'WordPiece'), /WordPiece/],
    ['a normalizer', (file) => (file.normalizer = { type: 'NFC' }), /NFC/],
    ['another decoder', (file) => (file.decoder = { type: 'Metaspace' }), /Metaspace/],
    ['byte fallback', (file) => (file.model.byte_fallback = true), /byte_fallback/],
    ['a word suffix', (file) => (file.model.end_of_word_suffix = '</w>'), /<\/w>/],
    ['dropout', (file) => (file.model.dropout = 0.1), /dropout/],
    ['an unknown pattern', (file) => (file.pre_tokenizer.pretokenizers[0].pattern.Regex = '\\w+'), /\\w\+/],
    [
      'a prefix space',
      (file) => (file.pre_tokenizer = { ...byteLevel, add_prefix_space: true }),
      /ByteLevel/,
    ],
    ['no pre-tokenizer', (file) => (file.pre_tokenizer = null), /null/],
    [
      'a string pattern',
      (file) => (file.pre_tokenizer = { type: 'Split', pattern: { String: ' ' } }),
      /Split/,
    ],
    ['greedy added tokens', (file) => (file.added_tokens[0].lstrip = true), /lstrip/],
    ['ordinary added tokens', (file) => (file.added_tokens[0].special = false), /special/],
    ['merges ignored against the family', (file) => (file.model.ignore_merges = true), /ignore_merges/],
  ];
  it.each(unsupported)('refuses %s by name', (_, change, named) => {
    const read = () => parseTokenizerJson(changed(change), 'x.json');
    expect(read).toThrow(expect.objectContaining({ code: 'TOKENIZER_UNSUPPORTED' }));
    expect(read).toThrow(named);
    expect(read).toThrow(/x\.json/);
  });

  const invalid: [string, (file: Json) => void][] = [
    // No merge needs this byte.
    ['a missing byte', (file) => renamed(file.model.vocab, 'ÿ', 'ÿÿ')],
    ['an id twice', (file) => (file.model.vocab['!'] = file.model.vocab['"'])],
    ['a gap', (file) => (file.model.vocab['!'] = 5000)],
    ['a huge id', (file) => (file.model.vocab['!'] = 2 ** 40)],
    ['an id that is no number', (file) => (file.model.vocab['!'] = '7')],
    ['a fraction', (file) => (file.model.vocab['!'] = 1.5)],
    ['a special token under two ids', (file) => (file.added_tokens[0].id = 1)],
    [
      'a token of foreign characters',
      (file) => renamed(file.model.vocab, file.model.merges[0].replace(' ', ''), '字'),
    ],
    ['a merge of unknown parts', (file) => (file.model.merges[3] = 'zz qq')],
    ['a merge of three', (file) => (file.model.merges[3] = 'a b c')],
    ['a merge twice', (file) => file.model.merges.push(file.model.merges[0])],
    ['no vocabulary', (file) => delete file.model.vocab],
    ['a list as vocabulary', (file) => (file.model.vocab = ['a'])],
    ['no model', (file) => delete file.model],
  ];
  const renamed = (vocab: Json, from: string, to: string) => {
    vocab[to] = vocab[from];
    delete vocab[from];
  };
  it.each(invalid)('refuses %s', (_, change) => {
    const text = changed(change);
    expect(() => parseTokenizerJson(text, 'x')).toThrow(
      expect.objectContaining({ code: 'TOKENIZER_INVALID' }),
    );
  });
});

describe('fromFile', () => {
  it('says which file is missing', async () => {
    await expect(Tokenizer.fromFile(join(dir, 'none.json'))).rejects.toMatchObject({
      code: 'TOKENIZER_MISSING',
      message: expect.stringContaining('none.json'),
    });
  });

  it('reads a damaged file or refuses it, and never ends otherwise', async () => {
    const random = new Random(1);
    const values: Json[] = [null, true, -1, 1e300, '', 'Ġ', [], {}, [[]], '__proto__'];
    let refused = 0;
    for (let n = 0; n < 400; n++) {
      const path = join(dir, 'damaged.json');
      let text: string;
      if (n % 3 === 0) text = json.slice(0, random.below(json.length));
      else if (n % 3 === 1) {
        const at = random.below(json.length);
        text = `${json.slice(0, at)}${String.fromCharCode(random.below(256))}${json.slice(at + 1)}`;
      } else {
        text = changed((file) => {
          // Walks down to somewhere and puts something else there.
          let at = file;
          for (;;) {
            const keys = Object.keys(at);
            const key = keys[random.below(keys.length)]!;
            const inner = at[key];
            if (random.below(3) > 0 && inner && typeof inner === 'object' && Object.keys(inner).length > 0)
              at = inner;
            else {
              at[key] = values[random.below(values.length)];
              return;
            }
          }
        });
      }
      await writeFile(path, text);
      try {
        const read = await Tokenizer.fromFile(path);
        expect(read.decode(read.encode("l'été 12"))).toBe("l'été 12");
      } catch (error) {
        expect(isLucieError(error), String(error)).toBe(true);
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(200);
  });
});
