import { Random } from '@lucie/ledger';
import { describe, expect, test } from 'vitest';
import { Sampler } from '../src/index.ts';
import { Automaton, type State } from '../src/sampling/grammar/automaton.ts';
import { parseGbnf } from '../src/sampling/grammar/gbnf-parser.ts';
import { GrammarConstraint } from '../src/sampling/grammar/grammar-constraint.ts';
import { byteVocabulary, CONTROL, END, tokenOf, writeRandomly } from './byte-vocabulary.ts';
import { regexOf } from './grammar-regex.ts';

/** Whether a whole text, or bytes, is of the language. */
function matches(gbnf: string, text: string | number[], root?: string): boolean {
  const automaton = new Automaton(parseGbnf(gbnf, root));
  let state: State | null = automaton.start;
  for (const byte of typeof text === 'string' ? Buffer.from(text) : text) {
    state = state && automaton.step(state, byte);
  }
  return state?.accepting ?? false;
}

const code = (expected: string) => expect.objectContaining({ code: expected });

describe('GBNF', () => {
  test.each([
    ['root ::= "a" | "bc"', ['a', 'bc'], ['', 'b', 'abc', 'ab']],
    ['root ::= x "!"\nx ::= [a-c]+ # note\n', ['a!', 'cab!'], ['!', 'd!', 'a']],
    ['root ::= ("a"\n | "b") {2,3}', ['aa', 'aba'], ['a', 'aaaa']],
    ['root ::= "a"{2} "b"{1,} "c"? "d"*', ['aab', 'aabbcd', 'aabdd'], ['ab', 'aac', 'aabcc']],
    ['root ::= [^a-z"]', ['A', '\n', 'é', '🙂'], ['b', '"', 'AA', '']],
    ['root ::= "\\x41\\u00e9\\U0001F642\\t\\"\\\\"', ['Aé🙂\t"\\'], ['A']],
    ['root ::= [\\]\\-x-z-]', [']', '-', 'y'], ['a', '\\']],
    ['root ::= .{2}', ['é🙂', '\n\n'], ['a', 'abc']],
    ['root ::= "(" root ")" | ""', ['', '((()))'], ['(', '())']],
    ['root ::= ("a"*)*', ['', 'aaa'], ['b']],
    ['root ::= ("a"? "b"?){3} "c"', ['c', 'ababc', 'bbbc'], ['abababab', 'babababac']],
    ['root ::= ""', [''], ['a']],
    ['root ::= a b\na ::= "x" | ""\nb ::= |\n"y"', ['', 'x', 'xy', 'y'], ['yx']],
    ['root ::= "é" [à-ï]', ['éà', 'éé'], ['éz', 'é']],
  ] as [string, string[], string[]][])('%s', (gbnf, yes, no) => {
    for (const text of yes) expect(matches(gbnf, text), text).toBe(true);
    for (const text of no) expect(matches(gbnf, text), text).toBe(false);
  });

  test('another root', () => {
    expect(matches('root ::= "a"\nsecond ::= "b"', 'b', 'second')).toBe(true);
  });

  test('only valid UTF-8 is of any language', () => {
    const any = 'root ::= .';
    for (const bytes of [
      [0xc3, 0xa9],
      [0xf4, 0x8f, 0xbf, 0xbf],
      [0xed, 0x9f, 0xbf],
      [0xe0, 0xa0, 0x80],
    ]) {
      expect(matches(any, bytes)).toBe(true);
    }
    // Too long forms, half pairs, beyond U+10FFFF, a lone continuation, a character cut short.
    for (const bytes of [
      [0xc0, 0x80],
      [0xc1, 0xbf],
      [0xe0, 0x9f, 0xbf],
      [0xed, 0xa0, 0x80],
      [0xf0, 0x8f, 0xbf, 0xbf],
      [0xf4, 0x90, 0x80, 0x80],
      [0x80],
      [0xe2, 0x82],
    ]) {
      expect(matches(any, bytes), String(bytes)).toBe(false);
    }
  });

  test('classes of random ranges hold what they say', () => {
    const random = new Random(5);
    const codes = () => [
      random.below(0x90),
      random.below(0x900),
      random.below(0x11000),
      random.below(0x110000),
    ];
    for (let round = 0; round < 60; round++) {
      const ends = codes().sort((a, b) => a - b);
      const hex = ends.map((end) => `\\U${end.toString(16).padStart(8, '0')}`);
      const not = round % 2 ? '^' : '';
      const gbnf = `root ::= [${not}${hex[0]}-${hex[1]}${hex[2]}-${hex[3]}]`;
      for (const point of [...ends, ...ends.map((end) => end + 1), ...codes()]) {
        if (point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) continue;
        const inside = (ends[0]! <= point && point <= ends[1]!) || (ends[2]! <= point && point <= ends[3]!);
        expect(matches(gbnf, String.fromCodePoint(point)), `${gbnf} ${point}`).toBe(inside !== (not === '^'));
      }
    }
  });

  test('random expressions hold the texts that a regular expression finds', () => {
    const random = new Random(6);
    const expression = (depth: number): string => {
      const kind = depth === 0 ? random.below(2) : random.below(6);
      if (kind === 0) return `"${'ab'[random.below(2)]}"`;
      if (kind === 1) return ['[ab]', '[^a]', '"ab"', '""'][random.below(4)]!;
      if (kind === 2) return `(${expression(depth - 1)} | ${expression(depth - 1)})`;
      if (kind === 3)
        return `(${expression(depth - 1)})${['*', '+', '?', '{2}', '{1,2}', '{0,3}', '{2,}'][random.below(7)]}`;
      return `${expression(depth - 1)} ${expression(depth - 1)}`;
    };
    let found = 0;
    for (let round = 0; round < 150; round++) {
      const gbnf = expression(3);
      const regex = regexOf(gbnf);
      for (let i = 0; i < 30; i++) {
        const text = Array.from({ length: random.below(7) }, () => 'abc'[random.below(3)]).join('');
        expect(matches(`root ::= ${gbnf}`, text), `${gbnf} ${text}`).toBe(regex.test(text));
        if (regex.test(text)) found++;
      }
    }
    expect(found).toBeGreaterThan(300);
  });
});

