import { Random } from '@lucie/ledger';

/** A damaged copy of a file, the same for the same seed: bits flipped, cut, parts repeated, garbage put in. */
export function mutate(bytes: Buffer, seed: number): Buffer {
  const random = new Random(seed, 'mutate');
  let out = Buffer.from(bytes);
  // Every other copy has one wound only: much damage ends a reader early, little is what slips through.
  for (let n = seed % 2 === 0 ? 1 : 1 + random.below(4); n > 0 && out.length > 0; n--) {
    const at = random.below(out.length);
    const length = 1 + random.below(Math.min(64, out.length - at));
    const kind = random.below(6);
    if (kind === 0) out[at]! ^= 1 << random.below(8);
    else if (kind === 1) out = out.subarray(0, at);
    else if (kind === 2) out = Buffer.concat([out.subarray(0, at + length), out.subarray(at)]);
    else if (kind === 3)
      out = Buffer.concat([out.subarray(0, at), garbage(random, length), out.subarray(at)]);
    else if (kind === 4) out = Buffer.concat([out.subarray(0, at), out.subarray(at + length)]);
    else out.fill(random.below(2) * 255, at, at + length);
    // A part may share memory with the original.
    out = Buffer.from(out);
  }
  return out;
}

function garbage(random: Random, length: number): Buffer {
  return Buffer.from(Array.from({ length }, () => random.below(256)));
}
