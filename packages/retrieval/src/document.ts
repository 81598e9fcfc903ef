/** A rectangle on a page, in fractions of its width and height, from the upper left corner. */
export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** What a document consists of, in reading order. A list has one item a line; a table one row a line, cells between ` | `, its head first. */
export interface Block {
  kind: 'heading' | 'text' | 'list' | 'table';
  text: string;
  /** Of a heading, from 1. */
  level?: number;
  /** Where it stands, one box per line of print, in formats that know (PDF). */
  boxes?: Box[];
  /** The character of `text` with which the line of each box begins. */
  starts?: number[];
}

/** A page; formats without pages have one. Paragraphs are its blocks, counted from 1. */
export interface Page {
  page: number;
  blocks: Block[];
  /** In points (1/72 inch), as the page is looked at: turned where it says so. In formats that know (PDF). */
  width?: number;
  height?: number;
  /** A picture of text, which nothing here can read. */
  scanned?: true;
}

/** Why people do not see a text that programs find. */
export type Hiding = 'colour' | 'size' | 'off-page' | 'invisible' | 'metadata' | 'comment' | 'alternative';

/** Text that is in the file and that no reader of the page sees: never searched, never quoted, shown to the teacher. */
export interface HiddenText {
  why: Hiding;
  text: string;
  page?: number;
}

export type Format = 'pdf' | 'docx' | 'html' | 'markdown' | 'text';

/** What was read of a file. */
export interface ParsedDocument {
  title: string;
  format: Format;
  pages: Page[];
  hidden: HiddenText[];
  /** For people: what was left out, and why. */
  warnings: string[];
}
