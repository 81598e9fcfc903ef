import { isLucieError } from '@lucie/ledger';
import type { Box, HiddenText, Page, ParsedDocument } from '../../document.ts';
import { broken, tooLarge } from '../document-error.ts';
import type { IngestLimits } from '../ingest-limits.ts';
import { toBlocks } from './blocks.ts';
import { readMetadata } from './hidden-metadata.ts';
import { Hyphens } from './hyphens.ts';
import { layOut, pageLines, withBullets } from './layout.ts';
import type { Line } from './lines.ts';
import { instructionNumbers, openPdf, type PdfDocument } from './pdf-engine.ts';
import { PrintStyle } from './print-style.ts';
import { type PrintedPage, readPage } from './read-page.ts';
import { hull, type Rectangle } from './rectangle.ts';
import { runningLines } from './running-lines.ts';
import { withinMemory } from './within-memory.ts';
import { turn } from './word-builder.ts';

/** Lines of one direction on a page. */
interface Direction {
  angle: number;
  lines: Line[];
}

/**
 * Reads a PDF: pages with paragraphs, headings, lists and tables in reading order, a box for each line, and what is in
 * the file that no reader sees. Nothing is fetched or run; pictures are not decoded. The title is empty when the first
 * page does not print the one that the file gives itself.
 * @throws LucieError DOCUMENT_BROKEN (also for one with a password), DOCUMENT_TOO_LARGE.
 */
export async function parsePdf(bytes: Uint8Array, limits: IngestLimits): Promise<ParsedDocument> {
  // The file, pdf.js's copy of it, and the copy on its way there.
  return withinMemory(() => openAndRead(bytes, limits), 3 * bytes.length, limits);
}

async function openAndRead(bytes: Uint8Array, limits: IngestLimits): Promise<ParsedDocument> {
  const pdf = await openPdf(bytes);
  try {
    if (pdf.numPages > limits.pages) throw tooLarge('pages', pdf.numPages, limits);
    return await parseOpened(pdf, limits);
  } catch (error) {
    if (isLucieError(error)) throw error;
    throw broken('a PDF whose pages cannot be read', error);
  } finally {
    await pdf.loadingTask.destroy().catch(() => {});
  }
}

async function parseOpened(pdf: PdfDocument, limits: IngestLimits): Promise<ParsedDocument> {
  const { printed, unread } = await readPages(pdf, limits);
  const pages = printed.map((page) => ({ page, directions: directionsOf(page) }));
  const level = pages.map(({ page, directions }) => ({
    page: page.page,
    height: page.height,
    lines: directions.find(({ angle }) => angle === 0)?.lines ?? [],
  }));
  const style = new PrintStyle(level.flatMap(({ lines }) => lines.filter((line) => !line.table)));
  const running = runningLines(level, style.body);
  const hyphens = new Hyphens(
    pages.flatMap(({ directions }) => directions.flatMap(({ lines }) => lines.map((line) => line.text))),
  );

  const hidden: HiddenText[] = [];
  const out = pages.map(({ page, directions }): Page => {
    hidden.push(...page.hidden);
    const blocks = directions.flatMap(({ angle, lines }) =>
      toBlocks(layOut(lines.filter((line) => !running.has(line))), {
        style,
        hyphens,
        box: (rectangle) => boxOf(rectangle, angle, page),
      }),
    );
    return {
      page: page.page,
      blocks,
      width: hundredths(page.width),
      height: hundredths(page.height),
      ...(page.scanned ? { scanned: true as const } : {}),
    };
  });
  for (const page of unread) out.push({ page, blocks: [] });
  out.sort((a, b) => a.page - b.page);

  const metadata = await readMetadata(pdf, pages[0]?.page.visible.map((word) => word.text).join(' ') ?? '');
  const attachments = await pdf.getAttachments().catch(() => null);
  return {
    title: metadata.title,
    format: 'pdf',
    pages: out,
    hidden: [...metadata.hidden, ...hidden],
    warnings: warningsOf({
      printed,
      unread,
      running,
      attached: attachments ? Object.keys(attachments).length : 0,
    }),
  };
}

