/** The text of a paragraph while it is put together; spaces at its joints fall together as on a page. */
export class InlineText {
  #text = '';
  /** Known apart: a look at the end of a long text that still grows would copy it each time. */
  #spaced = true;

  add(text: string, preformatted = false): void {
    const added = !preformatted && this.#spaced ? text.trimStart() : text;
    if (added === '') return;
    this.#text += added;
    this.#spaced = /\s/.test(added.at(-1)!);
  }

  /** A space, unless there is one. */
  part(): void {
    if (!this.#spaced) this.add(' ');
  }

  get isEmpty(): boolean {
    return this.#text === '';
  }

  take(): string {
    const text = this.#text;
    this.#text = '';
    this.#spaced = true;
    return text;
  }
}
