const decoder = new TextDecoder('windows-1252');
/** What bytes 0x80 to 0x9F are in Windows-1252; the five that are none stay controls. */
const CHARACTERS = Array.from({ length: 32 }, (_, index) => decoder.decode(new Uint8Array([0x80 + index])));

/** The character that a number from 128 to 159 means on the web: Windows-1252, as browsers read it (HTML standard §13.2.5.80). */
export function fromWindows1252(code: number): string {
  return CHARACTERS[code - 0x80] ?? String.fromCodePoint(code);
}

/** Controls of Latin-1 in a text are Windows-1252 that was decoded wrongly; U+0085 alone is in use, as an end of line. */
export function withoutControls1252(text: string): string {
  return text.replace(/[\u0080-\u009f]/g, (char) =>
    char === '\u0085' ? '\n' : fromWindows1252(char.charCodeAt(0)),
  );
}
