import type { Random } from '@lucie/ledger';

/** One to four bytes of the head changed (small numbers and extremes more often), sometimes a cut or a doubled piece. */
export function mutate(bytes: Uint8Array, headEnd: number, random: Random): Uint8Array {
  const kind = random.below(10);
  if (kind === 0) return bytes.subarray(0, random.below(bytes.length));
  const out = Uint8Array.from(bytes);
  if (kind === 1) {
    const from = random.below(headEnd - 64);
    out.set(bytes.subarray(from, from + 8 + random.below(56)), random.below(headEnd - 64));
    return out;
  }
  for (let i = 0; i <= random.below(4); i++) {
    const extremes = [0, 1, 2, 0x7f, 0x80, 0xff];
    out[random.below(headEnd)] = random.below(2) ? random.below(256) : extremes[random.below(6)]!;
  }
  return out;
}
