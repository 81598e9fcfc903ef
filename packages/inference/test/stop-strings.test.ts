import { Random } from '@lucie/ledger';
import { expect, test } from 'vitest';
import { StopStrings } from '../src/sampling/stop-strings.ts';

function run(stops: string[], pieces: string[]): { shown: string[]; matched: string | undefined } {
  const filter = new StopStrings(stops);
  const shown = pieces.map((piece) => filter.push(piece));
  return { shown: [...shown, filter.flush()], matched: filter.matched };
}

test('what may become a stop string is held until it is known', () => {
  expect(run(['FIN'], ['abF', 'I', 'xN'])).toEqual({ shown: ['ab', '', 'FIxN', ''], matched: undefined });
  expect(run(['FIN'], ['abF', 'I', 'Nxx'])).toEqual({ shown: ['ab', '', '', ''], matched: 'FIN' });
  expect(run(['FIN'], ['aFI'])).toEqual({ shown: ['a', 'FI'], matched: undefined });
});

test('the stop that is complete first, and nothing after it', () => {
  expect(run(['c', 'bc'], ['abcd', 'e'])).toEqual({ shown: ['a', '', ''], matched: 'bc' });
  expect(run(['', 'z'], ['ab'])).toEqual({ shown: ['ab', ''], matched: undefined });
});

test('a stop that overlaps itself', () => {
  expect(run(['aab'], ['aa', 'ab'])).toEqual({ shown: ['', 'a', ''], matched: 'aab' });
});

test('however a text is cut, the same stop ends it', () => {
  const random = new Random(4);
  for (let round = 0; round < 300; round++) {
    const letters = (length: number) => Array.from({ length }, () => 'ab'[random.below(2)]).join('');
    const text = letters(30);
    const stops = [letters(1 + random.below(5)), letters(1 + random.below(5))];
    const pieces: string[] = [];
    for (let at = 0; at < text.length; ) pieces.push(text.slice(at, (at += 1 + random.below(6))));
    // Letter by letter: the first end at which the text ends with a stop.
    let expected = text;
    for (let end = text.length; end > 0; end--) {
      const stop = stops
        .filter((one) => text.slice(0, end).endsWith(one))
        .sort((a, b) => b.length - a.length)[0];
      if (stop) expected = text.slice(0, end - stop.length);
    }
    const { shown, matched } = run(stops, pieces);
    expect(shown.join('')).toBe(expected);
    expect(matched === undefined).toBe(expected === text);
  }
});
