import type { HiddenText } from '../../document.ts';
import type { Matrix } from './matrix.ts';
import type { PdfDocument, PdfPage } from './pdf-engine.ts';
import type { Print, Word } from './print.ts';
import { type FontFacts, type Instructions, readPrint } from './read-print.ts';

/** A page's text, before the document as a whole is looked at. */
export interface PrintedPage extends Print {
  page: number;
  visible: Word[];
  hidden: HiddenText[];
  scanned: boolean;
  /** The text lies unseen over or under a picture: what a program read from a scan. */
  recognised: boolean;
}

/** Pictures that cover more than this make a page without text a scan. */
const MOSTLY_PICTURE = 0.5;
/** So few letters are a stamp or a page number, not the page's text. */
const FEW_LETTERS = 40;
/** A page of outlined letters has at least so many strokes. */
const MANY_STROKES = 2000;

export interface PageOptions {
  numbers: Readonly<Record<string, number>>;
  layers: { isVisible: (layer: unknown) => boolean };
  characters: number;
}

/** Reads one page with pdf.js: its print, its notes, its alternative texts. */
export async function readPage(pdf: PdfDocument, page: number, options: PageOptions): Promise<PrintedPage> {
  const proxy = await pdf.getPage(page);
  try {
    const { width, height, transform } = proxy.getViewport({ scale: 1 });
    const list = (await proxy.getOperatorList()) as unknown as Instructions;
    const print = readPrint(list, {
      width,
      height,
      transform: transform as unknown as Matrix,
      numbers: options.numbers,
      font: (id) => fontFacts(proxy, id),
      shown: (layer) => options.layers.isVisible(layer),
      characters: options.characters,
    });
    return { ...print, page, ...judge(print, page, await otherTexts(proxy)) };
  } finally {
    proxy.cleanup();
  }
}

function judge(print: Print, page: number, others: HiddenText[]): Omit<PrintedPage, keyof Print | 'page'> {
  const seen = print.words.filter((word) => !word.why);
  const unseen = print.words.filter((word) => word.why === 'invisible');
  const picture = print.pictures > MOSTLY_PICTURE;
  const over = picture && letters(unseen) > 5 * letters(seen);
  const under = picture && print.beneath > 0.8 * print.words.length;
  const visible = over ? print.words.filter((word) => !word.why || word.why === 'invisible') : seen;
  const kept = new Set(visible);
  const drawn = picture || print.strokes > MANY_STROKES;
  const text = visible.map((word) => word.text).join(' ');
  return {
    visible,
    hidden: [
      ...hiddenRuns(
        print.words.filter((word) => !kept.has(word)),
        page,
      ),
      ...others.filter((other) => !text.includes(other.text)),
    ],
    scanned: drawn && letters(visible) < FEW_LETTERS,
    recognised: over || (under && letters(visible) >= FEW_LETTERS),
  };
}

function letters(words: readonly Word[]): number {
  return words.reduce((sum, word) => sum + word.text.length, 0);
}

/** Hidden words as texts, in the order of the file. */
function hiddenRuns(words: readonly Word[], page: number): HiddenText[] {
  const runs: HiddenText[] = [];
  let last: Word | undefined;
  for (const word of words) {
    const run = runs.at(-1);
    if (run && last && word.why === run.why) {
      const space = word.spaced || Math.abs(word.y - last.y) > 1 || word.x0 - last.x1 > 0.12 * word.size;
      run.text += (space ? ' ' : '') + word.text;
    } else runs.push({ why: word.why!, text: word.text, page });
    last = word;
  }
  return runs;
}

function fontFacts(page: PdfPage, id: string): FontFacts | undefined {
  if (!page.commonObjs.has(id)) return undefined;
  const font = page.commonObjs.get(id) as {
    name?: string;
    bold?: boolean;
    black?: boolean;
    isType3Font?: boolean;
    fontMatrix?: Matrix;
    bbox?: readonly number[];
  } | null;
  if (!font) return undefined;
  const name = font.name ?? '';
  return {
    name,
    bold:
      Boolean(font.bold || font.black) ||
      /bold|black|heavy|gras|[-,](?:semi|demi)|cmbx|sfbx|ecbx/i.test(name),
    type3: Boolean(font.isType3Font),
    fontMatrix: font.fontMatrix,
    bbox: font.bbox,
  };
}

/** Notes on the page and alternative texts of its pictures. */
async function otherTexts(page: PdfPage): Promise<HiddenText[]> {
  const found: HiddenText[] = [];
  const notes = (await page.getAnnotations().catch(() => [])) as {
    contentsObj?: { str?: unknown };
    alternativeText?: unknown;
  }[];
  for (const note of notes) {
    const text = note.contentsObj?.str;
    if (typeof text === 'string' && text.trim() !== '') {
      found.push({ why: 'comment', text: text.trim(), page: page.pageNumber });
    }
  }
  const alternatives: string[] = [];
  collectAlternatives(await page.getStructTree().catch(() => null), alternatives, 0);
  for (const text of alternatives) found.push({ why: 'alternative', text, page: page.pageNumber });
  return found;
}

function collectAlternatives(node: unknown, found: string[], depth: number): void {
  if (typeof node !== 'object' || node === null || depth > 100) return;
  const { alt, children } = node as { alt?: unknown; children?: unknown };
  if (typeof alt === 'string' && alt.trim() !== '') found.push(alt.trim());
  if (Array.isArray(children)) for (const child of children) collectAlternatives(child, found, depth + 1);
}
