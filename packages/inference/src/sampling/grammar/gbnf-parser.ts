import { LucieError } from '@lucie/ledger';
import { ByteClasses, type ByteNode, type CodeRange, complement, LAST_CODE } from './byte-class.ts';
import { type Element, leftRecursive, type Rules, type Sequence, withEnds } from './rules.ts';

const LIMITS = { characters: 256 * 1024, nesting: 64, repetitions: 2000, elements: 200_000 };

const NAME = /[A-Za-z0-9-]+/y;
const BLANK = /(?:[ \t]|#[^\r\n]*)*/y;
const BLANK_OR_LINES = /(?:[ \t\r\n]|#[^\r\n]*)*/y;
const SIMPLE_ESCAPES = new Map([
  ['t', '\t'],
  ['r', '\r'],
  ['n', '\n'],
  ...['\\', '"', '[', ']', '-'].map((char) => [char, char] as const),
]);

/**
 * Reads GBNF, the grammar language of llama.cpp (its `grammars/README.md`), without terminals that name tokens.
 * @param root - the rule where a text begins
 * @throws LucieError `GRAMMAR_INVALID` with line and column; sizes are limited, as a grammar may come from outside
 */
export function parseGbnf(text: string, root = 'root'): Rules {
  return new Parser(text).parse(root);
}

class Parser {
  #text: string;
  #at = 0;
  #classes = new ByteClasses();
  #numbers = new Map<string, number>();
  #alternatives: (readonly Sequence[] | undefined)[] = [];
  #loops = new Set<number>();
  #elements = 0;

  constructor(text: string) {
    this.#text = text;
    if (text.length > LIMITS.characters) {
      this.#fail(`a grammar of ${text.length} characters`, `at most ${LIMITS.characters}`);
    }
  }

  parse(root: string): Rules {
    this.#skip(BLANK_OR_LINES);
    while (this.#at < this.#text.length) this.#rule();
    for (const [name, number] of this.#numbers) {
      if (!this.#alternatives[number])
        this.#fail(`no rule ${name}`, 'a definition of each rule that is named');
    }
    const start = this.#numbers.get(root);
    if (start === undefined) return this.#fail(`no rule ${root}`, 'a rule of that name, where texts begin');
    const rules: Rules = {
      alternatives: this.#alternatives as Rules['alternatives'],
      loops: this.#loops,
      root: start,
    };
    const recursive = leftRecursive(rules);
    if (recursive >= 0) {
      const name = [...this.#numbers].find(([, number]) => number === recursive)?.[0];
      this.#fail(
        `a rule${name ? ` ${name}` : ''} that can begin with itself`,
        'rules that write a character before they repeat',
      );
    }
    rules.alternatives = withEnds(rules.alternatives);
    if (rules.alternatives[start]!.length === 0) {
      this.#fail(`a rule ${root} that no finite text fits`, 'a way to the end of the text');
    }
    return rules;
  }

  #rule(): void {
    const name = this.#match(NAME) || this.#fail(this.#here(), "a rule's name");
    const number = this.#numberOf(name);
    if (this.#alternatives[number]) this.#fail(`a second rule ${name}`, 'one definition of each rule');
    this.#skip(BLANK);
    if (!this.#take('::=')) this.#fail(this.#here(), `::= after ${name}`);
    this.#skip(BLANK_OR_LINES);
    this.#alternatives[number] = this.#alternation(0);
    if (this.#at < this.#text.length && !/[\r\n]/.test(this.#text[this.#at]!)) {
      this.#fail(this.#here(), 'the end of the rule or another part of it');
    }
    this.#skip(BLANK_OR_LINES);
  }

  #alternation(nesting: number): Sequence[] {
    if (nesting > LIMITS.nesting) this.#fail('too many groups in groups', `at most ${LIMITS.nesting}`);
    const all = [this.#sequence(nesting)];
    while (this.#take('|')) {
      this.#skip(BLANK_OR_LINES);
      all.push(this.#sequence(nesting));
    }
    return all;
  }

  #sequence(nesting: number): Sequence {
    const blank = nesting > 0 ? BLANK_OR_LINES : BLANK;
    const sequence: Element[] = [];
    for (;;) {
      const item = this.#item(nesting);
      if (!item) return sequence;
      this.#skip(blank);
      let part = item;
      for (let times = this.#repetition(blank); times; times = this.#repetition(blank)) {
        part = this.#repeat(part, times);
      }
      for (const element of part) sequence.push(element);
      this.#count(part.length);
    }
  }

  /** A literal, a class, a group, a name or a dot; nothing at the end of a sequence. */
  #item(nesting: number): Sequence | undefined {
    if (this.#take('"')) {
      const literal: Element[] = [];
      while (!this.#take('"')) {
        const code = this.#character();
        literal.push(this.#classes.of([[code, code]]));
        this.#count(1);
      }
      return literal;
    }
    if (this.#take('[')) return [this.#class()];
    if (this.#take('.')) return [this.#classes.of([[0, LAST_CODE]])];
    if (this.#take('(')) {
      this.#skip(BLANK_OR_LINES);
      const group = this.#newRule(this.#alternation(nesting + 1));
      if (!this.#take(')')) this.#fail(this.#here(), 'a closing )');
      return [group];
    }
    const name = this.#match(NAME);
    if (name) return [this.#numberOf(name)];
    if (/[<!]/.test(this.#text[this.#at] ?? '')) {
      this.#fail(`${this.#here()}, which names a token`, 'characters: tokens are not known here');
    }
    return undefined;
  }

  #class(): ByteNode {
    const not = this.#take('^');
    const ranges: CodeRange[] = [];
    while (!this.#take(']')) {
      const first = this.#character();
      let last = first;
      if (this.#text[this.#at] === '-' && this.#text[this.#at + 1] !== ']') {
        this.#at++;
        last = this.#character();
        if (last < first) this.#fail('a range that runs backwards', 'the smaller character first');
      }
      ranges.push([first, last]);
      this.#count(1);
    }
    if (ranges.length === 0 && !not) this.#fail('an empty class', 'at least one character between [ and ]');
    return this.#classes.of(not ? complement(ranges) : ranges);
  }

  #character(): number {
    if (this.#at >= this.#text.length) this.#fail('the end of the text', 'a closing " or ]');
    if (!this.#take('\\')) {
      const code = this.#text.codePointAt(this.#at)!;
      this.#at += code > 0xffff ? 2 : 1;
      return code;
    }
    const letter = this.#text[this.#at++] ?? '';
    const simple = SIMPLE_ESCAPES.get(letter);
    if (simple) return simple.charCodeAt(0);
    const digits = letter === 'x' ? 2 : letter === 'u' ? 4 : letter === 'U' ? 8 : 0;
    const hex = this.#text.slice(this.#at, this.#at + digits);
    const code = Number.parseInt(hex, 16);
    if (digits === 0 || !/^[0-9A-Fa-f]+$/.test(hex) || hex.length < digits || code > LAST_CODE) {
      this.#fail(
        `the escape \\${letter}${hex}`,
        '\\n \\r \\t \\\\ \\" \\[ \\] \\- \\xHH \\uHHHH or \\UHHHHHHHH',
      );
    }
    this.#at += digits;
    return code;
  }

  #repetition(blank: RegExp): { least: number; most: number } | undefined {
    const range = (least: number, most: number) => {
      this.#skip(blank);
      return { least, most };
    };
    if (this.#take('*')) return range(0, Infinity);
    if (this.#take('+')) return range(1, Infinity);
    if (this.#take('?')) return range(0, 1);
    const braces = this.#match(/\{\s*\d{1,9}\s*(?:,\s*(?:\d{1,9}\s*)?)?\}/y);
    if (!braces) {
      if (this.#text[this.#at] === '{') this.#fail(this.#here(), '{n}, {n,} or {n,m}');
      return undefined;
    }
    const [least = 0, most = braces.includes(',') ? Infinity : least] = (braces.match(/\d+/g) ?? []).map(
      Number,
    );
    if (most < least || least > LIMITS.repetitions || (most > LIMITS.repetitions && most < Infinity)) {
      this.#fail(`the repetition ${braces}`, `at most ${LIMITS.repetitions} times, the smaller number first`);
    }
    return range(least, most);
  }

  #repeat(part: Sequence, { least, most }: { least: number; most: number }): Sequence {
    // As one element, so that copies cost one each.
    const unit = part.length === 1 ? part[0]! : this.#newRule([part]);
    this.#count(least);
    const all = new Array<Element>(least).fill(unit);
    if (most === Infinity) {
      const loop = this.#newRule([]);
      this.#alternatives[loop] = [[unit, loop], []];
      this.#loops.add(loop);
      all.push(loop);
    } else {
      let rest: number | undefined;
      for (let i = least; i < most; i++) {
        rest = this.#newRule(rest === undefined ? [[unit], []] : [[unit, rest], []]);
      }
      if (rest !== undefined) all.push(rest);
    }
    return all;
  }

  #numberOf(name: string): number {
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    const number = this.#alternatives.push(undefined) - 1;
    this.#numbers.set(name, number);
    return number;
  }

  #newRule(alternatives: readonly Sequence[]): number {
    this.#count(2);
    return this.#alternatives.push(alternatives) - 1;
  }

  #count(elements: number): void {
    this.#elements += elements;
    if (this.#elements > LIMITS.elements) {
      this.#fail(
        'a grammar too large once its repetitions are written out',
        `${LIMITS.elements} elements at most`,
      );
    }
  }

  #skip(pattern: RegExp): void {
    this.#match(pattern);
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0] ?? '';
    this.#at += found.length;
    return found;
  }

  #take(word: string): boolean {
    if (!this.#text.startsWith(word, this.#at)) return false;
    this.#at += word.length;
    return true;
  }

  #here(): string {
    return this.#at < this.#text.length
      ? JSON.stringify(this.#text.slice(this.#at, this.#at + 20))
      : 'the end';
  }

  #fail(found: string, expected: string): never {
    const lines = this.#text.slice(0, this.#at).split('\n');
    throw new LucieError({
      code: 'GRAMMAR_INVALID',
      found: `${found} at line ${lines.length}, column ${lines.at(-1)!.length + 1} of the grammar`,
      expected,
      todo: 'correct the grammar',
      exitCode: 2,
    });
  }
}
