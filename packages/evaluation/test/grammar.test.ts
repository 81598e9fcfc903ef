import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readGrammarItems, scoreGrammar } from '../src/grammar.ts';
import { BigramModel } from './bigram-model.ts';

const items = await readGrammarItems();

/** Levenshtein distance in UTF-16 units. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}

const words = (text: string) => text.toLowerCase().match(/[\p{L}\p{N}']+/gu) ?? [];

/** Shared neighbouring words of two sentences, as a share of all of theirs. */
function likeness(a: string, b: string): number {
  const pairs = (text: string) => {
    const list = words(text);
    return new Set(list.slice(1).map((word, i) => `${list[i]} ${word}`));
  };
  const [one, two] = [pairs(a), pairs(b)];
  return one.intersection(two).size / one.union(two).size;
}

describe('benchmarks/grammaire-fr/items.jsonl', () => {
  it('has at least 240 pairs in at least 12 categories of at least 20', () => {
    expect(items.length).toBeGreaterThanOrEqual(240);
    const categories = Map.groupBy(items, (item) => item.category);
    expect(categories.size).toBeGreaterThanOrEqual(12);
    for (const [category, own] of categories) expect(own.length, category).toBeGreaterThanOrEqual(20);
  });

  it('has ids that begin with the category and no sentence twice', () => {
    for (const { id, category } of items) expect(id).toMatch(new RegExp(`^${category}-\\d\\d$`));
    const sentences = items.flatMap(({ good, bad }) => [good, bad]);
    expect(new Set(sentences.map((text) => words(text).join(' '))).size).toBe(sentences.length);
  });

  it('has no two right sentences that are nearly the same', () => {
    for (const [i, { good, id }] of items.entries())
      for (const other of items.slice(i + 1))
        expect(likeness(good, other.good), `${id} ${other.id}`).toBeLessThan(0.34);
  });

  it('changes one place by a few characters, and about keeps the length', () => {
    for (const { id, good, bad } of items) {
      expect(editDistance(good, bad), id).toBeLessThanOrEqual(10);
      expect(Math.abs(good.length - bad.length), id).toBeLessThanOrEqual(8);
      const [a, b] = [good.split(' '), bad.split(' ')];
      let start = 0;
      while (a[start] === b[start]) start++;
      let end = 0;
      while (end < Math.min(a.length, b.length) - start && a.at(-1 - end) === b.at(-1 - end)) end++;
      expect(Math.max(a.length, b.length) - start - end, id).toBeLessThanOrEqual(2);
    }
  });

  it('does not pay for preferring short sentences', () => {
    const longer = items.filter(({ good, bad }) => good.length > bad.length).length;
    const shorter = items.filter(({ good, bad }) => good.length < bad.length).length;
    expect(Math.abs(longer - shorter)).toBeLessThanOrEqual(0.05 * items.length);
  });

  it('is written as sentences: capital, full stop, one space, one kind of apostrophe', () => {
    for (const { good, bad } of items)
      for (const text of [good, bad]) expect(text).toMatch(/^\p{Lu}(?!.* {2})[\p{L}\p{N} ',:;?!-]*[.?]$/u);
  });
});

describe('readGrammarItems', () => {
  const at = async (text: string) => {
    const path = join(await mkdtemp(join(tmpdir(), 'grammar-')), 'items.jsonl');
    await writeFile(path, text);
    return readGrammarItems(path);
  };
  const line = '{"id":"a-01","category":"a","good":"Il va.","bad":"Il vas."}\n';

  it('reads lines and skips empty ones', async () => {
    expect(await at(`\n${line}\n`)).toHaveLength(1);
  });

  it.each([
    ['a broken line', `${line}{"id"`, /line 2/],
    ['an id twice', line + line, /second time/],
    ['equal sentences', line.replace('vas', 'va'), /good and bad are equal/],
    ['a missing side', '{"id":"a","category":"a","good":"b"}', /line 1/],
    ['an unknown field', line.replace('"category"', '"categorie"'), /line 1/],
  ])('refuses %s', async (_what, text, message) => {
    await expect(at(text)).rejects.toMatchObject({
      code: 'BENCHMARK_INVALID',
      message: expect.stringMatching(message),
    });
  });

  it('says what is missing', async () => {
    await expect(readGrammarItems('/nowhere/items.jsonl')).rejects.toMatchObject({
      code: 'BENCHMARK_MISSING',
    });
  });
});

describe('scoreGrammar', () => {
  it('calls right the sentence that the model finds more probable', async () => {
    const model = new BigramModel(Array(50).fill('le la le la'));
    const pair = { id: 'x-01', category: 'x', good: 'le la', bad: 'el al' };
    const [right, wrong] = await scoreGrammar(model, [
      pair,
      { ...pair, id: 'x-02', good: pair.bad, bad: pair.good },
    ]);
    expect(right).toMatchObject({ id: 'x-01', correct: true });
    expect(wrong).toMatchObject({ id: 'x-02', correct: false, good: right!.bad, bad: right!.good });
  });

  it('gives no point for a tie', async () => {
    const model = new BigramModel([]);
    const [tie] = await scoreGrammar(model, [{ id: 'x-01', category: 'x', good: 'ab', bad: 'ba' }]);
    expect(tie).toMatchObject({ correct: false });
  });
});
