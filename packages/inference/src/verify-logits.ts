import { Context } from './native/context.ts';
import type { Libllama, Pointer } from './native/libllama.ts';
import type { Turns } from './scheduler/turns.ts';

const BATCH = 128;

/**
 * Logits after each token, in a context of its own, so that serving keeps its memory.
 * @returns one [vocabulary] array per token, by position; copies
 * @throws LucieError `ENGINE_MEMORY`, `DECODE_FAILED`
 */
export async function verifyLogits(
  native: { lib: Libllama; model: Pointer; threads: number; turns: Turns },
  ids: ArrayLike<number>,
): Promise<Float32Array[]> {
  const { lib, model, threads, turns } = native;
  using context = new Context(lib, model, {
    cells: ids.length,
    sequences: 1,
    batchSize: BATCH,
    outputs: BATCH,
    threads,
  });
  const rows: Float32Array[] = [];
  for (let start = 0; start < ids.length; start += BATCH) {
    context.batch.clear();
    for (let i = start; i < Math.min(start + BATCH, ids.length); i++) context.batch.add(ids[i]!, i, 0, true);
    await turns.take(() => context.decode());
    for (let row = 0; row < context.batch.length; row++) rows.push(context.logits()[row]!.slice());
  }
  return rows;
}
