import { Random } from '@lucie/ledger';
import { describe, expect, test } from 'vitest';
import { bandKeys } from '../src/duplicates/bands.ts';
import { commonFrom } from '../src/duplicates/jaccard.ts';
import { minHash, permutations } from '../src/duplicates/min-hash.ts';
import { TextScanner } from '../src/duplicates/scan-text.ts';
import { WasmMinHash } from '../src/duplicates/wasm-min-hash.ts';
import { codeWords, normalisedWords } from '../src/duplicates/words.ts';
import { runsOf } from './duplicates-truth.ts';

function scannerOf(length: number) {
  const hash = new WasmMinHash(permutations(16, 1));
  return { hash, scanner: new TextScanner(length, hash) };
}

const { hash, scanner } = scannerOf(5);

function scan(text: string, language = 'fr') {
  scanner.scan(text, language);
  return {
    words: scanner.words,
    exact: [...scanner.exact],
    runs: [...hash.members(scanner.runs)],
  };
}

/** The words of the definition, scanned as code, which leaves words without signs as they are. */
function plain(text: string) {
  const words = normalisedWords(text);
  // A text without words is hashed as it stands.
  return words === '' ? scan(text.replace(/./gsu, '-')) : scan(words, 'code:plain');
}

describe('words', () => {
  test('case, accents composed or not, punctuation', () => {
    expect(normalisedWords("  L’ÉTÉ, c'est «\u00a0l’été\u00a0» : 1\u202f000 !")).toBe(
      'l été c est l été 1 000',
    );
    expect(normalisedWords('e\u0301te\u0301')).toBe(normalisedWords('été'));
    expect(normalisedWords('... —')).toBe('');
  });

  test('scripts without spaces: a character is a word', () => {
    expect(normalisedWords('机器学习 GPT模型')).toBe('机 器 学 习 gpt 模 型');
    expect(scan('机器学习模型').words).toBe(6);
    expect(scan('机器学习模型很大').runs).toHaveLength(4);
    expect(normalisedWords('한국어 문장')).toBe('한국어 문장');
  });

  test('code: case and signs count, white space does not', () => {
    expect(codeWords('if (a_b == C)\n\treturn;')).toBe('if ( a_b = = C ) return ;');
    const code = (text: string) => scan(text, 'code:python').exact;
    expect(code('x = a + b')).not.toEqual(code('x = a - b'));
    expect(code('x = a + b')).toEqual(code('x\t=\n  a+b'));
    expect(code('x = A')).not.toEqual(code('x = a'));
    expect(scan('x = a + b').exact).toEqual(scan('x = a - b').exact);
  });
});

describe('the one pass agrees with the definition', () => {
  test('on every UTF-16 unit, alone and between letters', () => {
    for (let code = 0; code < 0x10000; code++) {
      const char = String.fromCharCode(code).toWellFormed();
      const text = `a${char}b ${char} ${char}c d${char}`;
      const found = scan(text);
      const expected = plain(text);
      if (found.words !== expected.words || found.exact.some((value, i) => value !== expected.exact[i]))
        expect.fail(`U+${code.toString(16)}: ${found.words} words instead of ${expected.words}`);
    }
  });

  test('on every pair of units of a random choice that may join: marks, Hangul, Greek, Turkish, pictures', () => {
    const random = new Random(1, 'pairs');
    const kinds: [number, number][] = [
      [0x20, 0x17f],
      [0x20, 0x17f],
      [0x20, 0x7e],
      [0x300, 0x36f],
      [0x370, 0x3ff],
      [0x590, 0x6ff],
      [0x900, 0x97f],
      [0x1100, 0x11ff],
      [0x2000, 0x20cf],
      [0x3040, 0x30ff],
      [0x4e00, 0x4eff],
      [0xac00, 0xacff],
      [0xfe00, 0xfe0f],
      [0xff00, 0xffef],
      [0x1d400, 0x1d7ff],
      [0x1f100, 0x1f1ff],
      [0x1f300, 0x1faff],
      [0x20000, 0x2000f],
    ];
    for (let i = 0; i < 20_000; i++) {
      // Few kinds a text, so that many texts go the quick way.
      const chosen = [kinds[0]!, kinds[random.below(kinds.length)]!, kinds[random.below(kinds.length)]!];
      const text = Array.from({ length: 12 }, () => {
        const [from, to] = chosen[random.below(3)]!;
        return String.fromCodePoint(from + random.below(to - from + 1));
      }).join('');
      const found = scan(text);
      const expected = plain(text);
      expect(found.words, JSON.stringify(text)).toBe(expected.words);
      if (found.words > 0) expect(found, JSON.stringify(text)).toEqual(expected);
    }
  });

  test('on code, over all units', () => {
    for (let code = 0; code < 0x10000; code += 1) {
      const char = String.fromCharCode(code).toWellFormed();
      const text = `a${char}B ${char}${char}`;
      const expected = codeWords(text).split(' ').filter(Boolean).length;
      if (scan(text, 'code:c').words !== expected) expect.fail(`U+${code.toString(16)}`);
    }
  });

  test('on texts longer than a piece, wherever the pieces end', () => {
    const random = new Random(2, 'long');
    const words = Array.from({ length: 60_000 }, () => `mot${random.below(1000)}`);
    for (const prefix of ['', 'a ', 'ab ', 'é… ']) {
      const text = prefix + words.join(' ');
      expect(scan(text).words).toBe(words.length + (prefix === '' ? 0 : 1));
      // A mark makes the whole text go the slow way.
      expect(scan(`${text}e\u0301`).exact).toEqual(scan(`${text}é`).exact);
    }
    expect(scan('字'.repeat(200_000)).words).toBe(200_000);
  });
});

