import { trimBoth } from './trim-ends.ts';
import { withoutControls1252 } from './windows-1252.ts';

/** Every white space but the non-breaking ones, which French typography needs; invisible marks go too. */
const BREAKABLE = /[\t\n\v\f\r \u1680\u2000-\u2006\u2008-\u200b\u2028\u2029\u205f\u3000\ufeff]+/g;

/** Deeper lists are not set in further: a page of nothing but openings would grow with the square of its length. */
const DEEPEST = 3;

/** Collapses white space, keeping no-break spaces inside; drops control characters and soft hyphens. */
export function tidyLine(text: string): string {
  return trimBoth(
    withoutControls1252(text)
      // Where a word may be broken, not where it ends.
      .replaceAll('\u00ad', '')
      .replace(BREAKABLE, ' ')
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out
      .replace(/[\u0000-\u001f\u007f-\u009f\u200c-\u200f\u202a-\u202e\u2060-\u2064]/g, ''),
    ' \u00a0\u202f',
  );
}

/**
 * Collects the plain text of a structured document: paragraphs apart by an empty line, list items and table rows on
 * their own lines. What walks the structure says where blocks begin; white space is settled here.
 */
export class TextBlocks {
  #lines: string[] = [];
  #current = '';
  #bullet = '';
  #depth = 0;
  #cells: string[] | undefined;

  /** Running text of the current block. */
  write(text: string): void {
    this.#current += text;
  }

  /** Ends the line. */
  line(): void {
    if (this.#cells) {
      this.#current += ' ';
      return;
    }
    const text = tidyLine(this.#current);
    this.#current = '';
    if (!text) return;
    this.#lines.push(this.#bullet + text);
    this.#bullet = '';
  }

  /** Ends the paragraph; inside a list, only the line. */
  paragraph(): void {
    this.line();
    if (this.#depth === 0 && !this.#cells && this.#lines.at(-1) !== '') this.#lines.push('');
  }

  /** Lines that stay as they are, apart from what surrounds them. */
  preformatted(text: string): void {
    this.paragraph();
    if (this.#cells) {
      this.#current += text;
      return;
    }
    const lines = text.replace(/\r\n?/g, '\n').replace(/^\n+|\s+$/g, '');
    if (lines) this.#lines.push(this.#bullet + lines.replace(/[ \t]+$/gm, ''));
    this.#bullet = '';
    this.paragraph();
  }

  openList(): void {
    this.line();
    // A list belongs to the sentence that announces it.
    if (this.#depth === 0 && !this.#cells && this.#lines.at(-1) === '' && this.#lines.at(-2)?.endsWith(':'))
      this.#lines.pop();
    this.#depth++;
  }

  closeList(): void {
    this.line();
    this.#bullet = '';
    this.#depth = Math.max(0, this.#depth - 1);
    this.paragraph();
  }

  item(): void {
    this.line();
    if (!this.#cells) this.#bullet = `${'  '.repeat(Math.max(0, Math.min(this.#depth - 1, DEEPEST)))}- `;
  }

  /** Starts a table row: until `closeRow`, blocks inside cells run on. */
  openRow(): void {
    if (this.#cells) return;
    this.line();
    this.#cells = [];
  }

  closeCell(): void {
    if (!this.#cells) return;
    this.#cells.push(tidyLine(this.#current));
    this.#current = '';
  }

  closeRow(): void {
    if (!this.#cells) return;
    if (tidyLine(this.#current)) this.closeCell();
    const cells = this.#cells;
    this.#cells = undefined;
    while (cells.at(-1) === '') cells.pop();
    this.#current = cells.join(' | ');
    this.line();
  }

  toString(): string {
    this.closeRow();
    this.line();
    return this.#lines
      .join('\n')
      .replace(/\n{3,}/g, '\n\n')
      .trim();
  }
}
