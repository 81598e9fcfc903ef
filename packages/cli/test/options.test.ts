import { expect, test } from 'vitest';
import { editDistance, nearest } from '../src/nearest.ts';
import { applySettings, parseSetting } from '../src/options/set.ts';

test('edit distance: the classic example of kitten and sitting is 3', () => {
  expect(editDistance('kitten', 'sitting')).toBe(3);
  expect(editDistance('', 'abc')).toBe(3);
  expect(editDistance('nano', 'nano')).toBe(0);
});

test('the nearest name is offered for a slip, not for another word', () => {
  expect(nearest('nanno', ['pico', 'nano'])).toBe('nano');
  expect(nearest('elephant', ['pico', 'nano'])).toBeUndefined();
});

test('--set reads numbers, booleans and lists as JSON, the rest as text', () => {
  expect(parseSetting('base.steps=100')).toEqual({ path: ['base', 'steps'], value: 100 });
  expect(parseSetting('a=true').value).toBe(true);
  expect(parseSetting('a=[1,2]').value).toEqual([1, 2]);
  expect(parseSetting('tokenizer.preTokenizer=gpt-2').value).toBe('gpt-2');
  expect(parseSetting('a=b=c').value).toBe('b=c');
});

test.each(['steps', '=3', ''])('--set %j is refused as wrong use', (text) => {
  expect(() => parseSetting(text)).toThrow(expect.objectContaining({ code: 'OPTION_INVALID', exitCode: 2 }));
});

test('settings change a copy and leave the recipe as it is', () => {
  const options = { base: { steps: 10, batch: 4 }, list: [1, 2] };
  const changed = applySettings(options, [parseSetting('base.steps=20'), parseSetting('list.1=7')]);
  expect(changed).toEqual({ base: { steps: 20, batch: 4 }, list: [1, 7] });
  expect(options.base.steps).toBe(10);
});

test.each([
  ['base.stepps=1', 'base.steps'],
  ['bas.steps=1', 'base'],
])('an unknown option %s names the nearest known one', (text, near) => {
  const attempt = () => applySettings({ base: { steps: 10 } }, [parseSetting(text)]);
  expect(attempt).toThrow(expect.objectContaining({ code: 'OPTION_UNKNOWN', exitCode: 2 }));
  expect(attempt).toThrow(`perhaps ${near}`);
});

test('an option below a number is unknown, not a crash', () => {
  expect(() => applySettings({ steps: 10 }, [parseSetting('steps.more=1')])).toThrow(
    /unknown option steps\.more/,
  );
});

test('names of Object.prototype are no options', () => {
  expect(() => applySettings({ a: 1 }, [parseSetting('constructor=1')])).toThrow(
    /unknown option constructor/,
  );
});
