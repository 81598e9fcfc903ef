import { strToU8, zipSync } from 'fflate';
import { expect, test } from 'vitest';
import { ZipArchive } from '../../src/ingest/docx/zip-archive.ts';
import { DEFAULT_INGEST_LIMITS } from '../../src/ingest/ingest-limits.ts';
import { read } from './read.ts';
import { paragraph, writeDocx } from './write-docx.ts';

const limits = DEFAULT_INGEST_LIMITS;

test('members come out as they went in, packed or not', () => {
  const content = strToU8('bonjour '.repeat(100));
  for (const level of [0, 6] as const) {
    const archive = new ZipArchive(
      zipSync({ 'a/b.txt': content, 'a/': new Uint8Array() }, { level }),
      limits,
    );
    expect(archive.names).toEqual(['a/b.txt']);
    expect(archive.read('a/b.txt')!.toString()).toBe('bonjour '.repeat(100));
    expect(archive.read('a/c.txt')).toBeUndefined();
  }
});

test.each(['../a', '/etc/passwd', 'C:/a', 'a/../../b', '..\\a', 'a\0b'])(
  'a name that points elsewhere: %j',
  (name) => {
    const bytes = zipSync({ [name]: strToU8('x') });
    expect(() => new ZipArchive(bytes, limits)).toThrow(expect.objectContaining({ code: 'DOCUMENT_BROKEN' }));
  },
);

test('two parts of one name, a password, a wrong sum', () => {
  const twice = Buffer.from(zipSync({ 'a.txt': strToU8('x'), 'b.txt': strToU8('y') }, { level: 0 }));
  const last = twice.lastIndexOf('b.txt');
  twice.write('a.txt', last);
  expect(() => new ZipArchive(twice, limits)).toThrow(/two parts/);
  const locked = Buffer.from(zipSync({ 'a.txt': strToU8('x') }));
  const entry = locked.indexOf(Buffer.from('504b0102', 'hex'));
  locked.writeUInt16LE(1, entry + 8);
  expect(() => new ZipArchive(locked, limits)).toThrow(/password/);
  const changed = Buffer.from(zipSync({ 'a.txt': strToU8('bonjour') }, { level: 0 }));
  changed[changed.indexOf('bonjour')]! ^= 1;
  expect(() => new ZipArchive(changed, limits).read('a.txt')).toThrow(/damaged/);
});

/** Makes the archive claim that its large parts are small. */
function understate(bytes: Uint8Array): Buffer {
  const lying = Buffer.from(bytes);
  let at = 0;
  while ((at = lying.indexOf(Buffer.from('504b0102', 'hex'), at)) >= 0) {
    if (lying.readUInt32LE(at + 24) > 2000) lying.writeUInt32LE(10, at + 24);
    at += 46;
  }
  return lying;
}

test('a bomb is stopped by what it unpacks to, whatever it claims', async () => {
  const zeros = new Uint8Array(30 * 2 ** 20);
  const bomb = writeDocx('', { members: { 'word/document.xml': zeros } });
  await expect(read(bomb)).rejects.toThrow(/ZIP bombs/);
  await expect(read(understate(bomb))).rejects.toThrow(/ZIP bombs/);
  const within = { ...limits, expandedBytes: 5 * 2 ** 20 };
  expect(() => new ZipArchive(bomb, within)).toThrow(expect.objectContaining({ code: 'DOCUMENT_TOO_LARGE' }));
  const mixed = writeDocx(paragraph('a'), { members: { 'word/styles.xml': new Uint8Array(2 ** 20) } });
  const small = read(understate(mixed), 'a', { expandedBytes: 100_000 });
  await expect(small).rejects.toMatchObject({ code: 'DOCUMENT_TOO_LARGE' });
});

test('all parts together count, and an archive inside is not opened', async () => {
  const parts = { 'word/media/inner.zip': zipSync({ 'zeros.bin': new Uint8Array(2 ** 20) }) };
  expect((await read(writeDocx(paragraph('a'), { members: parts }))).pages[0]!.blocks).toHaveLength(1);
  const archive = new ZipArchive(understate(zipSync({ a: new Uint8Array(3000), b: new Uint8Array(3000) })), {
    ...limits,
    expandedBytes: 5000,
  });
  expect(() => archive.read('a')).toThrow(/damaged/);
  expect(() => archive.read('b')).toThrow(expect.objectContaining({ code: 'DOCUMENT_TOO_LARGE' }));
});

test.each([
  ['entities', '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', /DOCTYPE/],
  ['an unknown entity', '<a>&b;</a>', /well-formed/],
  ['no end', '<a><b>', /well-formed/],
  ['depth', `${'<a>'.repeat(600)}`, /500 levels/],
  ['bytes that are not UTF-8', Buffer.from('<a>\xe9</a>', 'latin1'), /encoding/],
])('XML that is refused: %s', async (_, xml, words) => {
  const content = typeof xml === 'string' ? strToU8(xml) : new Uint8Array(xml);
  const promise = read(writeDocx('', { members: { 'word/document.xml': content } }));
  await expect(promise).rejects.toThrow(words);
  await expect(promise).rejects.toMatchObject({ code: 'DOCUMENT_BROKEN' });
});

test('parts outside of the archive are refused, links outside are not followed', async () => {
  const link = (target: string, mode = '') =>
    strToU8(
      `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="a" Type="x/header" Target="${target}" ${mode}/></Relationships>`,
    );
  const withLink = (content: Uint8Array) =>
    writeDocx(paragraph('a'), { members: { 'word/_rels/document.xml.rels': content } });
  await expect(read(withLink(link('../../a.xml')))).rejects.toThrow(/outside/);
  expect((await read(withLink(link('../../a.xml', 'TargetMode="External"')))).pages).toHaveLength(1);
});
