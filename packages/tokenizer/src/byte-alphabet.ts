/**
 * The 256 bytes as printable characters, so that a vocabulary of byte strings can be written as text. The scheme is
 * GPT-2's (Radford et al. 2019): printable Latin-1 characters stand for themselves, the other 68 bytes take the
 * code points from U+0100 on, in order.
 */
const isPrintable = (byte: number) =>
  (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;

const characters: string[] = [];
let extra = 0;
for (let byte = 0; byte < 256; byte++) {
  characters.push(String.fromCharCode(isPrintable(byte) ? byte : 256 + extra++));
}

const bytesByCharCode = new Int16Array(256 + extra).fill(-1);
for (const [byte, character] of characters.entries()) bytesByCharCode[character.charCodeAt(0)] = byte;

/**
 * The bytes in the order of their characters (`!` first, the space near the end): the order in which trainers give
 * them ids, which decides ties.
 */
export const bytesInOrder: readonly number[] = characters
  .map((_, byte) => byte)
  .sort((a, b) => characters[a]!.charCodeAt(0) - characters[b]!.charCodeAt(0));

/** Bytes as text in the alphabet. */
export function toAlphabet(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += characters[byte];
  return text;
}

/** The bytes that `text` stands for, or `undefined` when a character is not of the alphabet. */
export function fromAlphabet(text: string): Uint8Array | undefined {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const byte = bytesByCharCode[text.charCodeAt(i)] ?? -1;
    if (byte < 0) return undefined;
    bytes[i] = byte;
  }
  return bytes;
}
