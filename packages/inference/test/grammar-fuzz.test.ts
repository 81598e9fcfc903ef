import { isLucieError, Random } from '@lucie/ledger';
import { expect, test } from 'vitest';
import { Automaton, type State } from '../src/sampling/grammar/automaton.ts';
import { parseGbnf } from '../src/sampling/grammar/gbnf-parser.ts';
import { writeRandomly } from './byte-vocabulary.ts';

const SEEDS = [
  'root ::= "a" | b\nb ::= [a-z]+ "x"?',
  'root ::= object\nobject ::= "{" (pair ("," pair)*)? "}"\npair ::= "\\"" [^"\\\\]* "\\"" ":" (object | [0-9]{1,3})',
  'root ::= (("a" | "b"){0,3} root2){2,5}\nroot2 ::= ("c"? "d"?)* "e"',
  'root ::= "a" root "b" | "a" root "c" | .{0,20} | ""',
  'root ::= ([a-c]{1,30} | [b-d]{1,30}){1,30}',
];
const PIECES = [
  '"',
  '[',
  ']',
  '(',
  ')',
  '|',
  '*',
  '+',
  '?',
  '{2,}',
  '{0,9}',
  '::=',
  '\n',
  '^',
  '-',
  '\\',
  'root',
  'b',
  '.',
  '#',
  '<',
  'é',
  '\\x00',
  '""',
];

function mutated(random: Random): string {
  let text = SEEDS[random.below(SEEDS.length)]!;
  for (let changes = 1 + random.below(3); changes > 0; changes--) {
    const at = random.below(text.length + 1);
    const piece = PIECES[random.below(PIECES.length)]!;
    const kind = random.below(4);
    if (kind === 0) text = text.slice(0, at) + piece + text.slice(at);
    else if (kind === 1) text = text.slice(0, at) + text.slice(at + 1 + random.below(4));
    else if (kind === 2) text = text.slice(0, at) + text.slice(random.below(text.length + 1));
    else text += `\nb ::= ${piece} root | "${piece}"`;
  }
  return text;
}

/** Valid notation, whatever it means: rules that refer to each other, left recursion and endless ones among them. */
function grown(random: Random): string {
  const names = ['root', 'b', 'c', 'd'].slice(0, 1 + random.below(4));
  const part = (depth: number): string => {
    const kind = random.below(depth > 0 ? 7 : 4);
    if (kind === 0) return names[random.below(names.length)]!;
    if (kind < 4) return ['"a"', '[a-c]', '"xyz"', '[^a]', '"é"', '""', '.'][random.below(7)]!;
    if (kind === 4) return `(${part(depth - 1)} | ${part(depth - 1)})`;
    if (kind === 5) return `(${part(depth - 1)})${['*', '+', '?', '{2,3}', '{0,40}'][random.below(5)]}`;
    return `${part(depth - 1)} ${part(depth - 1)}`;
  };
  return names.map((name) => `${name} ::= ${part(4)} ${part(3)} | ${part(2)}`).join('\n');
}

test('500 mutated and grown grammars: a text of the language, or an error with a code', () => {
  const random = new Random(77);
  const codes = new Map<string, number>();
  for (let round = 0; round < 500; round++) {
    const gbnf = round % 2 ? mutated(random) : grown(random);
    let outcome = 'unfinished';
    try {
      const { text, ended } = writeRandomly({ gbnf }, round, { most: 60 });
      if (ended) {
        outcome = 'ended';
        // Byte by byte, with an automaton of its own.
        const automaton = new Automaton(parseGbnf(gbnf));
        let state: State | null = automaton.start;
        for (const byte of Buffer.from(text)) {
          automaton.renew();
          state = state && automaton.step(state, byte);
        }
        expect(state?.accepting, `${gbnf}\n${text}`).toBe(true);
      }
    } catch (error) {
      if (!isLucieError(error)) throw error;
      outcome = error.code;
    }
    codes.set(outcome, (codes.get(outcome) ?? 0) + 1);
  }
  expect(
    [...codes.keys()].filter(
      (code) => !['ended', 'unfinished', 'GRAMMAR_INVALID', 'GRAMMAR_TOO_COSTLY'].includes(code),
    ),
  ).toEqual([]);
  expect(codes.get('ended')).toBeGreaterThan(80);
  expect(codes.get('GRAMMAR_INVALID')).toBeGreaterThan(100);
});

test('bytes at random are no grammar, and no more than that', () => {
  const random = new Random(78);
  for (let round = 0; round < 300; round++) {
    const noise = Array.from({ length: random.below(60) }, () => PIECES[random.below(PIECES.length)]).join(
      ' ',
    );
    try {
      parseGbnf(`root ::= ${noise}`);
    } catch (error) {
      expect(error).toMatchObject({ code: 'GRAMMAR_INVALID' });
    }
  }
});
