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
  /** The text, and that of the parts of formulas that are open. */
  readonly #parts: string[] = [''];
  #said = false;

  /** Nothing but spaces so far. */
  get isEmpty(): boolean {
    return !this.#said;
  }

  add(text: string): void {
    this.#parts[this.#parts.length - 1] += text;
    this.#said ||= text.trim() !== '';
  }

  open(name: string): void {
    if (name === 'm:rad') this.add('√(');
    if (SIGNS.has(name)) this.#parts.push('');
  }

  close(name: string): void {
    if (name === 'm:rad') this.add(')');
    const sign = SIGNS.get(name);
    if (sign === undefined || this.#parts.length < 2) return;
    const inner = this.#parts.pop()!;
    // An empty index or degree has no sign either.
    if (inner !== '') this.add(sign + (/^[\p{L}\p{N}.,]*$/u.test(inner) ? inner : `(${inner})`));
  }

  toString(): string {
    return this.#parts.join('');
  }
}
