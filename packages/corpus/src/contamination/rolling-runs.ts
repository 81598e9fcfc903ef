import { mix32 } from '../clean/words.ts';

/** Odd, so that a product loses nothing modulo 2³². */
const FACTOR = 0x2c1b3c6d;
const SPACE = 0x20;

/** A run of words: characters from `begin` to before `end`, and a 32-bit hash of them, signed. */
export interface Run {
  begin: number;
  end: number;
  hash: number;
}

/**
 * Goes along the words of a text once and visits every run of each of the given lengths, with a rolling hash: the sum
 * of the hashes of the words times powers of a factor, modulo 2³². One object is visited again and again.
 * @param folded - words with one space between them, as `foldWords` gives them
 * @param lengths - in words
 */
export function eachRun(folded: string, lengths: readonly number[], visit: (run: Run) => void): void {
  if (lengths.length === 0 || folded === '') return;
  // Rings of the last words: where they begin, and their hashes.
  const ring = Math.max(...lengths) + 1;
  const begins = new Int32Array(ring);
  const hashes = new Int32Array(ring);
  const states = lengths.map((words) => ({ words, sum: 0, oldest: power(FACTOR, words) }));
  const run: Run = { begin: 0, end: 0, hash: 0 };
  let count = 0;
  let hash = 0;
  for (let i = 0; i <= folded.length; i++) {
    const code = i === folded.length ? SPACE : folded.charCodeAt(i);
    if (code !== SPACE) {
      hash = Math.imul(hash ^ code, 0x85ebca6b);
      continue;
    }
    hashes[count % ring] = mix32(hash);
    count++;
    run.end = i;
    for (const state of states) {
      const first = count - state.words;
      state.sum = (Math.imul(state.sum, FACTOR) + hashes[(count - 1) % ring]!) | 0;
      if (first > 0) state.sum = (state.sum - Math.imul(hashes[(first - 1) % ring]!, state.oldest)) | 0;
      if (first < 0) continue;
      run.begin = begins[first % ring]!;
      run.hash = mix32(state.sum ^ state.words);
      visit(run);
    }
    begins[count % ring] = i + 1;
    hash = 0;
  }
}

function power(factor: number, exponent: number): number {
  let product = 1;
  for (let i = 0; i < exponent; i++) product = Math.imul(product, factor);
  return product;
}
