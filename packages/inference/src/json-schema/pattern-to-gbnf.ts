import { type CodeRange, complement, LAST_CODE } from '../sampling/grammar/byte-class.ts';
import { literal } from './gbnf-text.ts';
import { CHARACTER } from './json-string.ts';

const DIGIT: CodeRange[] = [[0x30, 0x39]];
const WORD: CodeRange[] = [...DIGIT, [0x41, 0x5a], [0x5f, 0x5f], [0x61, 0x7a]];
/** White space and line ends of ECMAScript (ECMA-262, sections 12.2 and 12.3). */
const LINE_ENDS: CodeRange[] = [
  [0x0a, 0x0a],
  [0x0d, 0x0d],
  [0x2028, 0x2029],
];
const SPACE: CodeRange[] = [
  ...LINE_ENDS,
  [0x09, 0x0c],
  [0x20, 0x20],
  [0xa0, 0xa0],
  [0x1680, 0x1680],
  [0x2000, 0x200a],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0x3000, 0x3000],
  [0xfeff, 0xfeff],
];
const CLASSES = new Map<string, CodeRange[]>([
  ['d', DIGIT],
  ['D', complement(DIGIT)],
  ['w', WORD],
  ['W', complement(WORD)],
  ['s', SPACE],
  ['S', complement(SPACE)],
]);
const CONTROLS = new Map([
  ['t', 0x09],
  ['n', 0x0a],
  ['v', 0x0b],
  ['f', 0x0c],
  ['r', 0x0d],
  ['0', 0],
]);

const LONGEST = 1000;

/** What a pattern holds that has no counterpart in a grammar. */
export class PatternUnsupported extends Error {}

/**
 * The body of a JSON string that a regular expression of ECMAScript (flag u) finds. Characters that JSON escapes are
 * written with their escapes. Taken: characters, classes, groups, alternatives, quantifiers, `^` and `$` at the ends.
 * @throws PatternUnsupported saying what is not taken
 */
export function patternToGbnf(pattern: string): string {
  if (pattern.length > LONGEST) throw new PatternUnsupported(`a pattern of ${pattern.length} characters`);
  try {
    new RegExp(pattern, 'u');
  } catch {
    throw new PatternUnsupported('a pattern that is no regular expression');
  }
  const reader = new PatternReader(pattern);
  return reader.top();
}

class PatternReader {
  #chars: string[];
  #at = 0;

  constructor(pattern: string) {
    this.#chars = [...pattern];
  }

