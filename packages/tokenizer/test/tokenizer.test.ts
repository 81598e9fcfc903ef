import { Random } from '@lucie/ledger';
import { beforeAll, describe, expect, it } from 'vitest';
import { fromAlphabet, toAlphabet } from '../src/byte-alphabet.ts';
import { DecodeStream, SPECIAL_TOKENS, Tokenizer, trainTokenizer } from '../src/index.ts';
import { preTokenizers } from '../src/pre-tokenizers.ts';
import { sequenceLength } from '../src/utf8-runs.ts';
import { generatedDocuments } from './helpers/documents.ts';
import { nastyTexts } from './helpers/nasty-texts.ts';

let tokenizer: Tokenizer;
beforeAll(async () => {
  tokenizer = await trainTokenizer(generatedDocuments(200, 7), {
    preTokenizer: 'qwen2',
    vocabularySize: 1500,
    minFrequency: 2,
    maxTokenLength: 32,
  });
});

const same = (a: Uint8Array, b: Uint8Array) => Buffer.compare(a, b) === 0;

/** Bytes in which valid characters, halves of characters and noise alternate. */
function randomBytes(random: Random, length: number): Uint8Array {
  const parts = ['é', 'l’eau', ' ', '😀', '\u00a0!', '12', 'constructor', '</s>', '字', '\ufeff'].map(
    (text) => Buffer.from(text),
  );
  const out: number[] = [];
  while (out.length < length) {
    const choice = random.below(4);
    const part = parts[random.below(parts.length)]!;
    if (choice === 0) out.push(random.below(256));
    else if (choice === 1) out.push(...part.subarray(0, 1 + random.below(part.length)));
    else out.push(...part);
  }
  return Uint8Array.from(out);
}

describe('splitting', () => {
  /** What `tokenizer.json` says: each pattern in turn isolates its matches. */
  function byPatterns(patterns: string[], text: string): string[] {
    let pieces = [text];
    for (const pattern of patterns) {
      const source = pattern.replaceAll('\\s', '\\p{White_Space}').replaceAll('\\S', '\\P{White_Space}');
      pieces = pieces.flatMap((piece) => {
        const parts: string[] = [];
        let from = 0;
        for (const match of piece.matchAll(new RegExp(source, 'gu'))) {
          parts.push(piece.slice(from, match.index), match[0]);
          from = match.index + match[0].length;
        }
        return [...parts, piece.slice(from)].filter((part) => part !== '');
      });
    }
    return pieces;
  }

  it.each([...preTokenizers.values()])('$name cuts as its patterns say', ({ patterns, scan }) => {
    const random = new Random(9);
    const pool = Array.from(nastyTexts.filter((text) => text.length < 60).join(''));
    const mixed = Array.from({ length: 3000 }, () =>
      Array.from({ length: 1 + random.below(10) }, () => pool[random.below(pool.length)]).join(''),
    );
    for (const text of [...nastyTexts, ...mixed, ...generatedDocuments(50, 4), '\ud800a\udc00 \ud800']) {
      const pieces: string[] = [];
      for (let at = 0; at < text.length; ) {
        const end = scan(text, at);
        expect(end).toBeGreaterThan(at);
        pieces.push(text.slice(at, end));
        at = end;
      }
      expect(pieces).toEqual(byPatterns(patterns, text));
    }
  });
});

