/** What stands between the parts of a formula when it is written on one line. */
const SIGNS = new Map([
  ['m:num', ''],
  ['m:den', '/'],
  ['m:sup', '^'],
  ['m:sub', '_'],
  ['m:deg', ''],
]);

/** The text of a paragraph; formulas in it (ECMA-376 part 1, 22.1) become `(a + b)/2`, `x^2`, `√(x)`. */
export class FormulaText {
  #text = '';
  readonly #starts: number[] = [];

  get isEmpty(): boolean {
    return this.#text.trim() === '';
  }

  add(text: string): void {
    this.#text += text;
  }

  open(name: string): void {
    if (name === 'm:rad') this.#text += '√(';
    const sign = SIGNS.get(name);
    if (sign === undefined) return;
    this.#starts.push(this.#text.length);
  }

  close(name: string): void {
    if (name === 'm:rad') this.#text += ')';
    const sign = SIGNS.get(name);
    if (sign === undefined) return;
    const start = this.#starts.pop() ?? this.#text.length;
    const inner = this.#text.slice(start);
    // An empty index or degree has no sign either.
    const part = /^[\p{L}\p{N}.,]*$/u.test(inner) ? inner : `(${inner})`;
    this.#text = this.#text.slice(0, start) + (inner === '' ? '' : sign + part);
  }

  toString(): string {
    return this.#text;
  }
}
