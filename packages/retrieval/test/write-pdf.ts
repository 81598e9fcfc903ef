import { deflateSync } from 'node:zlib';

/** A line of print. `x` and `y` in points from the page's upper left corner; `y` is the base line. */
export interface PdfLine {
  text: string;
  x: number;
  y: number;
  /** In points; 11 unless told. */
  size?: number;
  /** Red, green, blue from 0 to 1, or `#rrggbb`; black unless told. */
  colour?: readonly [number, number, number] | string;
  bold?: boolean;
  /** PDF's text rendering mode: 0 fills, 3 is invisible. */
  mode?: number;
  /** From 0 to 1. */
  opacity?: number;
  /** Degrees, against the clock. */
  turn?: number;
}

/** A filled rectangle, from the page's upper left corner, in points. */
export interface PdfRectangle {
  x: number;
  y: number;
  width: number;
  height: number;
  colour: NonNullable<PdfLine['colour']>;
}

export interface PdfPage {
  lines: readonly PdfLine[];
  /** A4 in points unless told. */
  width?: number;
  height?: number;
  /** Painted before and after the lines. */
  under?: readonly PdfRectangle[];
  over?: readonly PdfRectangle[];
  /** Thin black lines, as around the cells of a table: x1, y1, x2, y2. */
  rules?: readonly (readonly [number, number, number, number])[];
  /** A small grey picture stretched over this place, before the lines. */
  image?: { x: number; y: number; width: number; height: number; alternative?: string };
  /** What a viewer shows of the page: x, y from the upper left corner, width, height. */
  crop?: readonly [number, number, number, number];
  /** Clockwise, in steps of 90 degrees. */
  rotate?: 0 | 90 | 180 | 270;
  /** Sticky notes. */
  comments?: readonly { text: string; x: number; y: number }[];
}

export interface PdfOptions {
  /** The document's information: Title, Author, Subject, Keywords. */
  information?: Readonly<Record<string, string>>;
  /** XMP, as LibreOffice and Word write it beside the information. */
  xmp?: string;
  /** Asks for a password that nobody knows. */
  encrypted?: boolean;
  /** Says this number of pages, whatever there are. */
  count?: number;
  /** Spaces before what is drawn on each page; packed, they take a thousandth of this. */
  padding?: number;
}

const A4 = { width: 595, height: 842 };

/** Windows-1252's characters that are not at their Unicode place. */
const WINDOWS = new Map<string, number>([
  ...[...'€'].map((char) => [char, 0x80] as const),
  ...[...'‚ƒ„…†‡ˆ‰Š‹Œ'].map((char, i) => [char, 0x82 + i] as const),
  ['Ž', 0x8e],
  ...[...'‘’“”•–—˜™š›œ'].map((char, i) => [char, 0x91 + i] as const),
  ['ž', 0x9e],
  ['Ÿ', 0x9f],
  // Places that Windows-1252 leaves free; see EXTRA.
  ['−', 0x81],
  ['Ω', 0x8d],
  ['→', 0x8f],
  ['≤', 0x90],
  ['≥', 0x9d],
]);
const EXTRA = '[129 /minus 141 /Omega 143 /arrowright 144 /lessequal 157 /greaterequal]';

/**
 * A small PDF with standard fonts (Helvetica): the same bytes for the same pages. Characters outside Windows-1252, but
 * for a few signs of mathematics, are an error.
 */
export function writePdf(pages: readonly PdfPage[], options: PdfOptions = {}): Uint8Array {
  const objects: string[] = [];
  /** Reserves a number; its text may come later. */
  const reserve = (): number => objects.push('');
  const set = (id: number, text: string): void => {
    objects[id - 1] = text;
  };
  const add = (text: string): number => objects.push(text);

  const catalog = reserve();
  const tree = reserve();
  const fonts = [false, true].map((bold) =>
    add(
      `<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica${bold ? '-Bold' : ''} /Encoding << /BaseEncoding /WinAnsiEncoding /Differences ${EXTRA} >> >>`,
    ),
  );
  const picture = add(
    stream(
      '/Type /XObject /Subtype /Image /Width 2 /Height 2 /ColorSpace /DeviceGray /BitsPerComponent 8',
      'abcd',
    ),
  );
  const root = reserve();
  const figures: number[] = [];
  const parents: string[] = [];
  const kids = pages.map((page, index) => {
    const { width = A4.width, height = A4.height } = page;
    const id = reserve();
    const content = add(drawing(drawPage(page, height), options.padding));
    const opacities = [...new Set(page.lines.map((line) => line.opacity ?? 1))].sort();
    const states = opacities.map((value) => `/A${value * 100} << /ca ${value} >>`).join(' ');
    const notes = (page.comments ?? []).map((note) =>
      add(
        `<< /Type /Annot /Subtype /Text /Rect [${note.x} ${height - note.y} ${note.x + 20} ${height - note.y + 20}] /Contents ${unicode(note.text)} >>`,
      ),
    );
    if (page.image?.alternative !== undefined) {
      const figure = add(
        `<< /Type /StructElem /S /Figure /P ${root} 0 R /Pg ${id} 0 R /K 0 /Alt ${unicode(page.image.alternative)} >>`,
      );
      figures.push(figure);
      parents.push(`${index} [${figure} 0 R]`);
    }
    const crop = page.crop && [
      page.crop[0],
      height - page.crop[1] - page.crop[3],
      page.crop[0] + page.crop[2],
      height - page.crop[1],
    ];
    set(
      id,
      `<< /Type /Page /Parent ${tree} 0 R /MediaBox [0 0 ${width} ${height}]${crop ? ` /CropBox [${crop.join(' ')}]` : ''}` +
        `${page.rotate ? ` /Rotate ${page.rotate}` : ''} /StructParents ${index} /Contents ${content} 0 R` +
        ` /Resources << /Font << /F0 ${fonts[0]} 0 R /F1 ${fonts[1]} 0 R >> /XObject << /Im ${picture} 0 R >> /ExtGState << ${states} >> >>` +
        `${notes.length > 0 ? ` /Annots [${notes.map((note) => `${note} 0 R`).join(' ')}]` : ''} >>`,
    );
    return id;
  });
  const nums = add(`<< /Nums [${parents.join(' ')}] >>`);
  set(
    root,
    `<< /Type /StructTreeRoot /K [${figures.map((id) => `${id} 0 R`).join(' ')}] /ParentTree ${nums} 0 R >>`,
  );
  set(
    tree,
    `<< /Type /Pages /Kids [${kids.map((id) => `${id} 0 R`).join(' ')}] /Count ${options.count ?? kids.length} >>`,
  );
  set(
    catalog,
    `<< /Type /Catalog /Pages ${tree} 0 R${options.xmp ? ` /Metadata ${add(stream('/Type /Metadata /Subtype /XML', Buffer.from(options.xmp).toString('latin1')))} 0 R` : ''}${figures.length > 0 ? ` /StructTreeRoot ${root} 0 R /MarkInfo << /Marked true >>` : ''} >>`,
  );

  let trailer = `/Root ${catalog} 0 R /ID [<00112233445566778899aabbccddeeff> <00112233445566778899aabbccddeeff>]`;
  if (options.information) {
    const pairs = Object.entries(options.information).map(([key, value]) => `/${key} ${unicode(value)}`);
    trailer += ` /Info ${add(`<< ${pairs.join(' ')} >>`)} 0 R`;
  }
  if (options.encrypted) {
    const noise = `<${'5a'.repeat(32)}>`;
    trailer += ` /Encrypt ${add(`<< /Filter /Standard /V 1 /R 2 /O ${noise} /U ${noise} /P -4 >>`)} 0 R`;
  }
  return assemble(objects, trailer);
}

