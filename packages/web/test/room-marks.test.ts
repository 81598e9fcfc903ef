import { Random } from '@lucie/ledger';
import type { Block, Box, Citation } from '@lucie/retrieval';
import { describe, expect, it } from 'vitest';
import { markSegments, spansWithin } from '../src/page/room/mark-text.ts';
import { numberCitations } from '../src/page/room/number-citations.ts';
import { citedBoxes, drawBlock, drawnBox, sheetRatio } from '../src/page/room/page-drawing.ts';
import { pieces, shownQuote } from '../src/page/room/pieces.ts';
import { citedOn, proofOf } from '../src/page/room/proof.ts';
import { splitLines } from '../src/page/room/split-lines.ts';
import { tableRows } from '../src/page/room/table-rows.ts';

describe('markSegments', () => {
  const said = (text: string, ...spans: [number, number][]) =>
    markSegments(
      text,
      spans.map(([start, end]) => ({ start, end })),
    ).map(({ text, marked }) => (marked ? `[${text}]` : text));

  it('cuts where a mark begins and ends', () => {
    expect(said('La lave est chaude.', [3, 7])).toEqual(['La ', '[lave]', ' est chaude.']);
    expect(said('La lave', [0, 7])).toEqual(['[La lave]']);
    expect(said('La lave')).toEqual(['La lave']);
    expect(said('')).toEqual([]);
  });

  it('takes marks in any order, that touch, overlap, are empty or reach beyond', () => {
    expect(said('abcdefgh', [5, 7], [1, 3])).toEqual(['a', '[bc]', 'de', '[fg]', 'h']);
    expect(said('abcdefgh', [1, 4], [4, 5])).toEqual(['a', '[bcde]', 'fgh']);
    expect(said('abcdefgh', [1, 5], [2, 3])).toEqual(['a', '[bcde]', 'fgh']);
    expect(said('abcdefgh', [3, 3], [6, 99], [-4, 1])).toEqual(['[a]', 'bcdef', '[gh]']);
    expect(said('abc', [7, 9])).toEqual(['abc']);
  });

  it('is the text again, whatever the marks', () => {
    const random = new Random(5);
    for (let run = 0; run < 300; run++) {
      const text = 'Il neige.\nEncore'.slice(0, random.below(17));
      const spans = Array.from({ length: random.below(5) }, () => {
        const start = random.below(20) - 2;
        return { start, end: start + random.below(8) };
      });
      const segments = markSegments(text, spans);
      expect(segments.map((segment) => segment.text).join('')).toBe(text);
      for (const { start, end, text: part, marked } of segments) {
        expect(text.slice(start, end)).toBe(part);
        for (let at = start; at < end; at++)
          expect(spans.some((span) => span.start <= at && at < span.end)).toBe(marked);
      }
    }
  });
});

describe('spansWithin', () => {
  it('counts from the part and leaves out what is outside', () => {
    const spans = [
      { start: 2, end: 8 },
      { start: 12, end: 15 },
    ];
    expect(spansWithin(spans, { start: 5, end: 13 })).toEqual([
      { start: 0, end: 3 },
      { start: 7, end: 8 },
    ]);
    expect(spansWithin(spans, { start: 8, end: 12 })).toEqual([]);
  });
});

describe('pieces', () => {
  it('know where they stand, so that cells of a row can be marked', () => {
    const row = 'Jour | Heure |  | Salle';
    const cells = pieces(row, ' | ');
    expect(cells.map(({ text }) => text)).toEqual(['Jour', 'Heure', '', 'Salle']);
    for (const { text, start, end } of cells) expect(row.slice(start, end)).toBe(text);
  });
});

describe('tableRows', () => {
  it('tells a table from a text', () => {
    expect(tableRows('Lieu | Masse\nLisière | 5,1\nPré | ')).toEqual([
      [
        { text: 'Lieu', start: 0 },
        { text: 'Masse', start: 7 },
      ],
      [
        { text: 'Lisière', start: 13 },
        { text: '5,1', start: 23 },
      ],
      [
        { text: 'Pré', start: 27 },
        { text: '', start: 33 },
      ],
    ]);
    for (const text of ['', 'Un texte.', 'Lieu | Masse', 'Lieu | Masse\nfin', '- a\n- b'])
      expect(tableRows(text)).toBeUndefined();
  });
});

