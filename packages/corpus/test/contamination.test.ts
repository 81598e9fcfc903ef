import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { Random } from '@lucie/ledger';
import { describe, expect, test } from 'vitest';
import { readJsonLines } from '../src/apply/by-row.ts';
import { Benchmarks } from '../src/contamination/benchmarks.ts';
import { contaminationStep, SIZES } from '../src/contamination/contamination-step.ts';
import { foldWords } from '../src/contamination/fold-words.ts';
import { HashedWords } from '../src/contamination/hashed-words.ts';
import { contaminationShape } from '../src/contamination/options.ts';
import { benchmarkFile, readItems } from '../src/contamination/read-items.ts';
import { RunIndex } from '../src/contamination/run-index.ts';
import { documentText } from '../src/document.ts';
import { type Contamination, layout } from '../src/layout.ts';
import { hashesOf, made, madeSteps, runShards, type Units } from './made-units.ts';
import { runAll, testDir } from './run-steps.ts';

const syllables = [
  'ba',
  'cé',
  'di',
  'fou',
  'gna',
  'ju',
  'kè',
  'lan',
  'moi',
  'nu',
  'œu',
  'pri',
  'ré',
  'sto',
  'ty',
];

/** Words that no other seed makes. */
function words(count: number, seed: number): string[] {
  const random = new Random(seed, 'words');
  const syllable = () => syllables[random.below(syllables.length)]!;
  return Array.from({ length: count }, () => syllable() + syllable() + syllable() + syllable());
}

const sentence = (count: number, seed: number) => `${words(count, seed).join(' ')}.`;

function jsonl(items: unknown[]): string {
  const path = join(testDir(), 'items.jsonl');
  writeFileSync(path, items.map((item) => `${JSON.stringify(item)}\n`).join(''));
  return path;
}

function reading(items: unknown[], more: Record<string, unknown> = {}) {
  const { fields, ...options } = more;
  const benchmark = { name: 'quiz', path: jsonl(items), ...(fields ? { fields } : {}) };
  return Benchmarks.read(contaminationShape.parse({ benchmarks: [benchmark], ...options }), 50e6);
}

describe('foldWords', () => {
  const normal = foldWords("L'œuvre d’Élodie : 80 000 €, ça coûte (très) cher !");

  test('case, accents, composition, ligatures, punctuation, kinds of space, invisible characters make no difference', () => {
    expect(normal).toBe('l oeuvre d elodie 80 000 ca coute tres cher');
    for (const same of [
      'L’ŒUVRE D’ÉLODIE: 80 000 €, ÇA COÛTE (TRÈS) CHER!',
      'L’OEUVRE D’ELODIE - 80 000 € - CA COUTE TRES CHER',
      "L'œuvre d’Élodie : 80\u00a0000\u202f€, ça\ncoûte\r\n\r\n\t(très)\u2003cher\u00a0!".normalize('NFD'),
      'l’œu\u00advre d’Élo\u200bdie, «\u00a080 000\u00a0€\u00a0» ça coûte **très** ｃｈｅｒ…',
      '  l œuvre d Élodie 80 000 ça coûte très cher',
    ])
      expect(foldWords(same), JSON.stringify(same)).toBe(normal);
    expect(foldWords('')).toBe('');
    expect(foldWords(' …\n')).toBe('');
  });

  test('every letter by itself gives what Unicode gives for the whole text', () => {
    const byDefinition = (text: string) =>
      text
        .normalize('NFKD')
        .toLowerCase()
        .replace(/[\p{M}\p{Cf}]+/gu, '')
        .replace(/[œæßς]/g, (c) => ({ œ: 'oe', æ: 'ae', ß: 'ss', ς: 'σ' })[c]!)
        .replace(/[^\p{L}\p{N}]+/gu, ' ')
        .trim();
    const random = new Random(1, 'fold');
    const alphabet = [...'aàâÉœŒæß ςΣ½ﬁ²Ⅷ한글漢字𝔸😀\u0301\u00ad\u200b\u00a0\n.,’-0１٣กำİıǅ㎏﷽'];
    for (let round = 0; round < 300; round++) {
      const letters = Array.from({ length: random.below(60) }, () =>
        random.below(4) === 0
          ? String.fromCodePoint(random.below(0xd800))
          : alphabet[random.below(alphabet.length)]!,
      );
      expect(foldWords(letters.join(''))).toBe(byDefinition(letters.join('')));
    }
  });
});

