import { availableParallelism, type CpuInfo } from 'node:os';
import { expect, test } from 'vitest';
import { coresToUse, idleCores, idleOf, physicalCores } from '../src/models/idle-cores.ts';

test('counts idle cores, at least one', () => {
  expect(coresToUse(8, 8, 8)).toBe(8);
  expect(coresToUse(8, 3.9, 8)).toBe(4);
  expect(coresToUse(8, 3.5, 8)).toBe(3);
  expect(coresToUse(2, 0, 2)).toBe(1);
});

test('what this process uses itself counts as idle', () => {
  const cpu = (user: number, idle: number) =>
    ({ times: { user, nice: 0, sys: 0, idle, irq: 0 } }) as unknown as CpuInfo;
  const before = [cpu(100, 500), cpu(0, 900)];
  const after = [cpu(200, 500), cpu(50, 950)];
  expect(idleOf(before, after, 0)).toBe(0.5);
  expect(idleOf(before, after, 1)).toBe(1.5);
  expect(idleOf(before, after, 2)).toBe(2);
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
