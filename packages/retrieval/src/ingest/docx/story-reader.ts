import type { Block, Hiding } from '../../document.ts';
import { fromHex, WHITE } from '../colour.ts';
import { superscript } from '../superscript.ts';
import { symbolSign } from '../symbol-fonts.ts';
import { type TableCell, tableText } from '../table-text.ts';
import { FormulaText } from './formula-text.ts';
import type { Numbering } from './numbering.ts';
import { addRunProperty, hidingOf, isOn, type RunLook, shading } from './run-look.ts';
import { type Shade, ShapeFill } from './shape-fill.ts';
import { headingLevel, type Style, type Styles } from './styles.ts';
import type { XmlElement, XmlHandlers } from './xml-events.ts';

/** What a story tells: a story is the body, a header, or the notes (Word's own word for a flow of paragraphs). */
export interface StorySink {
  block(block: Block): void;
  hide(why: Hiding, text: string): void;
  /** Between blocks. A `rendered` break is where Word's last layout ended a page. */
  pageBreak(kind: 'explicit' | 'rendered'): void;
  noteMark(kind: 'footnote' | 'endnote', id: string): void;
  picture(): void;
  /** A note or comment begins or ends; its blocks come between. */
  part?(element: XmlElement | undefined): void;
  /** A short paragraph all in bold: a heading where the document has no heading styles. */
  bold(block: Block): void;
}

interface Paragraph {
  text: FormulaText;
  hidden: { why: Hiding; text: string }[];
  style: Style;
  list?: { numId: string; level: number };
  outline?: number;
  shade?: Shade;
  bold: boolean;
  /** Page breaks within its text: they come after it, since a paragraph has one page. */
  breaks: ('explicit' | 'rendered')[];
  run: RunLook;
}

/** A run of blocks: the story itself, a cell, or a text box. */
interface Flow {
  blocks: Block[];
  shade?: Shade;
  lastList?: { numId: string; block: Block };
}

interface Table {
  rows: TableCell[][];
  cells: Flow[][];
  /** Pages that ended within it. */
  breaks: ('explicit' | 'rendered')[];
  brokeInRow: boolean;
  shade: Shade;
}

/** Old versions of properties, and the second of two ways of saying the same. */
const SKIPPED = new Set([
  'w:pPrChange',
  'w:rPrChange',
  'w:sectPrChange',
  'w:tblPrChange',
  'w:tcPrChange',
  'w:trPrChange',
  'mc:Fallback',
]);
const PARTS = new Set(['w:footnote', 'w:endnote', 'w:comment']);
const FAKE_HEADING_LENGTH = 90;

/** Reads one part of WordprocessingML (ECMA-376 part 1, 17) as it comes. */
export class StoryReader implements XmlHandlers {
  readonly #sink: StorySink;
  readonly #styles: Styles;
  readonly #numbering: Numbering;
  readonly #path: string[] = [];
  readonly #flows: Flow[] = [{ blocks: [] }];
  readonly #tables: Table[] = [];
  readonly #paragraphs: Paragraph[] = [];
  readonly #alternatives = new Set<string>();
  readonly #shape = new ShapeFill();
  #background: Shade = WHITE;
  #skipped = 0;
  #deleted = 0;
  #unseenShapes: number[] = [];

  constructor(sink: StorySink, styles: Styles, numbering: Numbering) {
    this.#sink = sink;
    this.#styles = styles;
    this.#numbering = numbering;
  }

