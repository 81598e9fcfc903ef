import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { writeJson } from '@lucie/ledger';
import { noGrad, ops, scope, Tensor } from '@lucie/torch';

const SIZE = 2048;
const REPEATS = 3;

/**
 * Floating-point operations per second of this machine's own fp32 matrix product of 2048³ with the threads in use:
 * what model FLOPs utilisation is measured against. Best of three after a warm-up.
 */
export function matmulFlops(): number {
  return noGrad(() =>
    scope(() => {
      const a = Tensor.from(new Float32Array(SIZE * SIZE).fill(0.5), [SIZE, SIZE]);
      let best = Number.POSITIVE_INFINITY;
      for (let i = 0; i <= REPEATS; i++) {
        const began = performance.now();
        ops.mm(a, a).dispose();
        if (i > 0) best = Math.min(best, (performance.now() - began) / 1000);
      }
      return (2 * SIZE ** 3) / best;
    }),
  );
}

const measured = new Map<number, number>();

/**
 * `matmulFlops`, measured once per process and kept in `path`, so that a resumed stage compares with the same figure.
 */
export async function recordedMatmulFlops(path: string, threads: number): Promise<number> {
  if (existsSync(path)) {
    const kept = JSON.parse(await readFile(path, 'utf8')) as { threads: number; flops: number };
    if (kept.threads === threads) return kept.flops;
  }
  const flops = measured.get(threads) ?? matmulFlops();
  measured.set(threads, flops);
  await writeJson(path, { size: SIZE, threads, flops });
  return flops;
}
