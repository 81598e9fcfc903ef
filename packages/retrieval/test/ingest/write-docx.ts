import { strToU8, type Zippable, zipSync } from 'fflate';

const W = 'http://schemas.openxmlformats.org/wordprocessingml/2006/main';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';
const NAMESPACES = [
  `xmlns:w="${W}"`,
  'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"',
  'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"',
  'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"',
  'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"',
  'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"',
  'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"',
].join(' ');

export interface DocxParts {
  /** Inside `w:styles`, beside the headings that are always there. */
  styles?: string;
  numbering?: string;
  footnotes?: string;
  endnotes?: string;
  comments?: string;
  header?: string;
  /** Inside `cp:coreProperties`. */
  core?: string;
  /** More members, or others in the place of those written here. */
  members?: Zippable;
  level?: 0 | 6;
}

export function xmlText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** A paragraph; `run` is what stands in its `w:rPr`, `properties` in its `w:pPr`. */
export function paragraph(
  text: string,
  opts: { style?: string; properties?: string; run?: string } = {},
): string {
  const style = opts.style ? `<w:pStyle w:val="${opts.style}"/>` : '';
  return `<w:p><w:pPr>${style}${opts.properties ?? ''}</w:pPr>${run(text, opts.run)}</w:p>`;
}

export function run(text: string, properties = ''): string {
  return `<w:r><w:rPr>${properties}</w:rPr><w:t xml:space="preserve">${xmlText(text)}</w:t></w:r>`;
}

/** A table of plain cells. */
export function table(rows: string[][]): string {
  const cells = (row: string[]) => row.map((text) => `<w:tc>${paragraph(text)}</w:tc>`).join('');
  return `<w:tbl>${rows.map((row) => `<w:tr>${cells(row)}</w:tr>`).join('')}</w:tbl>`;
}

const STYLES = [1, 2, 3]
  .map(
    (level) =>
      `<w:style w:type="paragraph" w:styleId="Titre${level}"><w:name w:val="heading ${level}"/><w:rPr><w:b/></w:rPr></w:style>`,
  )
  .join('');

/** A Word document of a body (WordprocessingML) and the parts that a test needs. */
export function writeDocx(body: string, parts: DocxParts = {}): Uint8Array {
  const files: Record<string, string> = {
    '[Content_Types].xml': `${HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>`,
    '_rels/.rels': relationships([['officeDocument', 'word/document.xml']]),
    'word/document.xml': `${HEAD}<w:document ${NAMESPACES}><w:body>${body}</w:body></w:document>`,
    'word/styles.xml': `${HEAD}<w:styles ${NAMESPACES}>${STYLES}${parts.styles ?? ''}</w:styles>`,
  };
  const linked: [string, string][] = [['styles', 'styles.xml']];
  for (const name of ['numbering', 'footnotes', 'endnotes', 'comments', 'header'] as const) {
    const content = parts[name];
    if (content === undefined) continue;
    const root = name === 'header' ? 'hdr' : name;
    files[`word/${name}.xml`] = `${HEAD}<w:${root} ${NAMESPACES}>${content}</w:${root}>`;
    linked.push([name, `${name}.xml`]);
  }
  files['word/_rels/document.xml.rels'] = relationships(linked);
  if (parts.core)
    files['docProps/core.xml'] =
      `${HEAD}<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/">${parts.core}</cp:coreProperties>`;
  const members: Zippable = {};
  for (const [name, text] of Object.entries(files)) members[name] = strToU8(text);
  return zipSync({ ...members, ...parts.members }, { level: parts.level ?? 6, mtime: '2026-01-01T00:00:00' });
}

function relationships(targets: [string, string][]): string {
  const links = targets.map(
    ([type, target], i) => `<Relationship Id="r${i}" Type="${OFFICE}/${type}" Target="${target}"/>`,
  );
  return `${HEAD}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${links.join('')}</Relationships>`;
}