describe('what is refused', () => {
  test.each([
    ['', 'no rule root'],
    ['root ::= "a', 'closing'],
    ['root ::= x', 'no rule x'],
    ['root ::= "a"\nroot ::= "b"', 'second rule'],
    ['root = "a"', '::='],
    ['root ::= "a" )', 'end of the rule'],
    ['root ::= ("a"', 'closing )'],
    ['root ::= *', 'end of the rule'],
    ['root ::= [z-a]', 'backwards'],
    ['root ::= []', 'empty class'],
    ['root ::= "\\q"', 'escape'],
    ['root ::= "\\U00110000"', 'escape'],
    ['root ::= "a"{3,2}', 'smaller number first'],
    ['root ::= "a"{2001}', '2000'],
    ['root ::= (("a"{2000}){2000}){2000} | "b"{x}', '{n}'],
    ['root ::= <think>', 'token'],
    ['root ::= root "a" | "b"', 'begin with itself'],
    ['root ::= a root\na ::= b\nb ::= ""', 'begin with itself'],
    ['root ::= ("a"? root)', 'begin with itself'],
    ['root ::= "a" root', 'no finite text'],
    ['root ::= "a" [^\\U00000000-\\U0010FFFF]', 'no finite text'],
    [`root ::= ${'('.repeat(70)}"a"${')'.repeat(70)}`, 'groups'],
    [`root ::= ${'"a" '.repeat(70_000)}`, 'characters'],
    [`root ::= ${'"a"{2000} '.repeat(110)}`, 'too large'],
  ])('%.40s', (gbnf, reason) => {
    const parse = () => parseGbnf(gbnf);
    expect(parse).toThrow(code('GRAMMAR_INVALID'));
    expect(parse).toThrow(reason);
  });

  test('repetitions within repetitions cost what they write, not what they mean', () => {
    expect(matches('root ::= ((("a"{2}){2}){2}){2}', 'a'.repeat(16))).toBe(true);
    expect(() => parseGbnf('root ::= (("a"{2000}){2000}){2000}')).not.toThrow();
  });

  test('a grammar with ever more ways to read a text ends in an error, not in waiting', () => {
    const gbnf = 'root ::= "a" root "b" | "a" root "c" | "a" root "d" | ""';
    const automaton = new Automaton(parseGbnf(gbnf));
    expect(() => {
      let state: State | null = automaton.start;
      for (let i = 0; i < 60 && state; i++) {
        automaton.renew();
        state = automaton.step(state, 0x61);
      }
    }).toThrow(code('GRAMMAR_TOO_COSTLY'));
  });

  test('a grammar that doubles without writing anything', () => {
    const rules = Array.from({ length: 18 }, (_, i) => `a${i} ::= a${i + 1} | a${i + 1} e`);
    const gbnf = ['root ::= a0 "z"', ...rules, 'a18 ::= ""', 'e ::= ""'].join('\n');
    expect(() => new Automaton(parseGbnf(gbnf))).toThrow(/steps for one token/);
  });

  test('a grammar that doubles before its first character', () => {
    const rules = Array.from({ length: 40 }, (_, i) => `a${i} ::= a${i + 1} "x" | a${i + 1} "y"`);
    const gbnf = ['root ::= a0', ...rules, 'a40 ::= "z"'].join('\n');
    expect(() => new Automaton(parseGbnf(gbnf))).toThrow(code('GRAMMAR_TOO_COSTLY'));
  });
});