describe('HashedWords', () => {
  test('visits every run at its place; a hash depends on the words of the run alone', () => {
    const text = foldWords(sentence(40, 1));
    const all = text.split(' ');
    const words = new HashedWords(text);
    for (const length of [1, 5, 13, 40, 41]) {
      const hashes = new Map<string, number>();
      words.eachRun(length, (first, hash) => {
        const run = text.slice(words.begins[first], words.end(first + length - 1));
        expect(run).toBe(all.slice(first, first + length).join(' '));
        hashes.set(run, hash);
      });
      expect(hashes.size).toBe(Math.max(0, 41 - length));
      expect(new Set(hashes.values()).size).toBe(hashes.size);
      for (const [run, hash] of hashes)
        new HashedWords(run).eachRun(length, (_, alone) => expect(alone).toBe(hash));
    }
    expect(new HashedWords('').count).toBe(0);
  });

  test('different words with a letter are counted within the run', () => {
    const words = new HashedWords('un 2 un trois 4 cinq six');
    expect(words.hasDifferent(4, 0, 7)).toBe(true);
    expect(words.hasDifferent(5, 0, 7)).toBe(false);
    expect(words.hasDifferent(2, 0, 3)).toBe(false);
    expect(words.hasDifferent(2, 2, 2)).toBe(true);
  });
});

describe('RunIndex', () => {
  const hashed = (count: number, seed: number) => new HashedWords(foldWords(sentence(count, seed)));
  const index = (memoryBytes = 1e7) =>
    new RunIndex({ words: 13, minimumWords: 8, maximumTexts: 10, memoryBytes });

  test('finds each of 3,000 runs again, and nothing in other text', () => {
    const own = index();
    const texts = Array.from({ length: 300 }, (_, i) => hashed(22, i));
    for (const [i, text] of texts.entries()) expect(own.add(text, 0)).toBe(i);
    expect(own.add(texts[7]!, 1)).toBe(7);
    expect(own.findable().size).toBe(300);
    for (const [i, text] of texts.entries()) {
      const found: number[][] = [];
      own.search(text, (_, numbers) => found.push(numbers));
      expect(found).toEqual(Array.from({ length: 10 }, () => [i]));
    }
    own.search(hashed(20_000, 1000), (at) => expect.unreachable(JSON.stringify(at)));
  });

  test.each([8, 12, 13])('%i words: they decide, not their hashes', (count) => {
    const own = index();
    const text = hashed(count, 1);
    own.add(text, 0);
    const search = (other: string) => {
      const found: string[] = [];
      // Every hash equal: only words tell apart.
      const words = new HashedWords(other);
      words.eachRun = (length, visit) => {
        let hash = 0;
        text.eachRun(length, (first, own) => {
          if (first === 0) hash = own;
        });
        for (let first = 0; first + length <= words.count; first++) visit(first, hash);
      };
      own.search(words, ({ begin, end }) => found.push(other.slice(begin, end)));
      return found;
    };
    expect(search(`${text.text}x`)).toEqual([]);
    expect(search(`x${text.text}`)).toEqual([]);
    expect(search(hashed(40, 2).text)).toEqual([]);
    expect(search(`x ${text.text} x`)).toEqual([text.text]);
  });

  test('runs that several texts share are found after the table has grown', () => {
    const own = index();
    const common = foldWords(sentence(13, 1));
    const texts = [2, 3].map((seed) => new HashedWords(`${common} ${foldWords(sentence(3, seed))}`));
    for (const text of texts) own.add(text, 0);
    for (let i = 0; i < 500; i++) own.add(hashed(20, 100 + i), 0);
    const found: number[][] = [];
    own.search(new HashedWords(common), (_, numbers) => found.push(numbers.toSorted()));
    expect(found).toEqual([[0, 1]]);
  });

  test('what does not fit is refused, by name', () => {
    const own = index(100_000);
    const fill = () => {
      for (let i = 0; i < 1000; i++) own.add(hashed(30, i), 0);
    };
    expect(fill).toThrow(expect.objectContaining({ code: 'BENCHMARKS_TOO_LARGE' }));
  });
});

