import type { Block, Format, HiddenText, Hiding, Page } from '../document.ts';
import { tooLarge, tooManyItems } from './document-error.ts';
import { type IngestLimits, mostItems } from './ingest-limits.ts';

/** What a reader has found, before the steps that all formats share. */
export interface RawDocument {
  /** As the document names itself; empty when it does not. */
  title: string;
  format: Format;
  pages: Page[];
  hidden: HiddenText[];
  warnings: string[];
}

/** Collects what a reader finds, in reading order, and stops it at the limits rather than after them. */
export class DocumentBuilder {
  readonly #format: Format;
  readonly #limits: IngestLimits;
  readonly #pages: Page[] = [{ page: 1, blocks: [] }];
  readonly #hidden: HiddenText[] = [];
  readonly #warnings = new Set<string>();
  #characters = 0;
  #items = 0;
  title = '';

  constructor(format: Format, limits: IngestLimits) {
    this.#format = format;
    this.#limits = limits;
  }

  get page(): number {
    return this.#pages.length;
  }

  /** No block has been added yet. */
  get empty(): boolean {
    return this.#pages.every((page) => page.blocks.length === 0);
  }

  add(block: Block): void {
    if (block.text.trim() === '') return;
    this.#count(block.text);
    this.#pages.at(-1)!.blocks.push(block);
  }

  nextPage(): void {
    if (this.#pages.length >= this.#limits.pages)
      throw tooLarge('pages', this.#pages.length + 1, this.#limits);
    this.#pages.push({ page: this.#pages.length + 1, blocks: [] });
  }

  hide(why: Hiding, text: string, opts: { page?: number } = {}): void {
    const trimmed = text.trim();
    if (trimmed === '') return;
    this.#count(trimmed);
    this.#hidden.push({ why, text: trimmed, ...opts });
  }

  /** For people; the same sentence is kept once. */
  warn(sentence: string): void {
    this.#warnings.add(sentence);
  }

  finish(): RawDocument {
    return {
      title: this.title,
      format: this.#format,
      pages: this.#pages,
      hidden: this.#hidden,
      warnings: [...this.#warnings],
    };
  }

  #count(text: string): void {
    this.#characters += text.length;
    this.#items++;
    const { characters } = this.#limits;
    if (this.#items > mostItems(this.#limits)) throw tooManyItems(this.#limits);
    if (this.#characters > characters)
      throw tooLarge('characters', `more than ${characters.toLocaleString('en')}`, this.#limits);
  }
}