describe('tokens', () => {
  const constraint = (gbnf: string) => new GrammarConstraint({ gbnf }, byteVocabulary);

  test('the admitted ones are those that are admitted one by one', () => {
    const random = new Random(9);
    for (const gbnf of [
      'root ::= "été" | "a"{1,4} "é🙂"?',
      'root ::= [^"]{3}',
      'root ::= "{\\"" [a-z]* "\\": " ("true" | "12"+)',
    ]) {
      const one = constraint(gbnf);
      const said: number[] = [];
      for (let step = 0; step < 6 && !one.complete; step++) {
        const admitted = [...one.admitted()];
        const apart = Array.from({ length: byteVocabulary.size }, (_, token) => token).filter((token) => {
          const again = constraint(gbnf);
          for (const before of said) again.accept(before);
          return again.accept(token);
        });
        expect(admitted).toEqual(apart);
        const going = admitted.filter((token) => token !== END);
        const next = going[random.below(going.length)]!;
        said.push(next);
        one.accept(next);
      }
    }
  });

  test('the end only at an end, control tokens never, refusals change nothing', () => {
    const one = constraint('root ::= "ab" | "abc"');
    expect(one.accept(END)).toBe(false);
    expect(one.accept(CONTROL)).toBe(false);
    expect(one.accept(tokenOf('c'))).toBe(false);
    expect(one.accept(tokenOf('ab'))).toBe(true);
    expect(one.complete).toBe(false);
    expect([...one.admitted()]).toEqual([tokenOf('c'), END].sort((a, b) => a - b));
    expect(one.accept(END)).toBe(true);
    expect(one.accept(tokenOf('c'))).toBe(true);
    expect(one.complete).toBe(true);
    expect([...one.admitted()]).toEqual([END]);
  });

  test('characters may lie across tokens', () => {
    const one = constraint('root ::= "🙂é\\""');
    for (const bytes of [[0xf0, 0x9f], [0x99, 0x82], [0xc3], [0xa9, 0x22]]) {
      const token = Array.from({ length: byteVocabulary.size }, (_, id) => id).findLast((id) =>
        Buffer.from(byteVocabulary.bytes(id)).equals(Buffer.from(bytes)),
      )!;
      expect(one.accept(token)).toBe(true);
    }
    expect(one.complete).toBe(true);
  });

  test('states forgotten on the way do not change what is admitted', () => {
    // More states than are remembered: each count is one.
    const gbnf = 'root ::= ([ab]{1999} "-"){3}';
    const one = constraint(gbnf);
    const text = `${'ab'.repeat(999)}a-`.repeat(3);
    for (const [i, char] of [...text].entries()) {
      if (i % 500 === 0) expect(one.accept(tokenOf('z'))).toBe(false);
      expect(one.accept(char === 'a' ? 0x61 : tokenOf(char)), `${i}`).toBe(true);
    }
    expect(one.complete).toBe(true);
  });
});

