/** Classes of code points that the split patterns distinguish: `\p{L}`, `\p{N}`, `\p{White_Space}`, the rest. */
export const LETTER = 1;
export const NUMBER = 2;
export const SPACE = 3;
export const OTHER = 4;

/** 0 = not looked up yet. */
const classes = new Uint8Array(0x110000);

function classify(codePoint: number): number {
  const text = String.fromCodePoint(codePoint);
  const found = /\p{L}/u.test(text)
    ? LETTER
    : /\p{N}/u.test(text)
      ? NUMBER
      : /\p{White_Space}/u.test(text)
        ? SPACE
        : OTHER;
  classes[codePoint] = found;
  return found;
}

/**
 * Class of the code point that the UTF-16 unit at `at` belongs to. Both halves of a surrogate pair have the class of
 * the pair, so that a run may be walked unit by unit; a lone surrogate is OTHER, like the U+FFFD it is encoded as.
 */
export function classAt(text: string, at: number): number {
  let code = text.charCodeAt(at);
  if ((code & 0xf800) === 0xd800) {
    const second = (code & 0xfc00) === 0xdc00 && at > 0 && (text.charCodeAt(at - 1) & 0xfc00) === 0xd800;
    code = text.codePointAt(second ? at - 1 : at)!;
    if (code < 0x10000) return OTHER;
  }
  return classes[code] || classify(code);
}

/** UTF-16 units of the code point that starts at `at`: 1 or 2. */
export function unitsAt(text: string, at: number): number {
  return text.codePointAt(at)! > 0xffff ? 2 : 1;
}
