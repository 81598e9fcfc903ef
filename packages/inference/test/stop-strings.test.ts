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

/** Texts cut into tokens of one to three bytes: characters lie across tokens, and stop strings across both. */
test('whatever the tokens, each piece is whole characters, and all together the text before the stop', () => {
  const random = new Random(15);
  const letters = ['a', 'b', 'é', '€', '🙂', '👩‍🏫', '\u{feff}', 'e\u0301'];
  const word = (length: number) =>
    Array.from({ length }, () => letters[random.below(letters.length)]).join('');
  for (let round = 0; round < 400; round++) {
    const text = word(20);
    const stops = [word(1 + random.below(2)), word(2)];
    const bytes = Buffer.from(text);
    const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
    const filter = new StopStrings(stops);
    const shown: string[] = [];
    for (let at = 0; at < bytes.length && filter.matched === undefined; ) {
      const token = bytes.subarray(at, (at += 1 + random.below(3)));
      shown.push(filter.push(decoder.decode(token, { stream: true })));
    }
    shown.push(filter.flush());
    for (const piece of shown) {
      expect(piece.isWellFormed(), JSON.stringify(piece)).toBe(true);
      expect(piece).not.toContain('\u{fffd}');
    }
    // The earliest end of a stop decides; of those that end there, the longest.
    const ends = stops.map((stop) => ({ stop, end: text.indexOf(stop) + stop.length }));
    const met = ends
      .filter(({ stop }) => text.includes(stop))
      .sort((a, b) => a.end - b.end || b.stop.length - a.stop.length)[0];
    expect(shown.join('')).toBe(met ? text.slice(0, met.end - met.stop.length) : text);
    expect(filter.matched).toBe(met?.stop);
  }
});

test('a stop that begins inside a pair of surrogates does not tear it', () => {
  // U+1F642 ends with the same half as U+1F242; a stop of JSON from outside may be half a pair.
  const filter = new StopStrings(['\ude42!']);
  const shown = [filter.push('a\u{1f642}'), filter.push('b'), filter.flush()];
  expect(shown.join('')).toBe('a\u{1f642}b');
  for (const piece of shown) expect(piece.isWellFormed()).toBe(true);
});
