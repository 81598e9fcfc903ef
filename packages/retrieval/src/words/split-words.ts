/** A word as it is written, and where. */
export interface Token {
  text: string;
  start: number;
  end: number;
}

/**
 * Numbers keep their spaces between thousands and their decimals; the signs that stand for a word count as one.
 * Apostrophes and hyphens part words: `l'eau` is `l` and `eau`, `Saint-Aubert` is `Saint` and `Aubert`.
 */
const WORD =
  /(?<![\p{L}\p{N}])\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?![\p{L}\p{N}])(?:[.,]\d+)?|\d+(?:[.,]\d+)?(?![\p{L}\p{N}])|\d+(?=h\d|(?:km|hm|dam|dm|cm|mm|kg|hg|dag|dg|cg|mg|hl|dl|cl|ml|kwh|wh|mo|go|ko|db|hz|min|ans|euros|degres|degrés)(?![\p{L}\p{N}]))|[\p{L}\p{M}\p{N}]+|°[CF](?!\p{L})|[°€%]/giu;

/** The words of a text, in order. */
export function splitWords(text: string): Token[] {
  const tokens: Token[] = [];
  for (const match of text.matchAll(WORD)) {
    const start = match.index;
    const time = /^h(\d{1,2})$/i.exec(match[0]);
    // The second half of `14h30`: the sign for hours, and the minutes.
    if (time && /\d/.test(text[start - 1] ?? '')) {
      tokens.push({ text: match[0][0]!, start, end: start + 1 });
      tokens.push({ text: time[1]!, start: start + 1, end: start + match[0].length });
    } else tokens.push({ text: match[0], start, end: start + match[0].length });
  }
  return tokens;
}