  open(element: XmlElement): void {
    const parent = this.#path.at(-1);
    this.#path.push(element.name);
    if (this.#skipped > 0 || SKIPPED.has(element.name)) {
      this.#skipped++;
      return;
    }
    const paragraph = this.#paragraphs.at(-1);
    if (parent === 'w:rPr') {
      // The paragraph's own rPr says how its end mark looks, not its text.
      if (this.#path.at(-3) === 'w:r' && paragraph) this.#runProperty(paragraph, element);
    } else if (parent === 'w:pPr' || parent === 'w:numPr') {
      if (paragraph) this.#paragraphProperty(paragraph, element);
    } else if (paragraph && parent === 'w:r') this.#inRun(paragraph, element);
    else paragraph?.text.open(element.name);
    this.#structure(element, parent);
  }

  close(name: string): void {
    this.#path.pop();
    if (this.#skipped > 0) {
      this.#skipped--;
      return;
    }
    this.#paragraphs.at(-1)?.text.close(name);
    if (name === 'w:p') this.#endParagraph();
    else if (name === 'w:tc') this.#endCell();
    else if (name === 'w:tbl') this.#endTable();
    else if (name === 'w:txbxContent') this.#endTextBox();
    else if (name === 'w:del' || name === 'w:moveFrom') this.#deleted--;
    else if (PARTS.has(name)) {
      this.#flush();
      this.#sink.part?.(undefined);
    }
    if (this.#unseenShapes.at(-1) === this.#path.length) this.#unseenShapes.pop();
  }

  text(text: string): void {
    if (this.#skipped > 0) return;
    const within = this.#path.at(-1);
    const paragraph = this.#paragraphs.at(-1);
    if (paragraph && (within === 'w:t' || within === 'm:t' || within === 'w:delText'))
      this.#say(paragraph, text);
  }

  /** What is still held back: the list that may have gone on. */
  end(): void {
    this.#flush();
  }

  #structure(element: XmlElement, parent: string | undefined): void {
    const { name, attributes } = element;
    const paragraph = this.#paragraphs.at(-1);
    this.#shape.open(element, this.#path);
    if (name === 'w:p') this.#paragraphs.push(this.#newParagraph());
    else if (paragraph && (name === 'w:r' || name === 'm:r')) paragraph.run = {};
    else if (name === 'w:tbl')
      this.#tables.push({ rows: [], cells: [], breaks: [], brokeInRow: false, shade: 'none' });
    else if (name === 'w:tr') this.#startRow();
    else if (name === 'w:tc') this.#startCell();
    else if (parent === 'w:tblPr' || parent === 'w:tcPr') this.#tableProperty(element);
    else if (name === 'w:txbxContent') this.#flows.push({ blocks: [], shade: this.#shape.shade });
    else if (name === 'w:del' || name === 'w:moveFrom') this.#deleted++;
    else if (name === 'w:background') this.#background = fromHex(attributes.get('color') ?? '') ?? 'unknown';
    else if (name === 'w:type' && parent === 'w:sectPr' && attributes.get('val') === 'continuous') {
      if (paragraph?.breaks.at(-1) === 'explicit') paragraph.breaks.pop();
    } else if (name === 'pic:pic' || name === 'v:imagedata' || isDrawing(element)) this.#sink.picture();
    else if (PARTS.has(name)) this.#sink.part?.(element);
    if (name.endsWith(':docPr') || name.endsWith(':cNvPr') || name.startsWith('v:'))
      this.#alternative(element);
  }

  /** Alternative texts are read aloud and never seen; a shape marked hidden takes its text with it. */
  #alternative({ attributes }: XmlElement): void {
    for (const key of ['descr', 'title', 'alt']) {
      const text = attributes.get(key)?.trim();
      if (!text || this.#alternatives.has(text)) continue;
      this.#alternatives.add(text);
      this.#sink.hide('alternative', text);
    }
    const hidden = ['1', 'true'].includes(attributes.get('hidden') ?? '');
    // The properties stand beside what they describe, inside the same drawing.
    if (hidden) this.#unseenShapes.push(this.#path.length - 2);
  }

  #runProperty(paragraph: Paragraph, element: XmlElement): void {
    if (element.name === 'w:rStyle')
      paragraph.run = { ...this.#styles.character(element.attributes.get('val') ?? ''), ...paragraph.run };
    addRunProperty(paragraph.run, element);
  }

  #paragraphProperty(paragraph: Paragraph, element: XmlElement): void {
    const value = element.attributes.get('val') ?? '';
    if (element.name === 'w:pStyle') paragraph.style = this.#styles.paragraph(value);
    else if (element.name === 'w:outlineLvl') paragraph.outline = Number(value);
    else if (element.name === 'w:ilvl')
      paragraph.list = { numId: '', ...paragraph.list, level: Number(value) };
    else if (element.name === 'w:numId') paragraph.list = { level: 0, ...paragraph.list, numId: value };
    else if (element.name === 'w:shd') paragraph.shade = shading(element);
    else if (element.name === 'w:pageBreakBefore' && isOn(element)) this.#break(paragraph, 'explicit');
    // A section ends with the paragraph that holds its properties, and its page too unless it says otherwise.
    else if (element.name === 'w:sectPr') paragraph.breaks.push('explicit');
  }

  #inRun(paragraph: Paragraph, element: XmlElement): void {
    const { name, attributes } = element;
    if (name === 'w:tab' || name === 'w:ptab') this.#say(paragraph, ' ');
    else if (name === 'w:cr') this.#say(paragraph, '\n');
    else if (name === 'w:noBreakHyphen') this.#say(paragraph, '-');
    else if (name === 'w:sym')
      this.#say(
        paragraph,
        symbolSign(Number.parseInt(attributes.get('char') ?? '', 16), attributes.get('font') ?? '') ??
          '\ufffd',
      );
    else if (name === 'w:br') {
      if (attributes.get('type') === 'page') this.#break(paragraph, 'explicit');
      else this.#say(paragraph, '\n');
    } else if (name === 'w:lastRenderedPageBreak') this.#break(paragraph, 'rendered');
    else if (name === 'w:footnoteReference' || name === 'w:endnoteReference')
      this.#sink.noteMark(
        name === 'w:footnoteReference' ? 'footnote' : 'endnote',
        attributes.get('id') ?? '',
      );
  }

  #say(paragraph: Paragraph, text: string): void {
    const look = { ...paragraph.style.look, ...paragraph.run };
    const why =
      this.#deleted > 0 || this.#unseenShapes.length > 0
        ? 'invisible'
        : hidingOf(look, this.#behind(paragraph));
    if (why === undefined) {
      paragraph.text.add(look.raised ? superscript(text) : text);
      if (text.trim() !== '' && !look.bold) paragraph.bold = false;
      return;
    }
    const last = paragraph.hidden.at(-1);
    if (last?.why === why) last.text += text;
    else paragraph.hidden.push({ why, text });
  }

  #behind(paragraph: Paragraph): Shade {
    const shades = [
      paragraph.shade ?? paragraph.style.shade,
      ...this.#flows.map((flow) => flow.shade).reverse(),
    ];
    return shades.find((shade) => shade !== undefined && shade !== 'none') ?? this.#background;
  }

  #break(paragraph: Paragraph, kind: 'explicit' | 'rendered'): void {
    const table = this.#tables.at(-1);
    if (table) {
      // Every cell of a row that goes over to the next page has this mark.
      if (!table.brokeInRow) table.breaks.push(kind);
      table.brokeInRow = true;
    } else if (this.#flows.length > 1) return;
    else if (paragraph.text.isEmpty) {
      this.#flush();
      this.#sink.pageBreak(kind);
    } else paragraph.breaks.push(kind);
  }

  #newParagraph(): Paragraph {
    return {
      text: new FormulaText(),
      hidden: [],
      style: this.#styles.paragraph(undefined),
      bold: true,
      breaks: [],
      run: {},
    };
  }

  #endParagraph(): void {
    const paragraph = this.#paragraphs.pop();
    if (!paragraph) return;
    for (const { why, text } of paragraph.hidden) this.#sink.hide(why, text);
    const text = paragraph.text.toString().trim();
    if (text !== '') this.#addParagraph(paragraph, text);
    if (this.#tables.length > 0 || this.#flows.length > 1) return;
    for (const kind of paragraph.breaks) {
      this.#flush();
      this.#sink.pageBreak(kind);
    }
  }

  #addParagraph(paragraph: Paragraph, text: string): void {
    const flow = this.#flows.at(-1)!;
    const level = headingLevel(paragraph.style, paragraph.outline);
    const list = { ...paragraph.style.list, ...paragraph.list };
    const inList = list.numId !== undefined && list.numId !== '' && list.numId !== '0';
    const label = inList ? this.#numbering.next(list.numId!, list.level ?? 0) : '';
    const line = label === '' ? text : `${label} ${text}`;
    if (level > 0) flow.blocks.push({ kind: 'heading', level, text: line });
    else if (inList) this.#addItem(flow, { numId: list.numId!, level: list.level ?? 0 }, line);
    else {
      const block: Block = { kind: 'text', text };
      flow.blocks.push(block);
      if (
        paragraph.bold &&
        this.#flows.length === 1 &&
        text.length <= FAKE_HEADING_LENGTH &&
        !/[.;,…\n]/.test(text)
      )
        this.#sink.bold(block);
    }
  }

  #addItem(flow: Flow, list: { numId: string; level: number }, line: string): void {
    const item = line.replace(/\s+/g, ' ');
    const open = flow.lastList;
    if (open && open.block === flow.blocks.at(-1) && (open.numId === list.numId || list.level > 0)) {
      open.block.text += `\n${item}`;
      return;
    }
    const block: Block = { kind: 'list', text: item };
    flow.blocks.push(block);
    flow.lastList = { numId: list.numId, block };
  }

  #startRow(): void {
    const table = this.#tables.at(-1);
    if (!table) return;
    table.rows.push([]);
    table.cells.push([]);
    table.brokeInRow = false;
  }

  #startCell(): void {
    const table = this.#tables.at(-1);
    table?.rows.at(-1)?.push({ text: '' });
    this.#flows.push({ blocks: [], ...(table ? { shade: table.shade } : {}) });
  }

  #tableProperty(element: XmlElement): void {
    const table = this.#tables.at(-1);
    const cell = table?.rows.at(-1)?.at(-1);
    const value = element.attributes.get('val');
    if (element.name === 'w:tblStyle') {
      if (table && this.#styles.resolve(value ?? '').shadesCells) table.shade = 'unknown';
    } else if (!cell) return;
    else if (element.name === 'w:gridSpan') cell.columns = Number(value) || 1;
    else if (element.name === 'w:vMerge') cell.continues = value !== 'restart';
    else if (element.name === 'w:shd') {
      const shade = shading(element);
      if (shade !== 'none') this.#flows.at(-1)!.shade = shade;
    }
  }

  #endCell(): void {
    const table = this.#tables.at(-1);
    const flow = this.#flows.length > 1 ? this.#flows.pop()! : undefined;
    const cell = table?.rows.at(-1)?.at(-1);
    if (!table || !cell || !flow) return;
    cell.text = flow.blocks.map((block) => block.text).join('\n');
    table.cells.at(-1)!.push(flow);
  }

  #endTable(): void {
    const table = this.#tables.pop();
    const flow = this.#flows.at(-1)!;
    if (!table) return;
    const { caption, text, columns } = tableText(table.rows);
    // A table of one column is a frame around text.
    if (columns <= 1) flow.blocks.push(...table.cells.flat().flatMap((cell) => cell.blocks));
    else {
      if (caption !== undefined) flow.blocks.push({ kind: 'text', text: caption });
      if (text !== '') flow.blocks.push({ kind: 'table', text });
    }
    if (this.#tables.length > 0) this.#tables.at(-1)!.breaks.push(...table.breaks);
    else if (this.#flows.length === 1) {
      for (const kind of table.breaks) {
        this.#flush();
        this.#sink.pageBreak(kind);
      }
    }
  }

  #endTextBox(): void {
    if (this.#flows.length < 2) return;
    const { blocks } = this.#flows.pop()!;
    this.#flows.at(-1)!.blocks.push(...blocks);
  }

  #flush(): void {
    const flow = this.#flows[0]!;
    for (const block of flow.blocks) this.#sink.block(block);
    flow.blocks = [];
    delete flow.lastList;
  }
}

/** A chart, or a diagram (SmartArt): its text is in a part of its own, in no order of reading. */
function isDrawing({ name, attributes }: XmlElement): boolean {
  return name === 'a:graphicData' && /\/(?:chart|chartex|diagram)$/.test(attributes.get('uri') ?? '');
}