describe('splitLines', () => {
  const lines = (text: string, widths: number[]) =>
    splitLines(text, widths).map(({ start, end }) => text.slice(start, end));

  it('takes the lines that a text has of its own', () => {
    expect(lines('un deux\ntrois', [10, 900])).toEqual(['un deux', 'trois']);
  });

  it('gives each line words in proportion to its width', () => {
    expect(lines('aaaa bbbb cccc dddd eeee', [10, 10, 5])).toEqual(['aaaa bbbb', 'cccc dddd', 'eeee']);
    expect(lines('aaaa bbbb cccc dddd eeee', [5, 20])).toEqual(['aaaa', 'bbbb cccc dddd eeee']);
    expect(lines('aaaa bbbb', [1])).toEqual(['aaaa bbbb']);
  });

  it('loses no word, whatever the widths', () => {
    const text = 'Le glacier recule de douze mètres par an depuis 1990, dit la classe.';
    for (const widths of [
      [1, 2, 3],
      [0, 0],
      [5, 0, 5, -1],
      [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1],
    ]) {
      const parts = lines(text, widths);
      expect(parts).toHaveLength(widths.length);
      expect(parts.filter((part) => part !== '').join(' ')).toBe(text);
    }
    expect(lines('mot', [])).toEqual([]);
  });
});

const line = (y: number, width = 0.8): Box => ({ x: 0.1, y, width, height: 0.02 });
const paragraph: Block = {
  kind: 'text',
  text: 'La lave refroidit vite. Elle devient une roche.',
  boxes: [line(0.1), line(0.13), line(0.16, 0.4)],
};

describe('a drawn page', () => {
  it('puts each line into its box, in thousandths of the width', () => {
    expect(drawnBox(line(0.5), 1.5)).toEqual({ x: 100, y: 750, width: 800, height: 30 });
    const drawn = drawBlock(paragraph, 1.5);
    expect(drawn.map(({ text }) => text).join(' ')).toBe(paragraph.text);
    expect(drawn.map(({ x }) => x)).toEqual([100, 100, 100]);
    expect(drawn.map(({ width }) => width)).toEqual([800, 800, 400]);
    for (const [i, { baseline, size, bold }] of drawn.entries()) {
      const { y, height } = drawnBox(paragraph.boxes![i]!, 1.5);
      expect(baseline).toBeGreaterThan(y + height / 2);
      expect(baseline).toBeLessThan(y + height);
      expect(size).toBeLessThanOrEqual(height);
      expect(bold).toBe(false);
    }
  });

  it('knows the lines where the document says with which letter each begins', () => {
    const starts = [0, 8, 24];
    const drawn = drawBlock({ ...paragraph, starts }, 1.5);
    expect(drawn.map(({ text }) => text)).toEqual(['La lave', 'refroidit vite.', 'Elle devient une roche.']);
    const elle = paragraph.text.indexOf('Elle');
    expect(citedBoxes({ ...paragraph, starts }, { start: elle, end: elle + 4 })).toEqual([line(0.16, 0.4)]);
    // Of another document's making: as many as there are boxes, or they say nothing.
    expect(drawBlock({ ...paragraph, starts: [0] }, 1.5)).toEqual(drawBlock(paragraph, 1.5));
  });

  it('draws headings bold, and nothing without boxes', () => {
    expect(drawBlock({ kind: 'heading', text: 'Les roches', boxes: [line(0.1)] }, 1.4)[0]!.bold).toBe(true);
    expect(drawBlock({ kind: 'text', text: 'rien' }, 1.4)).toEqual([]);
  });

  it('draws cells side by side, on as many lines as their row is high', () => {
    const head = { x: 0.1, y: 0.1, width: 0.8, height: 0.045 };
    const row = { x: 0.1, y: 0.15, width: 0.5, height: 0.02 };
    const text = 'Jour | Durée moyenne de la journée de classe au mois de juin\nLundi | 9 h';
    const drawn = drawBlock({ kind: 'table', text, boxes: [head, row] }, 1.4);
    const where = drawn.map(({ text, x, bold }) => [text, Math.round(x), bold]);
    expect(where.slice(0, 1)).toEqual([['Jour', 100, true]]);
    expect(where.slice(-2)).toEqual([
      ['Lundi', 100, false],
      ['9 h', 500, false],
    ]);
    const long = drawn.slice(1, -2);
    expect(long.map(({ text }) => text).join(' ')).toBe(
      'Durée moyenne de la journée de classe au mois de juin',
    );
    expect(long).toHaveLength(2);
    expect(long[1]!.baseline).toBeGreaterThan(long[0]!.baseline + 20);
    // All letters are as high as those of the row with one line.
    for (const { size, width } of drawn) {
      expect(size).toBe(drawn[0]!.size);
      if (width !== undefined) expect(width).toBeLessThan(400);
    }
    expect(drawn[0]!.width).toBeUndefined();
    expect(drawBlock({ kind: 'table', text: 'a | b' }, 1.4)).toEqual([]);
  });

  it('marks the lines in which the cited words stand, or without lines what the citation names', () => {
    const second = { start: paragraph.text.indexOf('Elle'), end: paragraph.text.length };
    const marked = citedBoxes(paragraph, second);
    expect(marked).toEqual(paragraph.boxes!.slice(1));
    expect(citedBoxes(paragraph, { start: 0, end: 4 })).toEqual(paragraph.boxes!.slice(0, 1));
    // Whatever the citation names: often it is the whole paragraph.
    expect(citedBoxes(paragraph, second, paragraph.boxes)).toEqual(paragraph.boxes!.slice(1));
    expect(citedBoxes({ kind: 'text', text: 'sans place' }, second, [line(0.9)])).toEqual([line(0.9)]);
    expect(citedBoxes({ kind: 'text', text: 'sans place' }, { start: 0, end: 4 })).toEqual([]);
  });
});

