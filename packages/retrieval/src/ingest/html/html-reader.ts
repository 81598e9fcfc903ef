import type { DefaultTreeAdapterTypes } from 'parse5';
import type { Block, Hiding } from '../../document.ts';
import type { DocumentBuilder } from '../document-builder.ts';
import { superscript } from '../superscript.ts';
import { type TableCell, tableText } from '../table-text.ts';
import { declarations, StyleSheet } from './css.ts';
import { InlineText } from './inline-text.ts';
import { isMenu } from './menu.ts';
import { rawText } from './raw-text.ts';
import { isFrame, tableRows } from './table-rows.ts';
import { type Look, lookOf, PAGE_LOOK, unseenBecause } from './visibility.ts';

type Node = DefaultTreeAdapterTypes.ChildNode;
type Element = DefaultTreeAdapterTypes.Element;
type Parent = DefaultTreeAdapterTypes.ParentNode;

/** Not text, whatever is in them; what they would load is not loaded. */
const DROPPED = new Set(
  'script style noscript iframe object embed applet audio video canvas map frameset noframes datalist link base'.split(
    ' ',
  ),
);
const BLOCKS = new Set(
  (
    'address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure footer form ' +
    'header hgroup hr html legend li main menu nav ol optgroup option p pre search section select summary td th tr ul'
  ).split(' '),
);
const META = new Set([
  'description',
  'keywords',
  'abstract',
  'subject',
  'og:description',
  'twitter:description',
]);

interface List {
  items: string[];
  /** Number of the next item; undefined for bullets. */
  next: number | undefined;
  /** Of the item being read, until its first text is there. */
  label: string;
  step: number;
}

/** Walks a tree and says its text block by block. */
export class HtmlReader {
  readonly #builder: DocumentBuilder;
  readonly #sheet = new StyleSheet();
  #blocks: Block[] = [];
  #inline = new InlineText();
  #hidden: { why: Hiding; text: string } | undefined;
  readonly #lists: List[] = [];
  #pictures = 0;

  constructor(builder: DocumentBuilder) {
    this.#builder = builder;
  }

  read(document: DefaultTreeAdapterTypes.Document): void {
    this.#readStyles(document);
    this.#children(document, PAGE_LOOK);
    this.#endText();
    this.#endHidden();
    for (const block of this.#blocks) this.#builder.add(block);
    if (this.#pictures > 0)
      this.#builder.warn(`Images (${this.#pictures}) : ce qu’elles montrent n’est pas lu.`);
  }

  #readStyles(parent: Parent): void {
    for (const child of parent.childNodes) {
      if (!('tagName' in child)) continue;
      if (child.tagName === 'style') this.#sheet.add(rawText(child));
      else this.#readStyles(child);
    }
  }

  #children(parent: Parent, look: Look): void {
    for (const child of parent.childNodes) this.#node(child, look);
  }

