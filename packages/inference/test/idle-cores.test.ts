import { availableParallelism } from 'node:os';
import { expect, test } from 'vitest';
import { coresToUse, idleCores, physicalCores } from '../src/models/idle-cores.ts';

test('counts idle cores, at least one', () => {
  expect(coresToUse(8, 8, 8)).toBe(8);
  expect(coresToUse(8, 3.9, 8)).toBe(4);
  expect(coresToUse(8, 3.5, 8)).toBe(3);
  expect(coresToUse(2, 0, 2)).toBe(1);
});

test('hyper-threads of one core are one core', () => {
  expect(coresToUse(4, 8, 8)).toBe(4);
  expect(coresToUse(4, 4, 8)).toBe(2);
});

test('on this machine: between one and all', async () => {
  expect(physicalCores()).toBeGreaterThanOrEqual(1);
  expect(physicalCores()).toBeLessThanOrEqual(availableParallelism());
  const idle = await idleCores(20);
  expect(idle).toBeGreaterThanOrEqual(1);
  expect(idle).toBeLessThanOrEqual(physicalCores());
});