  top(): string {
    const ways: string[] = [];
    do {
      const fromStart = this.#take('^');
      const body = this.#sequence();
      const toEnd = this.#take('$');
      ways.push(
        [fromStart ? '' : `${CHARACTER}*`, body, toEnd ? '' : `${CHARACTER}*`].filter(Boolean).join(' ') ||
          '""',
      );
    } while (this.#take('|'));
    if (this.#at < this.#chars.length) throw this.#unknown();
    return ways.length === 1 ? ways[0]! : `(${ways.join(' | ')})`;
  }

  #group(): string {
    const ways: string[] = [];
    do ways.push(this.#sequence() || '""');
    while (this.#take('|'));
    if (!this.#take(')')) throw this.#unknown();
    return `(${ways.join(' | ')})`;
  }

  #sequence(): string {
    const parts: string[] = [];
    for (let part = this.#part(); part !== undefined; part = this.#part())
      parts.push(part + this.#quantifier());
    return parts.join(' ');
  }

  #part(): string | undefined {
    const char = this.#chars[this.#at];
    if (char === undefined || '|)$'.includes(char)) return undefined;
    if (char === '^') throw this.#unknown();
    this.#at++;
    if (char === '(') {
      if (this.#take('?')) {
        if (this.#take('<') && !'=!'.includes(this.#chars[this.#at] ?? '')) {
          while (!this.#take('>')) this.#at++;
        } else if (!this.#take(':')) throw this.#unknown();
      }
      return this.#group();
    }
    if (char === '.') return ranges(complement(LINE_ENDS));
    if (char === '[') return this.#class();
    if (char === '\\') return ranges(this.#escape());
    return ranges([single(char.codePointAt(0)!)]);
  }

  #class(): string {
    const not = this.#take('^');
    const all: CodeRange[] = [];
    while (!this.#take(']')) {
      const first = this.#classPart();
      const isRange = this.#chars[this.#at] === '-' && this.#chars[this.#at + 1] !== ']';
      if (isRange) {
        this.#at++;
        const last = this.#classPart();
        all.push([first[0]![0], last[0]![1]]);
      } else all.push(...first);
    }
    return ranges(not ? complement(all) : all);
  }

  #classPart(): CodeRange[] {
    if (this.#take('\\')) return this.#take('b') ? [single(8)] : this.#escape();
    return [single(this.#chars[this.#at++]!.codePointAt(0)!)];
  }

  #escape(): CodeRange[] {
    const char = this.#chars[this.#at++] ?? '';
    const known = CLASSES.get(char);
    if (known) return known;
    const control = CONTROLS.get(char);
    if (control !== undefined) return [single(control)];
    if (char === 'x' || char === 'u') {
      const rest = this.#chars.slice(this.#at).join('');
      const hex = (char === 'x' ? /^[0-9A-Fa-f]{2}/ : /^[0-9A-Fa-f]{4}|^\{[0-9A-Fa-f]+\}/).exec(rest)![0];
      const code = Number.parseInt(hex.replace('{', ''), 16);
      if (code >= 0xd800 && code <= 0xdfff)
        throw new PatternUnsupported('half of a surrogate pair in a pattern');
      this.#at += hex.length;
      return [single(code)];
    }
    if (/[A-Za-z0-9]/.test(char)) throw new PatternUnsupported(`\\${char} in a pattern`);
    return [single(char.codePointAt(0)!)];
  }

  #quantifier(): string {
    let found = '';
    if ('*+?'.includes(this.#chars[this.#at] ?? ' ')) found = this.#chars[this.#at++]!;
    else if (this.#chars[this.#at] === '{') {
      while (!found.endsWith('}')) found += this.#chars[this.#at++]!;
    }
    // Lazy or greedy, the language is the same.
    if (found !== '') this.#take('?');
    return found;
  }

  #take(char: string): boolean {
    if (this.#chars[this.#at] !== char) return false;
    this.#at++;
    return true;
  }

  #unknown(): PatternUnsupported {
    const near = this.#chars.slice(Math.max(0, this.#at - 2), this.#at + 3).join('');
    return new PatternUnsupported(`a pattern with ${JSON.stringify(near)}`);
  }
}

function single(code: number): CodeRange {
  return [code, code];
}

/** One character of these, as it is written inside a JSON string. */
function ranges(wanted: readonly CodeRange[]): string {
  const special = [0x22, 0x5c, 0x7f, ...Array.from({ length: 0x20 }, (_, i) => i)];
  const plain = complement([...complement(wanted), ...special.map(single)]);
  const ways: string[] = [];
  if (plain.length > 0) ways.push(`[${plain.map((range) => range.map(escapedCode).join('-')).join('')}]`);
  for (const code of special) {
    if (!wanted.some(([first, last]) => first <= code && code <= last)) continue;
    const escaped = JSON.stringify(String.fromCharCode(code)).slice(1, -1);
    ways.push(literal(code === 0x7f ? '\\u007f' : escaped));
  }
  if (ways.length === 0) throw new PatternUnsupported('a class without characters in a pattern');
  return ways.length === 1 ? ways[0]! : `(${ways.join(' | ')})`;
}

function escapedCode(code: number): string {
  return `\\U${Math.min(code, LAST_CODE).toString(16).padStart(8, '0')}`;
}
