/** What a line says about the scan. Blank lines and marks of a cut say nothing: they neither begin nor end a run. */
export type LineKind = 'text' | 'noise' | 'blank';

/** Letters of a normal word: `maison`, `Maison`, `MAISON`, with `'` and `-` inside. */
const WORD = /^(?:\p{Lu}?\p{Ll}+|\p{Lu}+)(?:['’-](?:\p{Lu}?\p{Ll}+|\p{Lu}+))*$/u;
const VOWEL = /[aeiouyàâäáãåæèéêëìíîïòóôöõøœùúûüÿý]/i;
const NUMBER = /^\d[\d.,:/%°ºª-]*$/;
const LONE_LETTERS = new Set([...'aàáeéiíoóôuúyAÀÁEÉIÍOÓÔUÚY']);
const EDGES = /^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu;

/**
 * A line is noise when words and numbers make up less than half of its visible characters. A word has one case or a
 * capital, a vowel from four letters on, and at most 25 letters: `tlie`, `;il` pass, `Îïl~j`, `rnm;.` do not.
 */
export function lineKind(line: string): LineKind {
  let visible = 0;
  let good = 0;
  for (const token of line.split(/\s+/)) {
    if (token === '') continue;
    visible += token.length;
    if (token.length <= 200 && isWord(token.replace(EDGES, ''))) good += token.length;
  }
  if (visible === 0 || line.trim() === '[…]') return 'blank';
  return good < visible / 2 ? 'noise' : 'text';
}

function isWord(core: string): boolean {
  if (core.length === 0 || core.length > 25) return false;
  if (core.length === 1) return LONE_LETTERS.has(core) || NUMBER.test(core);
  if (NUMBER.test(core)) return true;
  return WORD.test(core) && (core.length < 4 || VOWEL.test(core));
}