describe('items', () => {
  test('13 words in a row are enough, 12 are not', async () => {
    const item = words(30, 1);
    const benchmarks = await reading([{ question: item.join(' ') }]);
    const within = (count: number) =>
      `${sentence(50, 2)} ${item.slice(7, 7 + count).join(' ')} ${sentence(50, 3)}`;
    expect(benchmarks.find(within(13))).toEqual([
      { benchmark: 'quiz', item: '1', words: foldWords(item.slice(7, 20).join(' ')) },
    ]);
    expect(benchmarks.find(within(12))).toEqual([]);
    expect(benchmarks.find([...item].reverse().join(' '))).toEqual([]);
  });

  test('a text of 8 to 12 words counts as a whole, one of 7 only with the rest of its item', async () => {
    const [eight, seven, answer] = [words(8, 1), words(7, 2), words(3, 3)];
    const items = [
      { question: eight.join(' ') },
      { question: seven.join(' ') },
      { question: seven.join(' '), answer: answer.join(' ') },
    ];
    const benchmarks = await reading(items);
    expect(benchmarks.sizes).toEqual([{ name: 'quiz', items: 3, usable: 2 }]);
    const names = (text: string) => benchmarks.find(text).map(({ item }) => item);
    expect(names(`Voici : ${eight.join(' ')} ?`)).toEqual(['1']);
    expect(names(`Voici : ${eight.slice(0, 7).join(' ')} ?`)).toEqual([]);
    expect(names(`Voici : ${seven.join(' ')} ?`)).toEqual([]);
    expect(names(`Voici : ${seven.join(' ')} ? ${answer.join(' ')} !`)).toEqual(['3']);
  });

  test('strings at any depth are read, or those of the named fields', async () => {
    const item = {
      premise: sentence(15, 1),
      choices: { text: [sentence(9, 2), sentence(14, 3)], label: ['A', 'B'] },
      answers: [{ deep: [[sentence(20, 4)]] }],
      label: 1,
      none: null,
    };
    const all = await reading([item]);
    const some = await reading([item], { fields: ['choices'] });
    for (const [seed, count] of [
      [1, 15],
      [2, 9],
      [3, 14],
      [4, 20],
    ] as const) {
      expect(all.find(sentence(count, seed)), `all ${seed}`).toHaveLength(1);
      expect(some.find(sentence(count, seed)), `some ${seed}`).toHaveLength(seed === 2 || seed === 3 ? 1 : 0);
    }
  });

  test('a manner of asking that stands in many different texts is no item; a passage of many items is', async () => {
    const ask = sentence(15, 99).slice(0, -1);
    const asked = Array.from({ length: 11 }, (_, i) => ({ question: `${ask} ${sentence(13, i)}` }));
    const passage = sentence(40, 50);
    const read = Array.from({ length: 30 }, (_, i) => ({ passage, question: sentence(5, 200 + i) }));
    const many = await reading([...asked, ...read]);
    expect(many.sizes).toEqual([{ name: 'quiz', items: 41, usable: 41 }]);
    expect(many.find(ask)).toEqual([]);
    expect(many.find(`${ask} ${sentence(13, 4)}`).map(({ item }) => item)).toEqual(['5']);
    expect(many.find(passage)).toHaveLength(30);
    const few = await reading(asked.slice(0, 10));
    expect(few.find(ask)).toHaveLength(10);
  });

  test('numbers and repetitions are found in too many places to tell', async () => {
    const numbers = Array.from({ length: 20 }, (_, i) => i).join(' ');
    const laugh = Array(30).fill('ha ho').join(' ');
    const benchmarks = await reading([{ q: numbers }, { q: laugh }]);
    expect(benchmarks.sizes).toEqual([{ name: 'quiz', items: 2, usable: 0 }]);
    expect(benchmarks.find(`${numbers} ${laugh}`)).toEqual([]);
  });
});

