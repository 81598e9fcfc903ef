/** Translations by message. The original of a message may begin with a context and `^`. */
export type Messages = ReadonlyMap<string, string>;

const MAGIC = 0x950412de;
/** Between the context of a message and its original. */
const CONTEXT = '\u0004';

/**
 * Reads a `.mo` file (GNU gettext manual, section 10.3): two tables of length and offset, for originals and
 * translations, texts in UTF-8. Of a plural the first form; the header, whose original is empty, is left out.
 * @throws Error when the file is no such file, or its tables point outside it
 */
export function readMessages(file: Uint8Array): Messages {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  if (bytes.length < 28) throw new Error('shorter than its head');
  const little = bytes.readUInt32LE(0) === MAGIC;
  if (!little && bytes.readUInt32BE(0) !== MAGIC) throw new Error('another magic number');
  const number = (at: number) => {
    if (at + 4 > bytes.length) throw new Error('a table beyond its end');
    return little ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at);
  };
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const text = (at: number) => {
    const [length, offset] = [number(at), number(at + 4)];
    if (offset + length > bytes.length) throw new Error('a text beyond its end');
    return decoder.decode(bytes.subarray(offset, offset + length)).split('\0')[0]!;
  };
  const count = number(8);
  if (count > bytes.length / 16) throw new Error('more messages than would fit');
  const messages = new Map<string, string>();
  for (let i = 0; i < count; i++) {
    const original = text(number(12) + 8 * i)
      .split(CONTEXT)
      .at(-1)!;
    const translation = text(number(16) + 8 * i);
    if (original !== '' && translation !== '') messages.set(original, translation);
  }
  return messages;
}
