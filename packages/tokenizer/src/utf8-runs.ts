/** Bytes of the well-formed UTF-8 sequence at `at` (Unicode, table 3-7); 0 when there is none. */
export function sequenceLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at]!;
  if (first < 0x80) return 1;
  if (first < 0xc2 || first > 0xf4) return 0;
  const second = bytes[at + 1] ?? 0;
  // The second byte is narrower after these: no overlong forms, no surrogates, nothing above U+10FFFF.
  const low = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
  const high = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
  if (second < low || second > high) return 0;
  const length = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  for (let i = 2; i < length; i++) if (((bytes[at + i] ?? 0) & 0xc0) !== 0x80) return 0;
  return length;
}

/** Cuts bytes into the longest stretches of valid UTF-8 and the stretches of bytes between them. */
export function* utf8Runs(bytes: Uint8Array): Generator<{ valid: boolean; run: Uint8Array }> {
  let start = 0;
  let valid = true;
  for (let at = 0; at < bytes.length; ) {
    const length = sequenceLength(bytes, at);
    if (length > 0 !== valid) {
      if (at > start) yield { valid, run: bytes.subarray(start, at) };
      start = at;
      valid = length > 0;
    }
    at += length || 1;
  }
  if (bytes.length > start) yield { valid, run: bytes.subarray(start) };
}
