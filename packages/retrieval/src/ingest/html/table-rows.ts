import type { DefaultTreeAdapterTypes } from 'parse5';

type Node = DefaultTreeAdapterTypes.ChildNode;
type Element = DefaultTreeAdapterTypes.Element;

/** Blocks that show a table to be a frame of the page and no table of facts. */
const LAYOUT = new Set('table h1 h2 h3 h4 h5 h6 article section form'.split(' '));

export interface TableRow {
  row: Element;
  cells: Element[];
}

/** The rows of a table, those of its head and foot where they stand. */
export function tableRows(table: Element): TableRow[] {
  return table.childNodes.flatMap(rowsOf).map((row) => ({
    row,
    cells: row.childNodes.filter((child) => 'tagName' in child).filter(isCell),
  }));
}

/** Whether a table only places what is in it: it has one column, or holds headings or tables of its own. */
export function isFrame(table: Element, rows: readonly TableRow[]): boolean {
  return rows.every(({ cells }) => cells.length <= 1) || holdsLayout(table);
}

function rowsOf(node: Node): Element[] {
  if (!('tagName' in node)) return [];
  if (node.tagName === 'tr') return [node];
  return ['tbody', 'thead', 'tfoot'].includes(node.tagName) ? node.childNodes.flatMap(rowsOf) : [];
}

function isCell({ tagName }: Element): boolean {
  return tagName === 'td' || tagName === 'th';
}

function holdsLayout(parent: DefaultTreeAdapterTypes.ParentNode): boolean {
  return parent.childNodes.some(
    (child) => 'tagName' in child && (LAYOUT.has(child.tagName) || holdsLayout(child)),
  );
}
