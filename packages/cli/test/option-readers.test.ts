import { expect, test } from 'vitest';
import { byteSize } from '../src/options/byte-size.ts';
import { duration } from '../src/options/duration.ts';
import { listOf } from '../src/options/list-of.ts';
import { describeSources } from '../src/options/origins.ts';
import { engineOptions, serveVerb } from '../src/verbs/serve.ts';

test('durations are minutes, hours or days', () => {
  expect([duration('30m'), duration('8h'), duration('90d')]).toEqual([1_800_000, 28_800_000, 7_776_000_000]);
});

test.each(['', '0d', '-1d', '1.5h', '90', 'd', '3x', '9999999d', '4000d', '1D '])(
  '%j is no duration',
  (text) => {
    expect(() => duration(text)).toThrow(/expected/);
  },
);

test('sizes are powers of ten', () => {
  expect([byteSize('500M'), byteSize('1.5T'), byteSize('6gb')]).toEqual([5e8, 1.5e12, 6e9]);
});

test.each(['', '6', 'G', '-1G', '0.1M', '6K', '6G6'])('%j is no size', (text) => {
  expect(() => byteSize(text)).toThrow(/expected/);
});

test('lists have no empty items', () => {
  expect(listOf('a, b,c')).toEqual(['a', 'b', 'c']);
  for (const text of ['', 'a,', ',a', 'a,,b']) expect(() => listOf(text)).toThrow(/expected/);
});

test.each([
  // 35,791 minutes are what a timer of Node can wait; beyond, it fires at once.
  ['--idle-minutes', '35000', '36000'],
  ['--sequences', '255', '256'],
])('serve takes %s up to %s, not %s', (option, most, more) => {
  const parse = (value: string) =>
    serveVerb()
      .exitOverride()
      .configureOutput({ writeErr() {} })
      .action(() => {})
      .parse(['nano', option, value], { from: 'user' });
  parse(most);
  expect(() => parse(more)).toThrow(/expected a/);
});

test('the line is as long in the engine as --max-waiting says', () => {
  expect(engineOptions({ maxWaiting: 5000 })).toEqual({ maxWaiting: 5000 });
  expect(engineOptions({ maxWaiting: 0, sequences: 8 })).toEqual({ maxWaiting: 1, sequences: 8 });
});

test('serve says which value each option has and where it comes from', () => {
  const verb = serveVerb().action(() => {});
  verb.parse(['nano', '--port', '9000', '--no-keys', '--max-waiting', '3'], { from: 'user' });
  const [said, defaults] = describeSources(verb).sort();
  expect(said).toBe('  serve (command line): port 9000, max-waiting 3, keys false');
  expect(defaults).toMatch(/^ {2}serve \(default\): host "127\.0\.0\.1".* grace 30/);
  expect(defaults).not.toContain('port');
});
