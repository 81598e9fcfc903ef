import { expect, test } from 'vitest';
import type { Block } from '../src/document.ts';
import { DEFAULT_INGEST_LIMITS } from '../src/ingest/ingest-limits.ts';
import { Hyphens } from '../src/ingest/pdf/hyphens.ts';
import { parsePdf } from '../src/ingest/pdf/parse-pdf.ts';
import { layOutPdf, textWidth, wrap } from './lay-out-pdf.ts';
import { type PdfLine, type PdfPage, writePdf } from './write-pdf.ts';

const parse = (pages: readonly PdfPage[], options?: Parameters<typeof writePdf>[1]) =>
  parsePdf(writePdf(pages, options), { ...DEFAULT_INGEST_LIMITS });

/** Lines of one paragraph, each `leading` below the one before. */
const lines = (texts: readonly string[], x: number, y: number, rest: Partial<PdfLine> = {}): PdfLine[] =>
  texts.map((text, i) => ({ text, x, y: y + i * 1.25 * (rest.size ?? 11), ...rest }));

const PARAGRAPH =
  'Le moulin de Saint-Cyr tourne encore chaque dimanche d’été. La roue, refaite en chêne par le charpentier du ' +
  'village, entraîne deux meules de pierre ; on y broie le blé « à l’ancienne », sans moteur, et les élèves de ' +
  'sixième pèsent la farine obtenue en une heure.';

const LESSON: Block[] = [
  { kind: 'heading', level: 1, text: 'L’eau et le moulin' },
  { kind: 'text', text: PARAGRAPH },
  { kind: 'heading', level: 2, text: 'Ce qu’il faut apporter' },
  {
    kind: 'list',
    text: 'un carnet à carreaux\nune balance de cuisine et ses poids, que chaque équipe range après la pesée dans la caisse bleue du couloir\ndes bottes',
  },
  { kind: 'text', text: 'Le départ a lieu à 9 h 15, devant le collège.' },
  { kind: 'list', text: '1. Mesurer la hauteur de chute.\n2. Compter les tours de roue pendant une minute.' },
  {
    kind: 'table',
    text: 'Jour | Farine (kg) | Hauteur de l’eau\nlundi 4 mars | 12,5 | 0,80 m\nmardi 5 mars | 9 | une planche manquait au barrage',
  },
  { kind: 'text', text: 'La valeur de mardi s’explique par la fuite.' },
];

test('a lesson as a word processor prints it comes back block by block', async () => {
  const parsed = await parse(layOutPdf(LESSON));
  expect(parsed.format).toBe('pdf');
  expect(parsed.pages.map((page) => page.page)).toEqual([1]);
  expect(parsed.pages[0]!.blocks.map(({ kind, text }) => ({ kind, text }))).toEqual(
    LESSON.map(({ kind, text }) => ({ kind, text })),
  );
  expect(parsed.pages[0]!.blocks.map(({ level }) => level)).toEqual(LESSON.map(({ level }) => level));
  expect(parsed.hidden).toEqual([]);
  expect(parsed.warnings).toEqual([]);
});

test('each line has its box, in fractions of the page, and says where its text begins', async () => {
  const size = 11;
  const [page] = layOutPdf([{ kind: 'text', text: PARAGRAPH }], { size });
  const block = (await parse([page!])).pages[0]!.blocks[0]!;
  expect(block.text).toBe(PARAGRAPH);
  expect(block.boxes).toHaveLength(page!.lines.length);
  expect(block.starts!.map((start, i) => block.text.slice(start, block.starts![i + 1]).trim())).toEqual(
    page!.lines.map((line) => line.text),
  );
  page!.lines.forEach((line, i) => {
    const box = block.boxes![i]!;
    // The box holds the line's letters: from above the base line to a little below it.
    expect(box.x * 595).toBeCloseTo(line.x, 1);
    expect(box.width * 595).toBeCloseTo(textWidth(line.text, size), 0);
    expect(box.y * 842).toBeGreaterThan(line.y - size);
    expect(box.y * 842).toBeLessThan(line.y - 0.6 * size);
    expect((box.y + box.height) * 842).toBeGreaterThan(line.y);
    expect((box.y + box.height) * 842).toBeLessThan(line.y + 0.5 * size);
  });
});

