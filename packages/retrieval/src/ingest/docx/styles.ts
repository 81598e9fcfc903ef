import { addRunProperty, type RunLook, shading } from './run-look.ts';
import type { Shade } from './shape-fill.ts';
import { readXml } from './xml-events.ts';

/** A style with all that it inherits. */
export interface Style {
  /** As the user interface has it in English: `heading 1` in every language of Word. */
  name: string;
  /** 0 is the highest; 9 is body text. */
  outline?: number;
  list?: { numId: string; level: number };
  shade?: Shade;
  /** Of a table: some of its cells have a colour behind them. */
  shadesCells?: boolean;
  look: RunLook;
}

interface OwnStyle extends Partial<Style> {
  look: RunLook;
  basedOn?: string;
}

/** Styles of `word/styles.xml` (ECMA-376 part 1, 17.7), by their id. */
export class Styles {
  readonly #own = new Map<string, OwnStyle>();
  readonly #resolved = new Map<string, Style>();
  readonly #defaults: OwnStyle = { look: {} };
  /** Of paragraphs that name none. */
  #defaultParagraph: string | undefined;

  /** @param bytes - absent: a document without styles. */
  constructor(bytes: Uint8Array | undefined) {
    if (bytes) this.#read(bytes);
  }

  paragraph(id: string | undefined): Style {
    return this.resolve(id ?? this.#defaultParagraph ?? '');
  }

  /** An unknown id has the document's defaults. */
  resolve(id: string): Style {
    const known = this.#resolved.get(id);
    if (known) return known;
    const chain: OwnStyle[] = [];
    const seen = new Set<string>();
    for (
      let at: string | undefined = id;
      at !== undefined && !seen.has(at);
      at = this.#own.get(at)?.basedOn
    ) {
      seen.add(at);
      const own = this.#own.get(at);
      if (own) chain.unshift(own);
    }
    const style: Style = { name: '', look: { ...this.#defaults.look } };
    for (const { look, basedOn: _, ...own } of chain)
      Object.assign(style, own, { look: { ...style.look, ...look } });
    this.#resolved.set(id, style);
    return style;
  }

  /** What a character style adds to the paragraph's look: its own chain without the defaults. */
  character(id: string): RunLook {
    const { look } = this.resolve(id);
    const added: RunLook = { ...look };
    for (const key of Object.keys(added) as (keyof RunLook)[]) {
      if (added[key] === this.#defaults.look[key]) delete added[key];
    }
    return added;
  }

  #read(bytes: Uint8Array): void {
    const path: string[] = [];
    let style: OwnStyle = this.#defaults;
    readXml(bytes, 'styles.xml', {
      open: (element) => {
        const value = element.attributes.get('val') ?? '';
        const parent = path.at(-1);
        path.push(element.name);
        if (element.name === 'w:style') {
          const id = element.attributes.get('styleId') ?? '';
          style = { look: {} };
          this.#own.set(id, style);
          const isDefault = ['1', 'true', 'on'].includes(element.attributes.get('default') ?? '');
          if (isDefault && element.attributes.get('type') === 'paragraph') this.#defaultParagraph = id;
        } else if (element.name === 'w:shd' && parent === 'w:tcPr') style.shadesCells = true;
        else if (path.includes('w:tblStylePr')) return;
        else if (parent === 'w:rPr') addRunProperty(style.look, element);
        else if (element.name === 'w:name' && parent === 'w:style') style.name = value;
        else if (element.name === 'w:basedOn') style.basedOn = value;
        else if (element.name === 'w:outlineLvl') style.outline = Number(value);
        else if (element.name === 'w:shd' && parent === 'w:pPr') style.shade = shading(element);
        else if (element.name === 'w:numId') style.list = { level: 0, ...style.list, numId: value };
        else if (element.name === 'w:ilvl') style.list = { numId: '', ...style.list, level: Number(value) };
      },
      close: () => {
        if (path.pop() === 'w:style') style = { look: {} };
      },
    });
  }
}

/** The level of a heading style, from 1; 0 for others. */
export function headingLevel(style: Style, outline: number | undefined): number {
  const byName = /^(?:heading|titre) ?([1-9])$/i.exec(style.name)?.[1];
  if (byName) return Number(byName);
  if (/^(?:title|titre)$/i.test(style.name)) return 1;
  if (/^(?:subtitle|sous-titre)$/i.test(style.name)) return 2;
  const level = outline ?? style.outline ?? 9;
  return level >= 0 && level < 9 ? level + 1 : 0;
}
