/** The bytes of a `.mo` file (GNU gettext manual, section 10.3), messages in the order of their originals. */
export function makeMo(messages: Record<string, string>): Buffer {
  const pairs = [['', 'Content-Type: text/plain; charset=UTF-8\n'], ...Object.entries(messages)].sort(
    (a, b) => Buffer.compare(Buffer.from(a[0]!), Buffer.from(b[0]!)),
  );
  const head = 28 + 16 * pairs.length;
  const tables = Buffer.alloc(head);
  const numbers = [0x950412de, 0, pairs.length, 28, 28 + 8 * pairs.length, 0, head];
  for (const [index, value] of numbers.entries()) tables.writeUInt32LE(value, index * 4);
  const texts: Buffer[] = [];
  let at = head;
  for (const side of [0, 1]) {
    for (const [index, pair] of pairs.entries()) {
      const bytes = Buffer.from(`${pair[side]}\0`);
      tables.writeUInt32LE(bytes.length - 1, 28 + 8 * (side * pairs.length + index));
      tables.writeUInt32LE(at, 32 + 8 * (side * pairs.length + index));
      texts.push(bytes);
      at += bytes.length;
    }
  }
  return Buffer.concat([tables, ...texts]);
}