async function readPages(
  pdf: PdfDocument,
  limits: IngestLimits,
): Promise<{ printed: PrintedPage[]; unread: number[] }> {
  const numbers = await instructionNumbers();
  const config = await pdf.getOptionalContentConfig().catch(() => undefined);
  const layers = { isVisible: (layer: unknown): boolean => config?.isVisible(layer) ?? true };
  const printed: PrintedPage[] = [];
  const unread: number[] = [];
  let left = limits.characters;
  let reason: unknown;
  for (let page = 1; page <= pdf.numPages; page++) {
    try {
      const one = await readPage(pdf, page, { numbers, layers, characters: left });
      for (const word of one.words) left -= word.text.length;
      for (const other of one.hidden)
        if (other.why === 'comment' || other.why === 'alternative') left -= other.text.length;
      printed.push(one);
    } catch (error) {
      unread.push(page);
      reason = error;
    }
    if (left < 0) throw tooLarge('characters', `more than ${limits.characters.toLocaleString('en')}`, limits);
  }
  if (printed.length === 0) throw broken('a PDF of which no page can be read', reason);
  return { printed, unread };
}

const hundredths = (points: number): number => Math.round(points * 100) / 100;

/** Level text first, then what is printed upwards or aslant. */
function directionsOf(page: PrintedPage): Direction[] {
  const angles = [...new Set(page.visible.map((word) => word.angle))].sort((a, b) => a - b);
  return angles.map((angle) => {
    const words = page.visible.filter((word) => word.angle === angle);
    return {
      angle,
      lines: angle === 0 ? pageLines(withBullets(words, page.dots), page.rules) : pageLines(words, []),
    };
  });
}

/** Fractions of the page, within it. */
function boxOf({ x0, y0, x1, y1 }: Rectangle, angle: number, page: PrintedPage): Box {
  const corners = (
    [
      [x0, y0],
      [x1, y0],
      [x0, y1],
      [x1, y1],
    ] as const
  ).map((corner) => turn(corner, -angle));
  const around = hull(corners.map(([x, y]) => ({ x0: x, y0: y, x1: x, y1: y })));
  const within = (value: number, size: number): number =>
    Math.round(Math.min(1, Math.max(0, value / size)) * 1e5) / 1e5;
  const [left, top] = [within(around.x0, page.width), within(around.y0, page.height)];
  const round = (value: number): number => Math.round(value * 1e5) / 1e5;
  return {
    x: left,
    y: top,
    width: round(within(around.x1, page.width) - left),
    height: round(within(around.y1, page.height) - top),
  };
}

function warningsOf(found: {
  printed: readonly PrintedPage[];
  unread: readonly number[];
  running: ReadonlySet<Line>;
  attached: number;
}): string[] {
  const { printed, unread, running, attached } = found;
  const warnings: string[] = [];
  const scanned = printed.filter((page) => page.scanned).map((page) => page.page);
  if (scanned.length > 0) {
    warnings.push(
      `${pageList(scanned)} : image sans texte (page numérisée). Ce qui y est écrit ne peut être ni cherché ni cité.`,
    );
  }
  const recognised = printed.filter((page) => page.recognised).map((page) => page.page);
  if (recognised.length > 0) {
    warnings.push(
      `${pageList(recognised)} : texte reconnu automatiquement dans une image (OCR). Il peut contenir des erreurs, et différer de ce que l’on voit.`,
    );
  }
  if (unread.length > 0) warnings.push(`${pageList(unread)} : illisible, le fichier y est abîmé.`);
  if (running.size > 0) {
    const texts = [...new Set([...running].map((line) => line.text.replace(/\d+/g, '…')))].filter(
      (text) => text !== '…',
    );
    const shown = texts.slice(0, 3).map((text) => `« ${text.slice(0, 80)} »`);
    warnings.push(
      `En-têtes, pieds de page ou numéros répétés d’une page à l’autre : laissés de côté${shown.length > 0 ? ` (${shown.join(', ')})` : ''}.`,
    );
  }
  if (attached > 0) {
    warnings.push(
      attached === 1
        ? 'Un fichier joint au PDF n’est pas lu.'
        : `${attached} fichiers joints au PDF ne sont pas lus.`,
    );
  }
  return warnings;
}

/** `Page 3`, `Pages 1 à 4, 7`. */
function pageList(pages: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const page of pages) {
    const last = runs.at(-1);
    if (last && page === last[1] + 1) last[1] = page;
    else runs.push([page, page]);
  }
  const texts = runs.map(([from, to]) =>
    from === to ? `${from}` : to === from + 1 ? `${from}, ${to}` : `${from} à ${to}`,
  );
  return `${pages.length > 1 ? 'Pages' : 'Page'} ${texts.join(', ')}`;
}
