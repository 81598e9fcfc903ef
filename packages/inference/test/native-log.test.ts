import { afterEach, expect, test } from 'vitest';
import { setNativeLog, takeLine, takeNativeError } from '../src/native/native-log.ts';

afterEach(() => setNativeLog(() => {}));

test('pieces become lines; a continued line keeps its level', () => {
  const lines: [string, string][] = [];
  setNativeLog((level, line) => lines.push([level, line]));
  takeLine(3, 'slow ');
  takeLine(5, 'path\nnext\n');
  takeLine(2, '\n');
  takeLine(4, 'broken\n');
  expect(lines).toEqual([
    ['warn', 'slow path'],
    ['warn', 'next'],
    ['error', 'broken'],
  ]);
});

test('the first error is the reason, and is taken once', () => {
  takeNativeError();
  takeLine(4, 'missing tensor\nfailed to load\n');
  expect(takeNativeError()).toBe('missing tensor');
  expect(takeNativeError()).toBe('');
});