  #node(node: Node, look: Look): void {
    if (node.nodeName === '#text') this.#text((node as DefaultTreeAdapterTypes.TextNode).value, look);
    else if (node.nodeName === '#comment')
      this.#builder.hide('comment', (node as DefaultTreeAdapterTypes.CommentNode).data.replace(/\s+/g, ' '));
    else if ('tagName' in node) this.#element(node, look);
  }

  #text(value: string, look: Look): void {
    const why = unseenBecause(look);
    const text = look.preformatted ? value : value.replace(/[ \t\n\f]+/g, ' ');
    if (why === undefined) {
      this.#inline.add(text, look.preformatted);
      return;
    }
    if (text.trim() === '') return;
    if (this.#hidden?.why !== why) this.#endHidden();
    this.#hidden = { why, text: (this.#hidden?.text ?? '') + text };
  }

  #element(element: Element, parentLook: Look): void {
    const tag = element.tagName;
    const attributes = new Map(element.attrs.map(({ name, value }) => [name, value]));
    if (tag === 'title') this.#title(element);
    else if (tag === 'meta') this.#meta(attributes);
    else if (DROPPED.has(tag)) this.#dropped(element);
    else if (isMenu(element)) this.#builder.warn('Menus de navigation : laissés de côté.');
    else this.#shown(element, attributes, parentLook);
  }

  #shown(element: Element, attributes: Map<string, string>, parentLook: Look): void {
    const tag = element.tagName;
    const look = lookOf(parentLook, attributes, this.#styleOf(tag, attributes));
    if ((tag === 'template' || tag === 'dialog') && !attributes.has('open')) look.gone ??= 'invisible';
    if (tag === 'pre' || tag === 'textarea') look.preformatted = true;
    this.#alternatives(tag, attributes);
    const block = BLOCKS.has(tag);
    if (block) this.#endText();
    this.#inside(element, tag, look, attributes);
    if (block) this.#endText(tag === 'pre' ? 'pre' : undefined);
  }

  #styleOf(tag: string, attributes: Map<string, string>) {
    const own = attributes.get('style');
    if (own === undefined && this.#sheet.isEmpty) return new Map<string, string>();
    const sheet = this.#sheet.for(tag, attributes.get('class') ?? '', attributes.get('id') ?? '');
    for (const [name, value] of declarations(own ?? '')) sheet.set(name, value);
    return sheet;
  }

  #inside(element: Element, tag: string, look: Look, attributes: Map<string, string>): void {
    if (/^h[1-6]$/.test(tag)) this.#heading(element, look, Number(tag[1]));
    else if (tag === 'br') this.#inline.add('\n', true);
    else if (tag === 'ul' || tag === 'ol' || tag === 'menu' || tag === 'dir')
      this.#list(element, look, tag, attributes);
    else if (tag === 'li' && this.#lists.length > 0) this.#item(element, look, attributes);
    else if (tag === 'dl' && this.#lists.length === 0) this.#definitions(element, look);
    else if (tag === 'table' && this.#lists.length === 0) this.#table(element, look);
    else if (tag === 'sup') this.#raised(element, look);
    else if (tag === 'template')
      this.#children((element as DefaultTreeAdapterTypes.Template).content ?? element, look);
    else if (tag === 'annotation' || tag === 'annotation-xml')
      this.#builder.hide('alternative', rawText(element));
    else if (tag === 'desc' || tag === 'metadata') this.#builder.hide('alternative', rawText(element));
    else this.#children(element, look);
  }

  /** A page has one title; those of drawings inside it are read aloud, not seen. */
  #title(element: Element): void {
    const text = rawText(element).replace(/\s+/g, ' ').trim();
    if (element.namespaceURI.endsWith('svg')) this.#builder.hide('alternative', text);
    else this.#builder.title ||= text;
  }

  #meta(attributes: Map<string, string>): void {
    const name = (attributes.get('name') ?? attributes.get('property') ?? '').toLowerCase();
    if (META.has(name)) this.#builder.hide('metadata', attributes.get('content') ?? '');
  }

  /** What a browser with scripts would not show of them, others would. */
  #dropped(element: Element): void {
    if (element.tagName === 'noscript')
      this.#builder.hide('invisible', rawText(element).replace(/<[^>]*>/g, ' '));
    if (['iframe', 'object', 'embed', 'audio', 'video'].includes(element.tagName))
      this.#builder.warn('Contenus incorporés (vidéo, son, autre page) : non lus.');
  }

  #alternatives(tag: string, attributes: Map<string, string>): void {
    if (tag === 'img') this.#pictures++;
    for (const name of ['alt', 'title', 'aria-label', 'aria-description', 'summary', 'placeholder'])
      this.#builder.hide('alternative', attributes.get(name) ?? '');
    if (tag === 'input' && attributes.get('type')?.toLowerCase() === 'hidden')
      this.#builder.hide('invisible', attributes.get('value') ?? '');
  }

  #heading(element: Element, look: Look, level: number): void {
    this.#endText();
    this.#children(element, look);
    const text = oneLine(this.#inline.take());
    if (text !== '') this.#blocks.push({ kind: 'heading', level, text });
  }

  #raised(element: Element, look: Look): void {
    const outer = this.#inline;
    this.#inline = new InlineText();
    this.#children(element, look);
    const raised = this.#inline.take();
    this.#inline = outer;
    this.#inline.add(superscript(raised));
  }

  #list(element: Element, look: Look, tag: string, attributes: Map<string, string>): void {
    const start = Number.parseInt(attributes.get('start') ?? '1', 10);
    const numbered = tag === 'ol' && Number.isFinite(start);
    const outer = this.#lists.at(-1);
    // An inner list's items follow the item that holds them, whose own text ends here.
    if (outer) this.#endItem(outer);
    const list: List = {
      items: [],
      label: '',
      next: numbered ? start : undefined,
      step: attributes.has('reversed') ? -1 : 1,
    };
    this.#lists.push(list);
    this.#children(element, look);
    this.#endItem(list);
    this.#lists.pop();
    if (list.items.length === 0) return;
    if (outer) outer.items.push(...list.items);
    else this.#blocks.push({ kind: 'list', text: list.items.join('\n') });
  }

  #item(element: Element, look: Look, attributes: Map<string, string>): void {
    const list = this.#lists.at(-1)!;
    this.#endItem(list);
    if (list.next !== undefined) {
      const own = Number.parseInt(attributes.get('value') ?? '', 10);
      if (Number.isFinite(own)) list.next = own;
      list.label = `${list.next}. `;
      list.next += list.step;
    }
    this.#children(element, look);
    this.#endItem(list);
    list.label = '';
  }

  #endItem(list: List): void {
    const text = oneLine(this.#inline.take());
    if (text === '') return;
    list.items.push(list.label + text);
    list.label = '';
  }

  #definitions(element: Element, look: Look): void {
    const items: string[] = [];
    let term = '';
    const visit = (parent: Element) => {
      for (const child of parent.childNodes) {
        if (!('tagName' in child)) this.#node(child, look);
        else if (child.tagName === 'dt' || child.tagName === 'dd') {
          const text = this.#captured(child, look).join(' ');
          if (child.tagName === 'dt') {
            if (term !== '') items.push(term);
            term = text;
          } else if (text !== '') {
            items.push(term === '' ? text : `${term} : ${text}`);
            term = '';
          }
        } else if (child.tagName === 'div') visit(child);
        else this.#element(child, look);
      }
    };
    visit(element);
    if (term !== '') items.push(term);
    this.#endText();
    if (items.length > 0) this.#blocks.push({ kind: 'list', text: items.join('\n') });
  }

  #table(element: Element, look: Look): void {
    this.#endText();
    const rows = tableRows(element);
    if (isFrame(element, rows)) {
      for (const child of element.childNodes) this.#frame(child, look);
      return;
    }
    for (const child of element.childNodes) {
      if ('tagName' in child && child.tagName === 'caption') this.#element(child, look);
      else if (child.nodeName === '#comment') this.#node(child, look);
    }
    this.#endText();
    const grid = rows.map(({ row, cells }) => {
      const rowLook = this.#lookBetween(row, element, look);
      return cells.map((cell) => this.#cell(cell, rowLook));
    });
    const { caption, text, columns } = tableText(grid);
    if (caption !== undefined) this.#blocks.push({ kind: 'text', text: caption });
    if (text !== '') this.#blocks.push({ kind: columns > 1 ? 'table' : 'text', text });
  }

  /** Rows and cells of a frame are blocks like any other. */
  #frame(node: Node, look: Look): void {
    this.#endText();
    if ('tagName' in node && /^(?:tbody|thead|tfoot|tr|td|th)$/.test(node.tagName)) {
      const attributes = new Map(node.attrs.map(({ name, value }) => [name, value]));
      const own = lookOf(look, attributes, this.#styleOf(node.tagName, attributes));
      if (node.tagName === 'td' || node.tagName === 'th') this.#children(node, own);
      else for (const child of node.childNodes) this.#frame(child, own);
    } else this.#node(node, look);
    this.#endText();
  }

  /** The look of a row inside its table: that of the group between them counts too. */
  #lookBetween(row: Element, table: Element, look: Look): Look {
    const chain: Element[] = [];
    for (let at: Parent | null = row; at && at !== table && 'tagName' in at; at = at.parentNode)
      chain.unshift(at);
    return chain.reduce((outer, element) => {
      const attributes = new Map(element.attrs.map(({ name, value }) => [name, value]));
      return lookOf(outer, attributes, this.#styleOf(element.tagName, attributes));
    }, look);
  }

  #cell(cell: Element, look: Look): TableCell {
    const span = (name: string) =>
      Number.parseInt(cell.attrs.find((attribute) => attribute.name === name)?.value ?? '1', 10) || 1;
    return { text: this.#captured(cell, look).join('\n'), columns: span('colspan'), rows: span('rowspan') };
  }

  /** The texts of an element's blocks, told apart from what is around them. */
  #captured(element: Element, look: Look): string[] {
    const outer = this.#blocks;
    const before = this.#inline;
    this.#inline = new InlineText();
    this.#blocks = [];
    this.#element(element, look);
    this.#endText();
    const texts = this.#blocks.map((block) => block.text);
    this.#blocks = outer;
    this.#inline = before;
    return texts;
  }

  #endHidden(): void {
    if (this.#hidden) this.#builder.hide(this.#hidden.why, this.#hidden.text);
    this.#hidden = undefined;
  }

  /** Ends a paragraph; inside a list it is only a space. */
  #endText(kind?: 'pre'): void {
    this.#endHidden();
    if (this.#lists.length > 0) {
      this.#inline.part();
      return;
    }
    const text = this.#inline.take();
    const block = kind === 'pre' ? text.replace(/^\n/, '').trimEnd() : trimLines(text);
    if (block.trim() !== '') this.#blocks.push({ kind: 'text', text: block });
  }
}

function trimLines(text: string): string {
  return text
    .split('\n')
    .map((line) => line.trim())
    .join('\n')
    .trim();
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
