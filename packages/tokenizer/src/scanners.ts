import { classAt, LETTER, NUMBER, OTHER, SPACE, unitsAt } from './code-points.ts';

/** Where the pre-token that begins at `start` ends; `start` is below the length and at a code point's first unit. */
export type Scanner = (text: string, start: number) => number;

const APOSTROPHE = 39;
const BLANK = 32;
const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;

/** Units of `'s 't 'm 'd 're 've 'll` at `start`, where an apostrophe stands; 0 when none. */
function contraction(text: string, start: number, anyCase: boolean): number {
  const fold = anyCase ? 0x20 : 0;
  const first = text.charCodeAt(start + 1) | fold;
  if (first === 115 || first === 116 || first === 109 || first === 100) return 2;
  const second = text.charCodeAt(start + 2) | fold;
  if ((first === 114 || first === 118) && second === 101) return 3;
  return first === 108 && second === 108 ? 3 : 0;
}

/** End of the run of `kind` that goes on at `at`. */
function runEnd(text: string, at: number, kind: number): number {
  let end = at;
  while (end < text.length && classAt(text, end) === kind) end++;
  return end;
}

/**
 * GPT-2's pattern: `'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`.
 * @param singleDigits - `\p{N}` is split off first, so that each digit stands alone and nothing looks past it
 */
export function gpt2Scanner(singleDigits: boolean): Scanner {
  return (text, start) => {
    const code = text.charCodeAt(start);
    if (code === APOSTROPHE) {
      const units = contraction(text, start, false);
      if (units > 0) return start + units;
    }
    let at = start;
    let kind = classAt(text, start);
    if (code === BLANK && start + 1 < text.length) {
      const next = classAt(text, start + 1);
      if (next !== SPACE && !(singleDigits && next === NUMBER)) {
        at = start + 1;
        kind = next;
      }
    }
    if (singleDigits && kind === NUMBER) return at + unitsAt(text, at);
    const end = runEnd(text, at, kind);
    if (kind !== SPACE) return end;
    const last = end === text.length || (singleDigits && classAt(text, end) === NUMBER);
    return last || end === start + 1 ? end : end - 1;
  };
}

/**
 * Llama 3's pattern, with contractions in either case:
 * `'s|…|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`.
 * @param maxDigits - 3 for Llama 3, 1 for Qwen 2, which is otherwise the same
 */
export function llama3Scanner(maxDigits: number): Scanner {
  return (text, start) => {
    const code = text.charCodeAt(start);
    if (code === APOSTROPHE) {
      const units = contraction(text, start, true);
      if (units > 0) return start + units;
    }
    const kind = classAt(text, start);
    if (kind === LETTER) return runEnd(text, start, LETTER);
    if (kind === NUMBER) {
      let end = start;
      for (let n = 0; n < maxDigits && end < text.length && classAt(text, end) === NUMBER; n++) {
        end += unitsAt(text, end);
      }
      return end;
    }
    if (code !== CARRIAGE_RETURN && code !== LINE_FEED) {
      const next = start + unitsAt(text, start);
      if (next < text.length && classAt(text, next) === LETTER) return runEnd(text, next, LETTER);
      const other = code === BLANK && next < text.length ? next : start;
      if (classAt(text, other) === OTHER) return newlinesEnd(text, runEnd(text, other, OTHER));
    }
    return spaceEnd(text, start);
  };
}

function newlinesEnd(text: string, at: number): number {
  let end = at;
  while (text.charCodeAt(end) === LINE_FEED || text.charCodeAt(end) === CARRIAGE_RETURN) end++;
  return end;
}

/** `\s*[\r\n]+|\s+(?!\S)|\s+` at `start`, where white space stands. */
function spaceEnd(text: string, start: number): number {
  const end = runEnd(text, start, SPACE);
  for (let at = end; at > start; at--) {
    const code = text.charCodeAt(at - 1);
    if (code === LINE_FEED || code === CARRIAGE_RETURN) return at;
  }
  return end === text.length || end === start + 1 ? end : end - 1;
}

/**
 * A scanner from a pattern whose alternatives cover every text. `\s` means Unicode's White_Space, as in the engines
 * the patterns were written for; JavaScript's own lacks U+0085 and has U+FEFF.
 */
export function regexScanner(pattern: string): Scanner {
  const source = pattern.replaceAll('\\s', '\\p{White_Space}').replaceAll('\\S', '\\P{White_Space}');
  const regex = new RegExp(source, 'uy');
  return (text, start) => {
    regex.lastIndex = start;
    // A lone surrogate matches `[^\s\p{L}\p{N}]`; nothing is left that no alternative takes.
    regex.test(text);
    return regex.lastIndex;
  };
}