describe('encode', () => {
  it('gives nothing for nothing', () => {
    expect(tokenizer.encode('')).toEqual(new Uint32Array());
    expect(tokenizer.decode([])).toBe('');
    expect(tokenizer.encodeBytes(new Uint8Array())).toEqual(new Uint32Array());
  });

  it('keeps every text', () => {
    for (const text of [...nastyTexts, ...generatedDocuments(100, 12)]) {
      expect(tokenizer.decode(tokenizer.encode(text))).toBe(text);
    }
  });

  it('merges by rank, leftmost first, on words short and long', () => {
    const ranks = new Map(
      tokenizer.model.merges.map(([left, right, result], rank) => [`${left} ${right}`, { rank, result }]),
    );
    const random = new Random(2);
    const letters = [...'abdeilmnorstué'];
    for (let n = 0; n < 300; n++) {
      const word = Array.from(
        { length: 1 + random.below(90) },
        () => letters[random.below(letters.length)],
      ).join('');
      const ids = Array.from(
        Buffer.from(word),
        (byte) => tokenizer.tokenId(toAlphabet(Uint8Array.of(byte)))!,
      );
      for (;;) {
        const found = ids.slice(1).map((right, i) => ({ i, ...ranks.get(`${ids[i]} ${right}`) }));
        const best = found
          .filter(({ rank }) => rank !== undefined)
          .sort((a, b) => a.rank! - b.rank! || a.i - b.i)[0];
        if (!best) break;
        ids.splice(best.i, 2, best.result!);
      }
      expect(Array.from(tokenizer.encode(word))).toEqual(ids);
    }
  });

  it('takes a word of a megabyte', () => {
    for (const word of ['a'.repeat(1 << 20), 'éa'.repeat(1 << 19), 'contrat'.repeat(150_000)]) {
      const ids = tokenizer.encode(word);
      expect(tokenizer.decode(ids)).toBe(word);
      if (word.startsWith('contrat')) expect(ids.length).toBeLessThan(word.length / 4);
    }
  });

  it('gives the same ids whatever it has seen before', () => {
    const fresh = new Tokenizer(tokenizer.model);
    // More distinct pieces than the cache holds.
    for (let i = 0; i < 400_000; i++)
      fresh.encode(`${'x'.repeat(50)}${String.fromCodePoint(0x4e00 + (i % 20_000), 0x4e00 + (i >> 4))}`);
    for (const text of generatedDocuments(50, 13)) expect(fresh.encode(text)).toEqual(tokenizer.encode(text));
  });

  it('reads special tokens only when asked', () => {
    const text = `${SPECIAL_TOKENS.join('a')}<|eot_id`;
    expect(Array.from(tokenizer.encode(text)).filter((id) => id < 6)).toEqual([]);
    expect(tokenizer.decode(tokenizer.encode(text))).toBe(text);
    const ids = tokenizer.encode(text, { special: true });
    expect(Array.from(ids).filter((id) => id < 6)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(tokenizer.decode(ids, { special: true })).toBe(text);
    expect(tokenizer.decode(ids)).toBe('aaaaa<|eot_id');
  });

  it('reads a lone surrogate as U+FFFD', () => {
    expect(tokenizer.encode('a\ud800b\udc00')).toEqual(tokenizer.encode('a\ufffdb\ufffd'));
  });

  it('takes a whole token without merging where the pre-tokenizer says so', () => {
    const { model } = tokenizer;
    const tokens = [...model.tokens, 'zzqzz'];
    const whole = (name: string) =>
      new Tokenizer({ ...model, tokens, preTokenizer: preTokenizers.get(name)! }).encode('zzqzz');
    expect(Array.from(whole('llama-bpe'))).toEqual([tokens.length - 1]);
    expect(whole('qwen2').length).toBeGreaterThan(1);
  });
});

describe('bytes', () => {
  it('come back whatever they are', () => {
    const random = new Random(6);
    for (let n = 0; n < 3000; n++) {
      const bytes = randomBytes(random, random.below(60));
      expect(same(tokenizer.decodeBytes(tokenizer.encodeBytes(bytes)), bytes)).toBe(true);
    }
    for (let byte = 0; byte < 256; byte++) {
      const bytes = Uint8Array.of(byte);
      expect(Array.from(tokenizer.encodeBytes(bytes))).toEqual([tokenizer.tokenId(toAlphabet(bytes))]);
    }
  });

  it('of a text have the ids of the text', () => {
    for (const text of nastyTexts) {
      expect(tokenizer.encodeBytes(Buffer.from(text))).toEqual(tokenizer.encode(text));
    }
  });

  it('outside valid UTF-8 are tokens of one byte, beside the ids of the text around them', () => {
    const bad = Uint8Array.of(0xc3, 0x28, 0xff);
    const bytes = Buffer.concat([Buffer.from('été'), bad.subarray(2), Buffer.from(' contrat')]);
    expect(Array.from(tokenizer.encodeBytes(bytes))).toEqual([
      ...tokenizer.encode('été'),
      tokenizer.tokenId(toAlphabet(Uint8Array.of(0xff))),
      ...tokenizer.encode(' contrat'),
    ]);
    expect(Array.from(tokenizer.encodeBytes(bad), (id) => tokenizer.tokenBytes(id).length)).toEqual([
      1, 1, 1,
    ]);
  });

  it('are valid UTF-8 exactly when the platform says so', () => {
    const strict = new TextDecoder('utf-8', { fatal: true });
    const random = new Random(8);
    const heads = [
      0x00, 0x41, 0x7f, 0x80, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xed, 0xef, 0xf0, 0xf1, 0xf4, 0xf5,
      0xff,
    ];
    const tails = [0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0];
    for (let n = 0; n < 20_000; n++) {
      const bytes = Uint8Array.from([
        heads[random.below(heads.length)]!,
        ...Array.from({ length: random.below(4) }, () => tails[random.below(tails.length)]!),
      ]);
      let valid = 0;
      for (let length = 1; length <= Math.min(4, bytes.length) && valid === 0; length++) {
        try {
          if (Array.from(strict.decode(bytes.subarray(0, length))).length === 1) valid = length;
        } catch {
          // Not a character of this length.
        }
      }
      expect(sequenceLength(bytes, 0), Buffer.from(bytes).toString('hex')).toBe(valid);
    }
  });

  it('have one character each in the alphabet', () => {
    const all = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    expect(fromAlphabet(toAlphabet(all))).toEqual(all);
    // GPT-2's vocabulary writes a space and a line feed so.
    expect(toAlphabet(Uint8Array.of(0x20, 0x0a, 0x41, 0xad, 0xff))).toBe('ĠĊAŃÿ');
    expect(fromAlphabet('a b')).toBeUndefined();
  });
});

describe('decode', () => {
  it('keeps a byte-order mark', () => {
    expect(tokenizer.decode(tokenizer.encode('\ufeffa'))).toBe('\ufeffa');
  });

  it.each([-1, 1500, 1e9, 1.5, Number.NaN])('refuses the id %s', (id) => {
    expect(() => tokenizer.decode([id])).toThrow(expect.objectContaining({ code: 'TOKEN_UNKNOWN' }));
  });

  it('streams whole characters', () => {
    const text = 'Noël 😀 👩‍👩‍👧‍👦 字\ufeff ŒÆ</s>';
    const stream = new DecodeStream(tokenizer);
    const chunks = Array.from(Buffer.from(text), (byte) =>
      stream.push(tokenizer.tokenId(toAlphabet(Uint8Array.of(byte)))!),
    );
    expect(chunks.join('') + stream.end()).toBe(text);
    for (const chunk of chunks) expect(chunk).not.toMatch(/\ufffd|^[\udc00-\udfff]|[\ud800-\udbff]$/);
  });

  it('streams a byte-order mark like any other character', () => {
    const stream = new DecodeStream(tokenizer);
    const ids = Array.from(tokenizer.encode('\ufeffa'));
    expect(ids.map((id) => stream.push(id)).join('')).toBe('\ufeffa');
  });

  it('streams what decode gives, also for ids that are no text', () => {
    const random = new Random(10);
    for (let n = 0; n < 300; n++) {
      const ids = Array.from({ length: 20 }, () => random.below(tokenizer.vocabSize));
      const stream = new DecodeStream(tokenizer);
      expect(ids.map((id) => stream.push(id)).join('') + stream.end()).toBe(tokenizer.decode(ids));
    }
  });

  it('streams special tokens only when asked', () => {
    expect(new DecodeStream(tokenizer).push(1)).toBe('');
    expect(new DecodeStream(tokenizer, { special: true }).push(1)).toBe('</s>');
  });
});

it('names the special tokens that it has when asked for another', () => {
  expect(tokenizer.specialId('<|eot_id|>')).toBe(5);
  expect(() => tokenizer.specialId('<|im_end|>')).toThrow(
    expect.objectContaining({
      code: 'SPECIAL_TOKEN_MISSING',
      message: expect.stringContaining('<|eot_id|>'),
    }),
  );
  // A piece of ordinary vocabulary is no special token, and no property of an object is one either.
  expect(() => tokenizer.specialId('constructor')).toThrow();
  expect(tokenizer.tokenId('constructor')).toBeUndefined();
});
