import { isLucieError } from '@lucie/ledger';
import { strToU8, zipSync } from 'fflate';
import { expect, test } from 'vitest';
import { parseDocument } from '../../src/ingest/parse-document.ts';
import { read } from './read.ts';
import { paragraph, writeDocx } from './write-docx.ts';

const utf8 = (text: string) => new TextEncoder().encode(text);

async function failure(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    return isLucieError(error) ? error.code : String(error);
  }
  return 'no error';
}

test('a document is read in a thread, and the caller keeps its bytes', async () => {
  const bytes = utf8('Les volcans\n\nUn volcan crache de la lave.');
  const before = Buffer.from(bytes).toString('hex');
  const document = await parseDocument(bytes, 'cours.txt');
  expect(document).toEqual({
    title: 'Les volcans',
    format: 'text',
    pages: [
      {
        page: 1,
        blocks: [
          { kind: 'heading', level: 1, text: 'Les volcans' },
          { kind: 'text', text: 'Un volcan crache de la lave.' },
        ],
      },
    ],
    hidden: [],
    warnings: [],
  });
  expect(Buffer.from(bytes).toString('hex')).toBe(before);
});

test('too many pieces of text are refused, however short', async () => {
  const limits = { characters: 40_000 };
  const pieces = (count: number) => read('<p>a</p>'.repeat(count), 'a.html', limits);
  expect((await pieces(1000)).pages[0]!.blocks).toHaveLength(1000);
  await expect(pieces(1001)).rejects.toMatchObject({ code: 'DOCUMENT_TOO_LARGE' });
  expect(await failure(read(`<p>a${'<!--a-->'.repeat(1000)}`, 'a.html', limits))).toBe('DOCUMENT_TOO_LARGE');
});

test.each([
  ['of another name', writeDocx(paragraph('Bonjour')), 'cours.pdf', 'docx'],
  ['HTML', utf8('<!DOCTYPE html><p>Bonjour'), 'cours.txt', 'html'],
  ['HTML after a comment', utf8('\ufeff<!-- a -->\n<html><p>Bonjour'), 'x', 'html'],
  ['a piece of HTML', utf8('<p class="a">Bonjour</p>'), 'x', 'html'],
  ['Markdown by name', utf8('Bonjour'), 'cours.MD', 'markdown'],
  ['Markdown by its signs', utf8('# Titre\n\nDu **gras**.'), 'x', 'markdown'],
  ['text with one such sign', utf8('# 3 est un numéro\n\nBonjour.'), 'x', 'text'],
  ['text by name', utf8('# Titre\n\nDu **gras**.'), 'x.txt', 'text'],
])('the content says what it is: %s', async (_, bytes, name, format) => {
  expect((await read(bytes, name)).format).toBe(format);
});

test.each([
  ['a picture', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), /PNG/],
  ['an old Word file', Buffer.from('d0cf11e0a1b11ae10000', 'hex'), /password/],
  [
    'a web page in one file',
    utf8(
      'From: <Saved by Blink>\r\nSubject: Volcans\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\ttype="text/html"\r\n\r\n------',
    ),
    /MHTML/,
  ],
  ['RTF', utf8('{\\rtf1 bonjour}'), /RTF/],
  ['a ZIP', zipSync({ 'a.txt': strToU8('a') }), /ZIP archive/],
  ['OpenDocument', zipSync({ mimetype: strToU8('application/vnd.oasis.opendocument.text') }), /OpenDocument/],
  [
    'slides',
    zipSync({ '[Content_Types].xml': strToU8('<a/>'), 'ppt/presentation.xml': strToU8('<a/>') }),
    /PowerPoint/,
  ],
  ['XML', utf8('<?xml version="1.0"?><note>a</note>'), /XML/],
  ['bytes', new Uint8Array(500).map((_, i) => (i * 37) % 32), /not text/],
])('what is not read is called by its name: %s', async (_, bytes, words) => {
  const promise = read(bytes, 'cours.docx');
  await expect(promise).rejects.toThrow(words);
  await expect(promise).rejects.toMatchObject({ name: 'LucieError', code: 'DOCUMENT_FORMAT' });
});

test('each limit has its code and is named with its value', async () => {
  const pages = utf8('a\n\f'.repeat(20));
  const large = await Promise.allSettled([
    parseDocument(utf8('a'.repeat(101)), 'a.txt', { limits: { bytes: 100 } }),
    parseDocument(utf8('abc '.repeat(30)), 'a.txt', { limits: { characters: 100 } }),
    parseDocument(pages, 'a.txt', { limits: { pages: 19 } }),
    parseDocument(writeDocx(paragraph('a'.repeat(9000))), 'a', { limits: { expandedBytes: 8000 } }),
    parseDocument(utf8(`<html>${'<i>a</i>'.repeat(500_000)}`), 'a', { limits: { memoryMiB: 24 } }),
  ]);
  const reasons = large.map((result) => (result.status === 'rejected' ? result.reason : undefined));
  expect(reasons.map((reason) => reason?.code)).toEqual(Array(5).fill('DOCUMENT_TOO_LARGE'));
  const words = [
    'at most 100 bytes',
    'at most 100 characters',
    'at most 19 pages',
    'at most 8,000 bytes when unpacked',
  ];
  for (const [i, text] of [...words, 'at most 24 MiB of memory'].entries())
    expect(reasons[i].message).toContain(text);
  expect((await parseDocument(pages, 'a.txt', { limits: { pages: 20 } })).pages).toHaveLength(20);
});

test('an endless document is left at the time limit, an abort ends it at once', async () => {
  const slow = utf8(`<html><table>${'<tr>x<b>'.repeat(400_000)}`);
  expect(await failure(parseDocument(slow, 'a.html', { limits: { ms: 50 } }))).toBe('DOCUMENT_TOO_SLOW');
  const controller = new AbortController();
  const promise = parseDocument(slow, 'a.html', { signal: controller.signal });
  controller.abort(new Error('the client went'));
  expect(await failure(promise)).toBe('Error: the client went');
  expect(await failure(parseDocument(slow, 'a', { signal: AbortSignal.abort(new Error('gone')) }))).toBe(
    'Error: gone',
  );
});

test('nothing to read is said, whatever the format', async () => {
  const empty = [utf8(''), utf8(' \n\t\n'), utf8('<html><body></body></html>'), writeDocx(paragraph(' '))];
  for (const bytes of empty) expect(await failure(read(bytes))).toBe('DOCUMENT_EMPTY');
  const unseen = read('<html><p hidden>secret</p></html>');
  await expect(unseen).rejects.toThrow(/hidden text only/);
});

test('titles: its own, its first heading, its name', async () => {
  const title = async (text: string, name: string) => (await read(text, name)).title;
  expect(await title('<html><title> Mon\n cours </title><h1>Autre</h1>', 'a.html')).toBe('Mon cours');
  expect(await title('<html><title>Document1</title><h1>Le vrai</h1>', 'a.html')).toBe('Le vrai');
  expect(await title('<html><p>Sans rien', 'C:\\mes cours\\les_volcans_4e.final.html')).toBe(
    'les volcans 4e.final',
  );
  expect(await title(`# ${'long '.repeat(100)}`, 'a.md')).toHaveLength(200);
});