function assemble(objects: readonly string[], trailer: string): Uint8Array {
  let text = '%PDF-1.7\n%\xe2\xe3\xcf\xd3\n';
  const offsets = objects.map((body, i) => {
    const offset = text.length;
    text += `${i + 1} 0 obj\n${body}\nendobj\n`;
    return offset;
  });
  const table = text.length;
  text += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n`;
  text += offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  text += `trailer\n<< /Size ${objects.length + 1} ${trailer} >>\nstartxref\n${table}\n%%EOF\n`;
  return Uint8Array.from(text, (char) => char.charCodeAt(0));
}

function drawPage(page: PdfPage, height: number): string {
  const parts: string[] = [];
  if (page.image) {
    const { x, y, width, height: tall, alternative } = page.image;
    const picture = `q ${width} 0 0 ${tall} ${x} ${height - y - tall} cm /Im Do Q`;
    parts.push(alternative === undefined ? picture : `/Figure << /MCID 0 >> BDC ${picture} EMC`);
  }
  for (const rectangle of page.under ?? []) parts.push(drawRectangle(rectangle, height));
  for (const [x1, y1, x2, y2] of page.rules ?? []) {
    parts.push(`0.5 w ${x1} ${height - y1} m ${x2} ${height - y2} l S`);
  }
  for (const line of page.lines) {
    const angle = ((line.turn ?? 0) * Math.PI) / 180;
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)].map((value) => Number(value.toFixed(6)));
    parts.push(
      `/A${(line.opacity ?? 1) * 100} gs ${rgb(line.colour ?? '#000000')} rg BT /F${line.bold ? 1 : 0} ${line.size ?? 11} Tf ${line.mode ?? 0} Tr ` +
        `${cos} ${sin} ${-sin!} ${cos} ${line.x} ${height - line.y} Tm ${literal(line.text)} Tj ET`,
    );
  }
  for (const rectangle of page.over ?? []) parts.push(drawRectangle(rectangle, height));
  return parts.join('\n');
}

function drawRectangle({ x, y, width, height: tall, colour }: PdfRectangle, height: number): string {
  return `${rgb(colour)} rg ${x} ${height - y - tall} ${width} ${tall} re f`;
}

function rgb(colour: NonNullable<PdfLine['colour']>): string {
  if (typeof colour !== 'string') return colour.join(' ');
  return [1, 3, 5].map((i) => Number.parseInt(colour.slice(i, i + 2), 16) / 255).join(' ');
}

function drawing(content: string, padding = 0): string {
  if (padding === 0) return stream('', content);
  const packed = deflateSync(Buffer.from(' '.repeat(padding) + content, 'latin1'));
  return stream('/Filter /FlateDecode', packed.toString('latin1'));
}

function stream(dictionary: string, content: string): string {
  return `<< ${dictionary} /Length ${content.length} >>\nstream\n${content}\nendstream`;
}

/** A string of WinAnsi bytes in parentheses. */
function literal(text: string): string {
  let out = '';
  for (const char of text) {
    const code = WINDOWS.get(char) ?? char.charCodeAt(0);
    if (code > 0xff || (code < 0x20 && code !== 0x09))
      throw new Error(`not in Windows-1252: ${JSON.stringify(char)}`);
    out += '()\\'.includes(char) ? `\\${char}` : String.fromCharCode(code);
  }
  return `(${out})`;
}

/** A text string in UTF-16, as in information and notes. */
function unicode(text: string): string {
  const units = Array.from({ length: text.length }, (_, i) =>
    text.charCodeAt(i).toString(16).padStart(4, '0'),
  );
  return `<feff${units.join('')}>`;
}
