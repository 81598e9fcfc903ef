/** Letters that a capital, a keyboard or a place in the word may write otherwise. */
const VARIANTS: Record<string, string> = { œ: 'oe', æ: 'ae', ß: 'ss', ς: 'σ' };

const SPACE = 0x20;
/** Marks in the table: what the code unit becomes is not known yet, nothing, or not one code unit. */
const UNKNOWN = 0xffff;
const NOTHING = 0xfffe;
const SEVERAL = 0xfffd;

const table = new Uint16Array(0x10000).fill(UNKNOWN);
const several = new Map<number, string>();

/**
 * The words of a text in the form in which a copy is recognised: lower case, without accents, ligatures apart, one
 * space between words. Punctuation, line ends, kinds of space and invisible characters make no difference: French
 * capitals often lose their accents, and a page breaks words with soft hyphens. Every letter is folded by itself, so
 * what a letter becomes is looked up.
 */
export function foldWords(text: string): string {
  let out = new Uint16Array(text.length + 64);
  let length = 0;
  for (let i = 0; i < text.length; i++) {
    let code = text.charCodeAt(i);
    const folded = table[code]!;
    if (folded === UNKNOWN || folded === SEVERAL) {
      code = text.codePointAt(i)!;
      if (code > 0xffff) i++;
      const letters = foldLetter(code);
      if (length + letters.length + text.length - i > out.length) {
        const larger = new Uint16Array(out.length * 2 + letters.length);
        larger.set(out);
        out = larger;
      }
      for (const letter of letters) {
        if (letter !== ' ' || (length > 0 && out[length - 1] !== SPACE)) {
          for (let unit = 0; unit < letter.length; unit++) out[length++] = letter.charCodeAt(unit);
        }
      }
    } else if (folded === SPACE) {
      if (length > 0 && out[length - 1] !== SPACE) out[length++] = SPACE;
    } else if (folded !== NOTHING) out[length++] = folded;
  }
  if (length > 0 && out[length - 1] === SPACE) length--;
  return Buffer.from(out.buffer, 0, length * 2).toString('utf16le');
}

/** What one letter becomes, remembered. */
function foldLetter(code: number): string {
  const known = several.get(code);
  if (known !== undefined) return known;
  const folded = String.fromCodePoint(code)
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[\p{M}\p{Cf}]+/gu, '')
    .replace(/[œæßς]/g, (letter) => VARIANTS[letter]!)
    .replace(/[^\p{L}\p{N}]+/gu, ' ');
  // A half of a pair by itself never comes alone out of a well-formed text; both halves are looked up together.
  if (code > 0xffff || (code >= 0xd800 && code < 0xe000)) {
    if (code > 0xffff) several.set(code, folded);
    return folded;
  }
  if (folded.length === 0) table[code] = NOTHING;
  else if (folded.length === 1) table[code] = folded.charCodeAt(0);
  else {
    table[code] = SEVERAL;
    several.set(code, folded);
  }
  return folded;
}
