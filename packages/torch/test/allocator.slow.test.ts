import { ops, scope, Tensor } from '@lucie/torch';
import { expect, test } from 'vitest';

/** Slow because it fills 2.3 GB: more unused memory than the allocator keeps. */
test('beyond 2 GiB unused memory goes back to the system, and its addresses serve again', () => {
  using _first = Tensor.from(new Float32Array(1));
  const size = 64 << 20;
  const before = process.memoryUsage().rss;
  scope(() => {
    for (let i = 0; i < 9; i++) ops.ones([size]);
    expect(process.memoryUsage().rss).toBeGreaterThan(before + 2 ** 31);
  });
  expect(process.memoryUsage().rss).toBeLessThan(before + 2 ** 30);
  scope(() => {
    for (let i = 0; i < 3; i++) expect(ops.sum(ops.ones([size])).item()).toBe(size);
  });
});