describe('runs', () => {
  test('as many as the definition says', () => {
    const random = new Random(3, 'runs');
    for (const length of [1, 3, 4, 5, 6, 50, 300]) {
      const text = Array.from({ length }, () => `m${random.below(40)}`).join(' ');
      expect(new Set(scan(text).runs).size).toBe(runsOf(text).size);
      expect(scan(text).words).toBe(length);
    }
    expect(scan('').runs).toEqual([]);
  });

  test('order of words counts, and the place in the text does not', () => {
    expect(scan('a b c d e').runs).not.toEqual(scan('b a c d e').runs);
    expect(scan('a b c d').runs).not.toEqual(scan('a b d c').runs);
    expect(scan('a b c d').runs).not.toEqual(scan('a b c d d').runs);
    const [run] = scan('a b c d e').runs;
    for (let i = 0; i < 70; i++)
      expect(scan(`${'x '.repeat(i)}a b c d e y`).runs, `behind ${i} words`).toContain(run);
  });

  test('of any length up to 20', () => {
    for (const length of [1, 2, 7, 20]) {
      const own = scannerOf(length);
      const text = Array.from({ length: 100 }, (_, i) => `m${i}`).join(' ');
      own.scanner.scan(text, 'fr');
      expect(own.scanner.runs).toBe(100 - length + 1);
      expect(new Set(own.hash.members(own.scanner.runs)).size).toBe(100 - length + 1);
    }
  });

  test('a hundred thousand different runs have next to no equal hashes', () => {
    const words = Array.from({ length: 100_004 }, (_, i) => `${(i * 7919) % 100_003}`).join(' ');
    // 10^10 / 2 pairs of 32 bits: 1.2 equal ones are expected.
    expect(100_000 - new Set(scan(words).runs).size).toBeLessThan(8);
  });
});

describe('the hash of all words', () => {
  test('tells texts apart that differ in one place, and by order', () => {
    const words = Array.from({ length: 400 }, (_, i) => `mot${i}`);
    const seen = new Set([scan(words.join(' ')).exact.join()]);
    for (let i = 0; i < words.length; i++) {
      seen.add(scan(words.with(i, 'autre').join(' ')).exact.join());
      if (i > 0)
        seen.add(
          scan(
            words
              .with(i, words[i - 1]!)
              .with(i - 1, words[i]!)
              .join(' '),
          ).exact.join(),
        );
    }
    expect(seen.size).toBe(800);
  });

  test('texts without any word are told apart by their signs', () => {
    expect(scan('≈ ±').exact).not.toEqual(scan('± ≈').exact);
    expect(scan('≈ ±').exact).toEqual(scan('≈ ±').exact);
    expect(scan('').exact).not.toEqual(scan('-').exact);
  });
});

describe('MinHash', () => {
  test('WebAssembly and TypeScript give the same signatures, for any number of permutations and members', () => {
    const random = new Random(4, 'twins');
    for (const count of [1, 4, 15, 16, 17, 112, 120]) {
      const shape = permutations(count, 9);
      const wasm = new WasmMinHash(shape);
      for (const members of [0, 1, 2, 7, 1000, 70_000]) {
        const set = Int32Array.from({ length: members }, () => random.uint32() | 0);
        wasm.reserve(members).set(set);
        expect([...wasm.sign(members)], `${count} of ${members}`).toEqual([...minHash(set, shape)]);
      }
    }
  });

  test('the part of equal places in two signatures estimates their similarity', () => {
    const random = new Random(5, 'estimate');
    const shape = permutations(512, 1);
    for (const shared of [0, 30, 100, 250, 400, 500]) {
      const common = Array.from({ length: shared }, () => random.uint32() | 0);
      const own = () => Array.from({ length: 500 - shared }, () => random.uint32() | 0);
      const [a, b] = [
        minHash(Int32Array.from([...common, ...own()]), shape),
        minHash(Int32Array.from([...common, ...own()]), shape),
      ];
      const expected = shared / (1000 - shared);
      const equal = a.filter((value, i) => value === b[i]).length / 512;
      // Four standard deviations of a mean of 512 coin tosses.
      expect(Math.abs(equal - expected)).toBeLessThanOrEqual(
        4 * Math.sqrt((expected * (1 - expected)) / 512),
      );
    }
  });

  test('a band enters its key, and so does each of its rows', () => {
    const shape = { bands: 4, rows: 3 };
    const same = bandKeys(new Int32Array(12).fill(7), shape, new Int32Array(8));
    const pairs = Array.from({ length: 4 }, (_, band) => `${same[2 * band]},${same[2 * band + 1]}`);
    expect(new Set(pairs).size).toBe(4);
    for (let row = 0; row < 12; row++) {
      const other = bandKeys(new Int32Array(12).fill(7).with(row, 8), shape, new Int32Array(8));
      const changed = [0, 1, 2, 3].filter(
        (band) => other[2 * band] !== same[2 * band] || other[2 * band + 1] !== same[2 * band + 1],
      );
      expect(changed).toEqual([Math.floor(row / 3)]);
    }
  });
});

test('similarity agrees with the definition and stops early only where it may', () => {
  const random = new Random(6, 'jaccard');
  for (let i = 0; i < 2000; i++) {
    const pool = Array.from({ length: 1 + random.below(60) }, () => random.below(100));
    const some = (part: number) => Uint32Array.from(new Set(pool.filter(() => random.float() < part))).sort();
    const [a, b] = [some(0.95), some(0.95)];
    const [left, right] = [new Set(a), new Set(b)];
    const common = left.intersection(right).size;
    const union = left.union(right).size;
    if (union === 0) continue;
    for (const threshold of [0.05, 0.5, 0.8, 0.9, 1])
      expect(commonFrom(threshold, a, b)).toBe(common / union >= threshold ? common : -1);
  }
});
