import type { Rule } from '../../rule.ts';

/** What Windows-1252 shows for the bytes 0x80 to 0x9f, in their order; five are undefined and stay controls. */
const HIGH = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';
const byteOf = new Map([...HIGH].map((char, i) => [char, 0x80 + i]));
const next = `[${HIGH}\u00a0-\u00bf]`;

/**
 * Two bytes of U+0080 to U+00FF (`Ã©`, `Â«`) and three of U+2000 to U+2FFF (`â€™`). Other first bytes would catch
 * good text: `É»` closes a French quotation in capitals.
 */
const MISREAD = new RegExp(`[ÂÃ]${next}|â${next}{2}`, 'g');
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Repairs UTF-8 that was read as Windows-1252 or Latin-1, as often as that happened to it. */
export const mojibake: Rule = {
  name: 'mojibake',
  apply(document) {
    let text = document.text;
    for (let before = ''; before !== text; ) {
      before = text;
      text = text.replace(MISREAD, decode);
    }
    return text === document.text ? document : { ...document, text };
  },
};

function decode(misread: string): string {
  const bytes = Uint8Array.from([...misread], (char) => byteOf.get(char) ?? char.charCodeAt(0));
  try {
    return utf8.decode(bytes);
  } catch {
    return misread;
  }
}