describe('files', () => {
  const read = (path: string, fields?: string[]) =>
    Array.fromAsync(readItems({ name: 'quiz', path, ...(fields ? { fields } : {}) }));

  test('plain, gz and zst, with empty lines and a byte order mark, of objects, lists or strings', async () => {
    const text = '\ufeff{"q": "un", "n": 3}\r\n\n["deux", {"x": "trois"}]\n"quatre"';
    const dir = testDir();
    writeFileSync(join(dir, 'a.jsonl'), text);
    writeFileSync(join(dir, 'a.jsonl.gz'), gzipSync(text));
    writeFileSync(join(dir, 'a.jsonl.zst'), zstdCompressSync(text));
    for (const name of ['a.jsonl', 'a.jsonl.gz', 'a.jsonl.zst']) {
      expect(await read(join(dir, name))).toEqual([
        { name: '1', texts: ['un'] },
        { name: '3', texts: ['deux', 'trois'] },
        { name: '4', texts: ['quatre'] },
      ]);
    }
  });

  test('what is no benchmark is refused, by name', async () => {
    const dir = testDir();
    const whole = gzipSync(`${JSON.stringify({ q: words(5000, 1) })}\n`);
    writeFileSync(join(dir, 'cut.jsonl.gz'), whole.subarray(0, whole.length / 2));
    writeFileSync(join(dir, 'not.jsonl.gz'), 'no gzip');
    writeFileSync(join(dir, 'not.jsonl'), '{"q": "un"}\n{"q": \n');
    const code = (name: string) => read(join(dir, name)).catch((error) => error.code);
    expect(await code('cut.jsonl.gz')).toBe('BENCHMARK_INVALID');
    expect(await code('not.jsonl.gz')).toBe('BENCHMARK_INVALID');
    expect(await code('not.jsonl')).toBe('BENCHMARK_INVALID');
    expect(await code('none.jsonl')).toBe('BENCHMARK_MISSING');
    const path = jsonl([{ q: 'un' }]);
    expect(await read(path, ['q', 'answer']).catch((error) => error.code)).toBe('BENCHMARK_FIELD');
  });

  test('a benchmark of another hash than the recipe states is refused', async () => {
    const path = jsonl([{ q: sentence(20, 1) }]);
    const benchmark = await benchmarkFile(path, { name: 'quiz' });
    const step = contaminationStep(contaminationShape.parse({ benchmarks: [benchmark] }));
    const before = { units: () => ['a'], dir: () => '' };
    expect(await step.units(before)).toHaveLength(1);
    writeFileSync(path, '{"q": "autre"}\n');
    await expect(step.units(before)).rejects.toMatchObject({ code: 'BENCHMARK_CHANGED' });
  });
});

/** Ways in which an item comes into a text. */
const disguises: Record<string, (text: string) => string> = {
  'as it is': (text) => text,
  'in capitals': (text) => text.toUpperCase(),
  'without accents': (text) => text.normalize('NFD').replace(/\p{M}/gu, ''),
  decomposed: (text) => text.normalize('NFD'),
  'other punctuation': (text) => text.replaceAll(' ', ', ').replace('.', ' !'),
  'broken lines': (text) => text.replaceAll(' ', '\n'),
  'hard spaces': (text) => text.replaceAll(' ', '\u00a0'),
  'soft hyphens': (text) => text.replace(/(\p{L}{3})(?=\p{L})/gu, '$1\u00ad'),
  Markdown: (text) => `> **${text}**`,
};

