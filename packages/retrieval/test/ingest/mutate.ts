import type { Random } from '@lucie/ledger';

/** A file that a few accidents have happened to: bits, bytes, runs moved, doubled, lost or overwritten. */
export function mutate(bytes: Uint8Array, random: Random): Uint8Array {
  let out = Buffer.from(bytes);
  const times = 1 + random.below(8);
  for (let i = 0; i < times && out.length > 0; i++) {
    const at = random.below(out.length);
    const length = 1 + random.below(Math.min(out.length - at, 64));
    const piece = Buffer.from(out.subarray(at, at + length));
    const kind = random.below(6);
    if (kind === 0) out[at]! ^= 1 << random.below(8);
    else if (kind === 1) out[at] = [0, 0xff, 0x3c, 0x26, 0x20, 0x0c][random.below(6)]!;
    else if (kind === 2) out = Buffer.concat([out.subarray(0, at), out.subarray(at + length)]);
    else if (kind === 3)
      out = Buffer.concat([
        out.subarray(0, at),
        ...Array<Buffer>(1 + random.below(50)).fill(piece),
        out.subarray(at),
      ]);
    else if (kind === 4) out.set(piece, random.below(out.length - length + 1));
    else out = Buffer.from(out.subarray(0, at));
  }
  return out;
}