test('starts point into lists and tables as well', async () => {
  const blocks = (await parse(layOutPdf(LESSON))).pages[0]!.blocks;
  for (const block of blocks) {
    expect(block.starts).toHaveLength(block.boxes!.length);
    for (const start of block.starts!) expect(start === 0 || /\s/.test(block.text[start - 1]!)).toBe(true);
  }
  const table = blocks.find((block) => block.kind === 'table')!;
  expect(table.starts!.map((start) => table.text.slice(start).split(' | ')[0])).toEqual([
    'Jour',
    'lundi 4 mars',
    'mardi 5 mars',
  ]);
});

test('two columns are read one after the other, below a title over both', async () => {
  const left = wrap(`${PARAGRAPH} ${PARAGRAPH}`, 220, { size: 10 });
  const right = wrap(PARAGRAPH.replaceAll('moulin', 'pont'), 220, { size: 10 });
  const parsed = await parse([
    {
      lines: [
        { text: 'Un titre qui va d’une marge à l’autre de la page entière', x: 64, y: 80, size: 17 },
        ...lines(right, 310, 110.5, { size: 10 }),
        ...lines(left, 64, 110, { size: 10 }),
      ],
    },
  ]);
  const texts = parsed.pages[0]!.blocks.map((block) => block.text);
  expect(texts[0]).toMatch(/^Un titre/);
  expect(texts.slice(1).join(' ')).toBe(
    `${PARAGRAPH} ${PARAGRAPH} ${PARAGRAPH.replaceAll('moulin', 'pont')}`,
  );
});

test('aligned cells without rules are a table; an empty cell keeps its place', async () => {
  const rows = [
    ['Année', 'Première hirondelle', 'Nids'],
    ['2021', '6 avril', '9'],
    ['2022', '', '12'],
    ['2023', '27 mars', '14'],
  ];
  const parsed = await parse([
    {
      lines: [
        {
          text: 'Le carnet de M. Pelloux commence en 2021 et tient sur une seule page de son cahier.',
          x: 64,
          y: 80,
        },
        ...rows.flatMap((row, r) =>
          row.flatMap((text, c) => (text === '' ? [] : [{ text, x: 64 + c * 150, y: 110 + r * 15 }])),
        ),
      ],
    },
  ]);
  expect(parsed.pages[0]!.blocks.map((block) => block.kind)).toEqual(['text', 'table']);
  expect(parsed.pages[0]!.blocks[1]!.text).toBe(
    'Année | Première hirondelle | Nids\n2021 | 6 avril | 9\n2022 | – | 12\n2023 | 27 mars | 14',
  );
});

test('words cut at the end of a line are whole again, and hyphens of the word stay', async () => {
  const parsed = await parse([
    {
      lines: lines(
        [
          'La photosyn-',
          'thèse commence peut-',
          'être à l’aube. Regar-',
          'dez celui-',
          'ci, pas vingt-',
          'deux.',
        ],
        64,
        100,
      ),
    },
  ]);
  expect(parsed.pages[0]!.blocks[0]!.text).toBe(
    'La photosynthèse commence peut-être à l’aube. Regardez celui-ci, pas vingt-deux.',
  );
});

test.each([
  ['un porte-', 'clés rouge', ['le porte-clés'], 'un porte-clés rouge'],
  ['un porte-', 'clés rouge', ['le porteclés'], 'un porteclés rouge'],
  ['voici la mer-', 'ci et', [], 'voici la merci et'],
  ['Jean-', 'Paul arrive', [], 'Jean- Paul arrive'],
  ['de 3 à 4', 'et plus', [], 'de 3 à 4 et plus'],
])('%s / %s', (above, below, document, joined) => {
  expect(new Hyphens(document).join(above, below)).toBe(joined);
});