describe('the step', () => {
  const items = Array.from({ length: 40 }, (_, i) => ({ id: i, question: sentence(8 + (i % 20), 500 + i) }));

  function planted(): { units: Units; expected: Map<string, string> } {
    const units: Units = { clean: [], title: [], text: [], border: [] };
    const expected = new Map<string, string>();
    let n = 1000;
    for (const [at, { question }] of items.entries()) {
      for (const [name, disguise] of Object.entries(disguises)) {
        const [before, after] = [sentence(60, ++n), sentence(60, ++n)];
        const copy = disguise(question);
        const half = copy.slice(0, copy.length / 2).search(/\s\S*$/);
        const place = { title: copy, text: `${before}\n\n${copy}\n\n${after}`, border: copy.slice(0, half) };
        const kind = (['title', 'text', 'border'] as const)[n % 3]!;
        const id = `${kind}/${at}-${name.replaceAll(' ', '-')}`;
        expected.set(id, String(at + 1));
        units[kind]!.push(
          kind === 'title'
            ? made(id, before, { title: copy })
            : kind === 'text'
              ? made(id, place.text)
              : made(id, `${copy.slice(half)} ${after}`, { title: `${before} ${place.border}` }),
        );
        units.clean!.push(made(`clean/${n}`, `${before} ${words(7, 500 + at).join(' ')} ${after}`));
      }
    }
    return { units, expected };
  }

  const hitsOf = (dir: string) =>
    Array.fromAsync(readJsonLines<Contamination>(join(dir, layout.contamination.hits)));

  test('every item planted is found in every disguise, in titles, texts and across; nothing else', async () => {
    const { units, expected } = planted();
    const benchmarks = [{ name: 'quiz', path: jsonl(items) }];
    const { work } = await runAll([
      ...madeSteps(units),
      contaminationStep(contaminationShape.parse({ benchmarks })),
    ]);
    const found = new Map<string, string>();
    for (const unit of Object.keys(units)) {
      for (const { row, id, benchmark, item, words: run } of await hitsOf(work.dir('contamination', unit))) {
        expect(benchmark).toBe('quiz');
        const document = units[unit]![row]!;
        expect(document.id).toBe(id);
        expect(foldWords(documentText(document))).toContain(run);
        found.set(id, item);
      }
    }
    expect(expected.size).toBe(360);
    expect(new Set(found.keys()).symmetricDifference(new Set(expected.keys()))).toEqual(new Set());
    expect(found).toEqual(new Map([...found.keys()].map((id) => [id, expected.get(id)!])));
    const sizes = readFileSync(join(work.dir('contamination', 'clean'), SIZES), 'utf8');
    expect(JSON.parse(sizes)).toEqual([{ name: 'quiz', items: 40, usable: 40 }]);
  });

  test('1, 3 and 8 shards give the same bytes', async () => {
    const { units } = planted();
    const step = contaminationStep(
      contaminationShape.parse({ benchmarks: [{ name: 'quiz', path: jsonl(items) }] }),
    );
    const all: Record<string, string>[] = [];
    for (const shards of [1, 3, 8]) {
      const root = testDir();
      await runShards([...madeSteps(units), step], shards, root);
      all.push(await hashesOf(root));
    }
    expect(Object.keys(all[0]!)).toHaveLength(30);
    expect(all[1]).toEqual(all[0]);
    expect(all[2]).toEqual(all[0]);
  });

  test('other items make the units again, the same file elsewhere does not', async () => {
    const units = { a: [made('a/1', sentence(60, 500))] };
    const build = (path: string, root: string) =>
      runAll(
        [
          ...madeSteps(units),
          contaminationStep(contaminationShape.parse({ benchmarks: [{ name: 'quiz', path }] })),
        ],
        root,
      );
    const root = testDir();
    expect(await build(jsonl(items), root)).toMatchObject({ made: 3 });
    expect(await build(jsonl(items), root)).toMatchObject({ made: 0 });
    expect(await hitsOf(join(root, 'contamination/a'))).toHaveLength(1);
    expect(await build(jsonl(items.slice(1)), root)).toMatchObject({ made: 1 });
    expect(await hitsOf(join(root, 'contamination/a'))).toHaveLength(0);
  });
});
