import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Random, sha256 } from '@lucie/ledger';
import { describe, expect, it } from 'vitest';
import { bytesInOrder, toAlphabet } from '../src/byte-alphabet.ts';
import { preTokenizerNames, SPECIAL_TOKENS, type Tokenizer, trainTokenizer } from '../src/index.ts';
import { learnMerges } from '../src/learn-merges.ts';
import { preTokenizers } from '../src/pre-tokenizers.ts';
import { WordCounts } from '../src/word-counts.ts';
import { generatedDocuments } from './helpers/documents.ts';

const fixture = JSON.parse(
  readFileSync(join(import.meta.dirname, 'fixtures/reference-merges.json'), 'utf8'),
) as { texts_sha256: string; merges: Record<'qwen2' | 'smollm', string[]> };

const mergesOf = ({ model }: Tokenizer) =>
  model.merges.map(([left, right]) => `${model.tokens[left]} ${model.tokens[right]}`);

/** Byte-pair encoding by the book: recount every pair of every word before each merge. */
function bruteForce(
  words: [string, number][],
  initial: string[],
  { size, minFrequency, maxTokenLength }: { size: number; minFrequency: number; maxTokenLength: number },
): string[] {
  const tokens = [...initial];
  const sequences = words.map(([word, count]) => ({
    ids: Array.from(Buffer.from(word), (byte) => tokens.indexOf(toAlphabet(Uint8Array.of(byte)))),
    count,
  }));
  while (tokens.length < size) {
    const counts = new Map<string, number>();
    for (const { ids, count } of sequences) {
      for (let i = 0; i + 1 < ids.length; i++) {
        const key = `${ids[i]} ${ids[i + 1]}`;
        counts.set(key, (counts.get(key) ?? 0) + count);
      }
    }
    const best = [...counts]
      .map(([key, count]) => ({ count, pair: key.split(' ').map(Number) as [number, number] }))
      .filter(({ count, pair }) => {
        const text = tokens[pair[0]]! + tokens[pair[1]]!;
        return count >= minFrequency && text.length <= maxTokenLength && !tokens.includes(text);
      })
      .sort((a, b) => b.count - a.count || a.pair[0] - b.pair[0] || a.pair[1] - b.pair[1])[0];
    if (!best) break;
    const [left, right] = best.pair;
    for (const sequence of sequences) {
      const merged: number[] = [];
      for (let i = 0; i < sequence.ids.length; i++) {
        if (sequence.ids[i] === left && sequence.ids[i + 1] === right) {
          merged.push(tokens.length);
          i++;
        } else merged.push(sequence.ids[i]!);
      }
      sequence.ids = merged;
    }
    tokens.push(tokens[left]! + tokens[right]!);
  }
  return tokens.slice(initial.length);
}

describe('learnMerges', () => {
  const initial = [...SPECIAL_TOKENS, ...bytesInOrder.map((byte) => toAlphabet(Uint8Array.of(byte)))];
  // Few letters make many ties, overlaps (aaaa) and texts reached by two ways.
  const random = new Random(5);
  const cases = Array.from({ length: 60 }, (_, n) => ({
    n,
    words: [
      ...new Set(
        Array.from({ length: 2 + random.below(12) }, () =>
          Array.from({ length: 1 + random.below(12) }, () => 'abcé'[random.below(2 + (n % 3))]).join(''),
        ),
      ),
    ].map((word): [string, number] => [word, 1 + random.below(5)]),
    minFrequency: 1 + (n % 3),
    maxTokenLength: n % 4 === 0 ? 4 : 64,
  }));

  it.each(cases)(
    'learns what counting everything anew learns ($n)',
    ({ words, minFrequency, maxTokenLength }) => {
      const options = { minFrequency, maxTokenLength };
      const tokens = [...initial];
      learnMerges(words, tokens, { vocabularySize: initial.length + 25, ...options });
      expect(tokens.slice(initial.length)).toEqual(
        bruteForce(words, initial, { size: initial.length + 25, ...options }),
      );
    },
  );

  it('learns what counting everything anew learns from documents', () => {
    const counts = new WordCounts(preTokenizers.get('qwen2')!.scan);
    for (const text of generatedDocuments(5, 2)) counts.add(text);
    const tokens = [...initial];
    const size = initial.length + 80;
    learnMerges(counts.entries(), tokens, { vocabularySize: size, minFrequency: 2, maxTokenLength: 32 });
    expect(tokens.slice(initial.length)).toEqual(
      bruteForce([...counts.entries()], initial, { size, minFrequency: 2, maxTokenLength: 32 }),
    );
  });

  it('never learns the text of a special token', () => {
    const tokens = [...initial];
    learnMerges(
      [
        ['</s>', 100],
        ['<|eot_id|>', 100],
      ],
      tokens,
      {
        vocabularySize: 1000,
        minFrequency: 1,
        maxTokenLength: 64,
      },
    );
    expect(new Set(tokens).size).toBe(tokens.length);
    // Each word is left in two halves: `</` and `s>`, for instance.
    expect(tokens.length).toBeGreaterThan(initial.length + 8);
  });
});

