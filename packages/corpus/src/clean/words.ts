/**
 * Text reduced to what makes two documents the same: lower-case letters and digits, one space between words.
 * Punctuation, spacing, typography of apostrophes do not count.
 */
export function normalisedWords(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
    .trim();
}

/** A 32-bit finaliser with full avalanche (Murmur3's, by Austin Appleby, public domain constants). */
export function mix32(value: number): number {
  let h = value;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** 53 bits of hash of a string as a safe integer, for maps of many lines. */
export function hash53(text: string): number {
  let a = 0x9e3779b9;
  let b = 0x7f4a7c15;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    a = Math.imul(a ^ code, 0x85ebca6b);
    b = Math.imul(b ^ code, 0xc2b2ae35);
  }
  return (mix32(a) >>> 0) * 2 ** 21 + (mix32(b ^ a) >>> 11);
}