test('headers, footers and page numbers that repeat are left out, and a warning says which', async () => {
  const body = (n: number): Block => ({ kind: 'text', text: `${PARAGRAPH} Page de l’équipe ${n}.` });
  const pages = layOutPdf([body(1), body(2), body(3), body(4)], {
    breaks: [1, 2, 3],
    header: 'Collège des Tilleuls – SVT',
    footer: (page) => `Fiche de SVT, feuille ${page}`,
  });
  const parsed = await parse(pages);
  expect(parsed.pages).toHaveLength(4);
  for (const page of parsed.pages)
    expect(page.blocks.map((block) => block.text)).toEqual([body(page.page).text]);
  expect(parsed.warnings).toHaveLength(1);
  expect(parsed.warnings[0]).toContain('Collège des Tilleuls');
});

test('what stands at the top of each page but differs, or is a heading, stays', async () => {
  const pages = [1, 2, 3].map((n) => ({
    lines: [
      { text: `Exercice ${n}`, x: 64, y: 60, size: 16, bold: true },
      { text: `Consigne de la fiche ${['rouge', 'verte', 'bleue'][n - 1]}.`, x: 64, y: 84 },
    ],
  }));
  const parsed = await parse(pages);
  expect(parsed.pages.map((page) => page.blocks.map((block) => block.text))).toEqual(
    pages.map((page) => page.lines.map((line) => line.text)),
  );
  expect(parsed.warnings).toEqual([]);
});

test('a rotated page and text printed upwards are read; boxes are those of the page as it is shown', async () => {
  const parsed = await parse([
    {
      rotate: 90,
      lines: wrap(PARAGRAPH, 400).map((text, i) => ({ text, x: 100 + i * 14, y: 700, turn: 90 })),
    },
    {
      lines: [
        { text: 'Photo : Basile', x: 580, y: 500, turn: 90, size: 8 },
        ...lines(wrap(PARAGRAPH, 400), 64, 100),
      ],
    },
  ]);
  expect(parsed.pages[0]!.blocks.map((block) => block.text)).toEqual([PARAGRAPH]);
  expect(parsed.pages[1]!.blocks.map((block) => block.text)).toEqual([PARAGRAPH, 'Photo : Basile']);
  for (const page of parsed.pages) {
    for (const { x, y, width, height } of page.blocks.flatMap((block) => block.boxes!)) {
      expect(Math.min(x, y, width, height)).toBeGreaterThanOrEqual(0);
      expect(Math.max(x + width, y + height)).toBeLessThanOrEqual(1.0001);
    }
  }
  const credit = parsed.pages[1]!.blocks[1]!.boxes![0]!;
  expect(credit.height).toBeGreaterThan(3 * credit.width);
  expect(credit.x).toBeGreaterThan(0.9);
});

test('the title is the one that the file gives itself, where its first page prints it', async () => {
  const [page] = layOutPdf(LESSON);
  const printed = await parse([page!], { information: { Title: 'L’EAU et le moulin' } });
  expect(printed.title).toBe('L’EAU et le moulin');
  expect(printed.hidden).toEqual([]);
  const other = await parse([page!], { information: { Title: 'Sans rapport' } });
  expect(other.title).toBe('');
  expect(other.hidden).toEqual([{ why: 'metadata', text: 'Sans rapport' }]);
});

test('exponents and indices belong to their line', async () => {
  const parsed = await parse([
    {
      lines: [
        { text: 'La cour mesure 420 m', x: 64, y: 100 },
        { text: '2', x: 64 + textWidth('La cour mesure 420 m', 11), y: 96, size: 7 },
        { text: 'et sa mare contient de l’eau.', x: 64 + textWidth('La cour mesure 420 m', 11) + 8, y: 100 },
      ],
    },
  ]);
  expect(parsed.pages[0]!.blocks.map((block) => block.text)).toEqual([
    'La cour mesure 420 m² et sa mare contient de l’eau.',
  ]);
});

