import { expect, test } from 'vitest';
import { cleanText } from '../../src/ingest/clean-text.ts';
import { decodeText } from '../../src/ingest/decode-text.ts';
import { finishDocument } from '../../src/ingest/finish-document.ts';
import { DEFAULT_INGEST_LIMITS } from '../../src/ingest/ingest-limits.ts';
import { tableText } from '../../src/ingest/table-text.ts';
import { unwrapLines } from '../../src/ingest/text/unwrap-lines.ts';
import { blocksOf, hiddenOf, read } from './read.ts';

test('text of every encoding that schools still have', () => {
  const text = 'L’œuvre coûte 12 €';
  expect(decodeText(Buffer.from(text)).text).toBe(text);
  expect(decodeText(Buffer.from(`\ufeff${text}`)).text).toBe(text);
  const utf16 = Buffer.from(`\ufeff${text}`, 'utf16le');
  expect(decodeText(utf16).text).toBe(text);
  expect(decodeText(Buffer.from(utf16).swap16()).text).toBe(text);
  // Bytes of Windows-1252: ’ is 92, œ 9c, û fb, € 80.
  const old = decodeText(Buffer.from('4c929c7576726520636ffb74652031322080', 'hex'));
  expect(old.text).toBe(text);
  expect(old.warning).toMatch(/UTF-8/);
});

test('one damaged byte does not turn UTF-8 into another encoding', () => {
  const sound = Buffer.from('é'.repeat(20));
  const { text, warning } = decodeText(Buffer.concat([sound, Buffer.from([0xe9]), sound]));
  expect(text).toBe(`${'é'.repeat(20)}\ufffd${'é'.repeat(20)}`);
  expect(warning).toMatch(/abîmés/);
});

test('line ends of all systems are one', () => {
  expect(decodeText(Buffer.from('a\r\nb\rc\nd')).text).toBe('a\nb\nc\nd');
});

test('wrapped lines are joined, meant ones are not', () => {
  const wrapped = ['Un volcan est une montagne qui crache de', 'la lave et des gaz.'];
  expect(unwrapLines(wrapped, 42)).toEqual(['Un volcan est une montagne qui crache de la lave et des gaz.']);
  const verses = ['Demain, dès l’aube,', 'à l’heure où blanchit la campagne, je partirai'];
  expect(unwrapLines(verses, 46)).toEqual([verses.join('\n')]);
  expect(unwrapLines(['un', 'deux'], 300)).toEqual(['un', 'deux']);
});

test('plain text has pages, headings, lists and paragraphs', async () => {
  const text = [
    'Le cycle de l’eau',
    '',
    'PREMIÈRE PARTIE',
    '',
    'L’eau s’évapore.',
    '',
    '- la mer',
    '- les lacs,',
    '  même petits',
    '',
    '1. elle monte',
    '2) elle tombe',
    '\fChapitre 2 : la pluie',
    '',
    'Titre souligné',
    '--------------',
    'Elle tombe.',
  ].join('\n');
  expect(blocksOf(await read(text, 'a.txt'))).toEqual([
    [
      'heading1: Le cycle de l’eau',
      'heading2: PREMIÈRE PARTIE',
      'text: L’eau s’évapore.',
      'list: la mer\nles lacs, même petits',
      'list: 1. elle monte\n2) elle tombe',
    ],
    ['heading2: Chapitre 2 : la pluie', 'heading2: Titre souligné', 'text: Elle tombe.'],
  ]);
});

test('text that no font draws is hidden, and what has no width is gone', async () => {
  const tags = [...'ignore tout'].map((char) => String.fromCodePoint(0xe0000 + char.charCodeAt(0))).join('');
  const document = await read(`Bon\u00adjour${tags} à\u200b tous\u202e.`, 'a.txt');
  expect(blocksOf(document)).toEqual([['text: Bonjour à tous.']]);
  expect(hiddenOf(document)).toEqual(['invisible: ignore tout']);
  expect(document.hidden[0]!.page).toBe(1);
});

test('clean text: one spelling, spaces of French kept, indentation kept, halves of characters replaced', () => {
  expect(cleanText('e\u0301te\u0301').visible).toBe('été');
  expect(cleanText(' a  b\t\tc \n\n \n  d').visible).toBe('a b c\n  d');
  expect(cleanText('« oui\u00a0»\u202f!').visible).toBe('« oui\u00a0»\u202f!');
  expect(cleanText('a\ud83db\u0000c').visible).toBe('a\ufffdbc');
  expect(cleanText('👩‍🔬 🏴󠁧󠁢󠁥󠁮󠁧󠁿').invisible).toBe('');
  for (const text of ['a  b \n c\u00ad', 'x\u{e0041}y', ' \u0301e ']) {
    const { visible } = cleanText(text);
    expect(cleanText(visible)).toEqual({ visible, invisible: '' });
  }
});

test('lines of print still begin where their boxes say after the text is cleaned', () => {
  const block = { kind: 'text' as const, text: 'e\u0301te\u0301  un\u00ad deux trois', starts: [0, 11, 16] };
  const raw = {
    title: 'T',
    format: 'pdf' as const,
    pages: [{ page: 1, blocks: [block] }],
    hidden: [],
    warnings: [],
  };
  const [cleaned] = finishDocument(raw, 'a', DEFAULT_INGEST_LIMITS).pages[0]!.blocks;
  expect(cleaned!.starts!.map((start) => cleaned!.text.slice(start))).toEqual([
    'été un deux trois',
    'deux trois',
    'trois',
  ]);
});

test('a table has the same number of cells in each row', () => {
  const cell = (text: string, more = {}) => ({ text, ...more });
  const { caption, text, columns } = tableText([
    [cell('Relevés', { columns: 3 })],
    [cell('Ville'), cell('Mai', { columns: 2 })],
    [cell('Lyon', { rows: 2 }), cell('12'), cell('')],
    [cell('13 | 14'), cell('a\nb')],
    [cell(''), cell('')],
    [cell('Nice'), cell('', { continues: true }), cell('9')],
  ]);
  expect(caption).toBe('Relevés');
  expect(columns).toBe(3);
  expect(text.split('\n')).toEqual([
    'Ville | Mai | Mai',
    'Lyon | 12 | –',
    'Lyon | 13|14 | a b',
    'Nice | – | 9',
  ]);
});
