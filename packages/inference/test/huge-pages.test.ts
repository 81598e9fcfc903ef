import { readFileSync } from 'node:fs';
import koffi from 'koffi';
import { describe, expect, test } from 'vitest';
import { inHugePages } from '../src/native/huge-pages.ts';

const BYTES = 64 << 20;

/** Bytes of this process that lie in huge pages. */
function huge(): number {
  const [, kibibytes] = /^AnonHugePages: +(\d+) kB$/m.exec(readFileSync('/proc/self/smaps_rollup', 'utf8'))!;
  return 1024 * Number(kibibytes);
}

/** The kernel moves memory when asked: Linux 6.1 and later, and not switched off. */
function kernelDoes(): boolean {
  const [major, minor] = readFileSync('/proc/sys/kernel/osrelease', 'utf8').split('.').map(Number);
  const enabled = readFileSync('/sys/kernel/mm/transparent_hugepage/enabled', 'utf8');
  return (major! > 6 || (major === 6 && minor! >= 1)) && !enabled.includes('[never]');
}

describe('memory in huge pages', () => {
  test.skipIf(!kernelDoes())('what was allocated moves, and holds what it held', async () => {
    const before = huge();
    const block: unknown = await inHugePages(() => {
      const made: unknown = koffi.alloc('uint8', BYTES);
      new Uint32Array(koffi.view(made, BYTES)).forEach((_, i, all) => {
        all[i] = i * 2654435761;
      });
      return made;
    });
    const grown = huge() - before;
    const values = new Uint32Array(koffi.view(block, BYTES));
    const wrong = values.findIndex((value, i) => value !== (i * 2654435761) >>> 0);
    koffi.free(block);
    expect(wrong).toBe(-1);
    expect(grown).toBeGreaterThan(BYTES / 2);
  });

  test('errors pass', async () => {
    await expect(inHugePages(() => Promise.reject(new Error('no memory')))).rejects.toThrow('no memory');
  });
});