test('bullets that are drawn make a list; numbers after it begin another', async () => {
  const texts = ['un carnet à carreaux', 'des bottes', '1. Mesurer.', '2. Compter.'];
  const parsed = await parse([
    {
      lines: texts.map((text, i) => ({ text, x: 64, y: 100 + 14 * i })),
      under: [0, 1].map((i) => ({ x: 54, y: 94 + 14 * i, width: 4, height: 4, colour: '#000000' })),
    },
  ]);
  expect(parsed.pages[0]!.blocks.map(({ kind, text }) => ({ kind, text }))).toEqual([
    { kind: 'list', text: 'un carnet à carreaux\ndes bottes' },
    { kind: 'list', text: '1. Mesurer.\n2. Compter.' },
  ]);
});

test('a sentence that goes on in the next column is one paragraph', async () => {
  const column = wrap(`${PARAGRAPH} ${PARAGRAPH}`, 220, { size: 10 });
  const half = 7;
  const parsed = await parse([
    {
      lines: [
        ...lines(column.slice(0, half), 64, 100, { size: 10 }),
        ...lines(column.slice(half), 310, 100, { size: 10 }),
      ],
    },
  ]);
  expect(column[half]).toMatch(/^\p{Ll}/u);
  expect(parsed.pages[0]!.blocks.map((block) => block.text)).toEqual([`${PARAGRAPH} ${PARAGRAPH}`]);
});

test('headers of chapters and of left pages are left out as well', async () => {
  const pages = Array.from({ length: 12 }, (_, i) => ({
    lines: [
      {
        text: i % 2 === 0 ? (i < 6 ? 'Chapitre 1' : 'Chapitre 2') : 'Sciences de la vie',
        x: 64,
        y: 40,
        size: 9,
      },
      {
        text: `Le texte de la page numéro ${['un', 'deux', 'trois', 'quatre'][i % 4]} du cahier.`,
        x: 64,
        y: 200 + 7 * i,
      },
    ],
  }));
  const parsed = await parse(pages);
  expect(parsed.pages.map((page) => page.blocks.map((block) => block.text))).toEqual(
    pages.map((page) => [page.lines[1]!.text]),
  );
});

test('the two lines of an address are no header when they stand on one page', async () => {
  const parsed = await parse([
    {
      lines: [
        { text: 'Collège des Tilleuls', x: 64, y: 40 },
        { text: 'Le texte de la lettre.', x: 64, y: 200 },
      ],
    },
    { lines: [{ text: 'La suite de la lettre.', x: 64, y: 200 }] },
  ]);
  expect(parsed.pages[0]!.blocks[0]!.text).toBe('Collège des Tilleuls');
  expect(parsed.warnings).toEqual([]);
});

test('a heading between two tables belongs to neither', async () => {
  const table = (y: number, rows: string[][]) =>
    rows.flatMap((row, r) => row.map((text, c) => ({ text, x: 64 + c * 200, y: y + r * 15 })));
  const parsed = await parse([
    {
      lines: [
        ...table(100, [
          ['nappe', 'eau sous la terre'],
          ['crue', 'montée des eaux'],
        ]),
        { text: 'Mesures', x: 64, y: 160, size: 16, bold: true },
        ...table(190, [
          ['Station', 'Pluie'],
          ['Vaudrilles', '48 mm'],
        ]),
      ],
    },
  ]);
  expect(parsed.pages[0]!.blocks.map((block) => block.text)).toEqual([
    'nappe | eau sous la terre\ncrue | montée des eaux',
    'Mesures',
    'Station | Pluie\nVaudrilles | 48 mm',
  ]);
});

test('pages of landscape documents say how wide and high they are, as they are looked at', async () => {
  const lines = [{ text: 'Le cycle de l’eau', x: 40, y: 60 }];
  const { pages } = await parse([
    { lines, width: 842, height: 595 },
    { lines },
    { lines, rotate: 90 },
    { lines, crop: [0, 0, 500.256, 300] },
  ]);
  expect(pages.map(({ width, height }) => [width, height])).toEqual([
    [842, 595],
    [595, 842],
    [842, 595],
    [500.26, 300],
  ]);
});