const citation = (page: number, start: number): Citation => ({
  document: 1,
  title: 'Volcans',
  page,
  paragraph: 2,
  start,
  end: start + 5,
  quote: 'mots.',
});

describe('numberCitations', () => {
  it('numbers places in the order of the answer, each once', () => {
    const { sentences, proofs } = numberCitations([
      { text: 'Un.', citations: [citation(4, 0), citation(9, 0)] },
      { text: 'Deux.', citations: [citation(9, 0)] },
      { text: 'Trois.', citations: [citation(4, 30), citation(4, 30), citation(4, 0)] },
      { text: 'Quatre.', citations: [] },
    ]);
    expect(sentences.map(({ numbers }) => numbers)).toEqual([[1, 2], [2], [3, 1], []]);
    expect(proofs).toEqual([citation(4, 0), citation(9, 0), citation(4, 30)]);
  });
});

describe('citedOn', () => {
  it('marks nothing on a page that is not the cited one', () => {
    const proof = proofOf(citation(12, 3));
    expect(proof).toMatchObject({ document: 1, page: 12 });
    expect(citedOn(proof, 12)).toEqual(citation(12, 3));
    expect(citedOn(proof, 11)).toBeUndefined();
    expect(citedOn({ document: 1, title: 'Volcans', page: 1 }, 1)).toBeUndefined();
  });
});

it('a sheet is as the document says, and where it does not say as schools print', () => {
  expect(sheetRatio({ width: 842, height: 595 })).toBeCloseTo(595 / 842);
  for (const page of [{}, { width: 0, height: 0 }, { width: 595 }])
    expect(sheetRatio(page)).toBeCloseTo(297 / 210, 2);
});

it('a row of a table is quoted without its bars, a sentence as it is', () => {
  expect(shownQuote('Jupiter | 139 820 | 95')).toBe('Jupiter · 139 820 · 95');
  expect(shownQuote('La valeur absolue |x| ne change pas.')).toBe('La valeur absolue |x| ne change pas.');
});