describe('trainTokenizer', () => {
  const options = { vocabularySize: 762, minFrequency: 2, maxTokenLength: 1024 };

  it.each(['qwen2', 'smollm'] as const)('learns what Hugging Face learns, %s', async (preTokenizer) => {
    const texts = generatedDocuments(40, 11);
    expect(sha256(texts.join('\0'))).toBe(fixture.texts_sha256);
    const tokenizer = await trainTokenizer(texts, { preTokenizer, ...options });
    expect(fixture.merges[preTokenizer]).toHaveLength(500);
    expect(mergesOf(tokenizer)).toEqual(fixture.merges[preTokenizer]);
  });

  it.each(preTokenizerNames)(
    'does not depend on the order of texts, or on how they arrive: %s',
    async (name) => {
      const texts = generatedDocuments(30, 3);
      const first = await trainTokenizer(texts, { preTokenizer: name, ...options });
      async function* later() {
        for (const text of new Random(1).shuffle([...texts])) yield text;
      }
      const second = await trainTokenizer(later(), { preTokenizer: name, ...options });
      expect(second.model.tokens).toEqual(first.model.tokens);
      expect(second.model.merges).toEqual(first.model.merges);
    },
  );

  it('puts special tokens first, then all bytes, whatever the text', async () => {
    const { model, vocabSize } = await trainTokenizer([], { preTokenizer: 'qwen2', ...options });
    expect(vocabSize).toBe(262);
    expect(model.tokens.slice(0, 8)).toEqual([...SPECIAL_TOKENS, '!', '"']);
    expect(new Set(model.tokens).size).toBe(262);
  });

  it('stops at the size asked for, at rare pairs and at long tokens', async () => {
    const texts = generatedDocuments(30, 3);
    const learn = (more: object) => trainTokenizer(texts, { preTokenizer: 'qwen2', ...options, ...more });
    expect((await learn({})).vocabSize).toBe(762);
    const rare = await learn({ minFrequency: 40 });
    expect(rare.vocabSize).toBeLessThan(762);
    const short = await learn({ maxTokenLength: 3 });
    const lengths = short.model.tokens.slice(6).map((token) => token.length);
    expect(Math.max(...lengths)).toBe(3);
  });
});

describe('WordCounts', () => {
  const scan = preTokenizers.get('qwen2')!.scan;

  it('counts every pre-token', () => {
    const counts = new WordCounts(scan);
    counts.add("l'eau, l'eau");
    counts.add(' l');
    expect([...counts.entries()]).toEqual([
      ['l', 1],
      ["'eau", 2],
      [',', 1],
      [' l', 2],
    ]);
  });

  it('keeps frequent words when it has to forget', () => {
    const counts = new WordCounts(scan, 100);
    for (let i = 0; i < 2000; i++) counts.add(` souvent ${String.fromCodePoint(0x4e00 + i)} aussi`);
    expect(counts.size).toBeLessThanOrEqual(103);
    const kept = new Map(counts.entries());
    expect(kept.get(' souvent')).toBe(2000);
    expect(kept.get(' aussi')).toBe(2000);
  });

  it('does not learn from runs that are no words', () => {
    const counts = new WordCounts(scan);
    counts.add('x'.repeat(100_000));
    expect(counts.size).toBe(0);
  });
});