describe('drawing under a grammar', () => {
  const flat = new Float32Array(byteVocabulary.size);
  const first = (logits: Float32Array, options: object, count: number) => {
    const counts = new Map<number, number>();
    for (let seed = 0; seed < count; seed++) {
      const one = new Sampler(
        { temperature: 1, topK: 0, topP: 1, seed, grammar: { gbnf: 'root ::= [abc] [def]' }, ...options },
        { vocabulary: byteVocabulary },
      );
      const { token } = one.sample(logits, []);
      counts.set(token, (counts.get(token) ?? 0) + 1);
    }
    return counts;
  };

  test('the distribution is the one of the model, given the grammar', () => {
    const logits = Float32Array.from(flat);
    logits[0x61] = 4;
    logits[0x62] = 3;
    logits[0x63] = 5;
    // More than half of the mass lies outside.
    logits[0x7a] = 6;
    const counts = first(logits, {}, 3000);
    const ids = [0x61, 0x62, 0x63];
    // `a` is also a token of its own among the longer ones, with the same text and logit 0.
    const weights = [Math.exp(4) + 1, Math.exp(3), Math.exp(5)];
    const total = weights.reduce((a, b) => a + b);
    const inside = [...counts].filter(
      ([token]) => ids.includes(token) || byteVocabulary.bytes(token)[0] === 0x61,
    );
    expect(inside.reduce((sum, [, count]) => sum + count, 0)).toBe(3000);
    for (const [i, id] of ids.entries()) {
      expect(Math.abs((counts.get(id) ?? 0) / 3000 - weights[i]! / total)).toBeLessThan(0.04);
    }
  });

  test('temperature 0 takes the best admitted', () => {
    const logits = Float32Array.from(flat, (_, i) => -Math.abs(i - 0x7a));
    expect([...first(logits, { temperature: 0 }, 1).keys()]).toEqual([0x63]);
  });

  test('log probabilities stay those of the raw logits', () => {
    const one = new Sampler(
      { temperature: 0, topLogprobs: 1, grammar: { gbnf: 'root ::= "b"' } },
      { vocabulary: byteVocabulary },
    );
    const { token, logprob, top } = one.sample(flat, []);
    expect([token, top![0]!.token]).toEqual([0x62, 0]);
    expect(logprob).toBeCloseTo(-Math.log(byteVocabulary.size), 5);
    expect(one.complete).toBe(true);
    expect(one.sample(flat, [0x62]).token).toBe(END);
  });

  test('ways without an end are not taken', () => {
    const gbnf = 'root ::= "a" x | "b"\nx ::= "a" x | "c" [^\\U00000000-\\U0010FFFF]';
    expect(writeRandomly({ gbnf }, 3).text).toBe('b');
  });

  test('a grammar that the vocabulary cannot write is an error', () => {
    const onlyA = { size: 2, stopIds: new Set([1]), bytes: (token: number) => Uint8Array.of(0x61 + token) };
    const one = new Sampler({ grammar: { gbnf: 'root ::= "a" "é"' } }, { vocabulary: onlyA });
    const logits = new Float32Array(2);
    expect(one.sample(logits, []).token).toBe(0);
    expect(() => one.sample(logits, [0])).toThrow(code('GRAMMAR_STUCK'));
    const banned = new Sampler(
      { grammar: { gbnf: 'root ::= "a"' }, logitBias: new Map([[0, -100]]) },
      { vocabulary: onlyA },
    );
    expect(() => banned.sample(logits, [])).toThrow(code('GRAMMAR_STUCK'));
  });

  test('the same seed writes the same text', () => {
    const grammar = { gbnf: 'root ::= [a-z]{5,20} "." ' };
    expect(writeRandomly(grammar, 1)).toEqual(writeRandomly(grammar, 1));
    expect(writeRandomly(grammar, 1).text).not.toBe(writeRandomly(grammar, 2).text);
  });
});
