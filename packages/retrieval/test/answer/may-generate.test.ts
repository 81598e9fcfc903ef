import { expect, test } from 'vitest';
import { mayGenerate } from '../../src/answer/may-generate.ts';

test('only a passed verdict on course questions lets a model word answers', () => {
  expect(mayGenerate({ 'course-questions': { passed: true, score: 0.9 } })).toBe(true);
  expect(mayGenerate({ version: 1, verdicts: { 'course-questions': { passed: true } } })).toBe(true);
  expect(mayGenerate({ 'course-questions': { passed: false } })).toBe(false);
  expect(mayGenerate({ 'course-questions': { passed: 'true' } })).toBe(false);
  expect(mayGenerate({ chat: { passed: true }, completion: { passed: true } })).toBe(false);
  for (const nothing of [null, undefined, 1, 'x', [], {}]) expect(mayGenerate(nothing)).toBe(false);
  expect(mayGenerate(Object.create({ 'course-questions': { passed: true } }))).toBe(false);
});
