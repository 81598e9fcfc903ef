import { Random } from '@lucie/ledger';
import { strToU8 } from 'fflate';
import { expect, test } from 'vitest';
import { parseDocx } from '../../src/ingest/docx/parse-docx.ts';
import { DEFAULT_INGEST_LIMITS } from '../../src/ingest/ingest-limits.ts';
import { writeDocx } from './write-docx.ts';

const NAMES = (
  'w:p w:p w:r w:r w:t w:t w:tbl w:tr w:tc w:tcPr w:gridSpan w:vMerge w:pPr w:numPr w:numId w:ilvl w:rPr w:vanish w:br ' +
  'w:lastRenderedPageBreak w:sectPr w:type w:txbxContent w:del w:delText w:footnoteReference w:footnote w:comment m:f m:num ' +
  'm:den m:sup m:rad m:t mc:Fallback mc:Choice wp:docPr wps:spPr a:solidFill a:srgbClr w:tblPr w:tblStyle w:pStyle w:shd'
).split(' ');
const VALUES = [
  '',
  '1',
  '-1',
  '99999999999',
  'page',
  'continuous',
  'FFFFFF',
  'Titre1',
  'NaN',
  'constructor',
  '__proto__',
];

/** Well-formed, and otherwise as wrong as it can be: any element in any other. */
function tangle(random: Random, depth: number): string {
  let xml = '';
  const children = random.below(6);
  for (let i = 0; i < children; i++) {
    const name = NAMES[random.below(NAMES.length)]!;
    const value = VALUES[random.below(VALUES.length)]!;
    const inside = depth > 0 ? tangle(random, depth - 1) : '';
    xml += `<${name} w:val="${value}" w:id="${value}" hidden="1" w:fill="${value}">${inside}mot ${i}</${name}>`;
  }
  return xml;
}

test('elements in any order are read, not crashed on', () => {
  let told = 0;
  for (let seed = 0; seed < 300; seed++) {
    const random = new Random(seed, 'docx');
    const parts = {
      footnotes: tangle(random, 4),
      comments: tangle(random, 4),
      numbering: tangle(random, 3),
      styles: tangle(random, 3),
    };
    const bytes = writeDocx(tangle(random, 6), { ...parts, header: tangle(random, 4), level: 0 });
    const document = parseDocx(bytes, DEFAULT_INGEST_LIMITS);
    if (document.pages.some((page) => page.blocks.length > 0)) told++;
  }
  expect(told).toBeGreaterThan(100);
});

test('damage inside a part is found by its checks or by its XML', () => {
  const bytes = writeDocx('', { members: { 'word/document.xml': strToU8('<w:document><w:p>') } });
  expect(() => parseDocx(bytes, DEFAULT_INGEST_LIMITS)).toThrow(
    expect.objectContaining({ code: 'DOCUMENT_BROKEN' }),
  );
});
