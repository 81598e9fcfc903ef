import { gzipSync, zstdCompressSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { formatOf } from '../src/sources/files/formats.ts';
import { htmlPage, jsonLines, openFolder, responseRecord, sentence, warcRecord } from './make-files.ts';
import { readSource } from './source-conformance.ts';

const page = responseRecord({ url: 'https://site.example/1', body: htmlPage(5), id: '05' });
const wet = warcRecord('conversion', sentence(6), {
  ...{ 'WARC-Target-URI': 'https://site.example/2', 'Content-Type': 'text/plain' },
  'WARC-Date': '2024-03-05T10:11:12Z',
});

/** One document each. */
const files: Record<string, Buffer> = {
  'a.txt': Buffer.from(sentence(1)),
  'b.md': Buffer.from(`# Titre\n${sentence(2)}`),
  'c.html': Buffer.from(htmlPage(3)),
  'd.htm': Buffer.from(htmlPage(33)),
  'e.jsonl': Buffer.from(jsonLines([{ text: sentence(4) }])),
  'f.ndjson': Buffer.from(jsonLines([{ text: sentence(44) }])),
  'g.warc': page,
  'h.wet': wet,
  'i.warc.wet': wet,
};
const packers = { gz: gzipSync, zst: zstdCompressSync };

for (const [ending, pack] of Object.entries(packers)) {
  test(`every format but Parquet is read as .${ending} too, with the same text and ids`, async () => {
    for (const [name, bytes] of Object.entries(files)) {
      const plain = await readSource(openFolder({ [name]: bytes }));
      const packed = await readSource(openFolder({ [`${name}.${ending}`]: pack(bytes) }));
      expect(plain.documents, name).toHaveLength(1);
      expect(packed, name).toEqual(plain);
    }
  });

  test(`a damaged .${ending} of a text is a complaint`, async () => {
    const packed = pack(files['a.txt']!);
    const source = openFolder({ [`a.txt.${ending}`]: packed.subarray(0, packed.length - 9) });
    const { documents, complaints } = await readSource(source);
    expect([documents.length, complaints.length]).toEqual([0, 1]);
  });
}

test('a text beside its packed copy: ids of their own', async () => {
  const { documents } = await readSource(
    openFolder({
      'a.txt': sentence(1),
      'a.txt.gz': gzipSync(sentence(2)),
      'a.md.zst': zstdCompressSync('x'),
    }),
  );
  expect(documents.map(({ id }) => id)).toEqual(['own/a.md.zst', 'own/a.txt', 'own/a.txt.gz']);
});

test('other files are none of ours', () => {
  for (const name of ['a.json', 'a.csv', 'a.pdf', 'a.parquet.gz', 'a.gz', 'a.txt.bz2', 'txt', 'a.txt.gz.zst'])
    expect(formatOf(name), name).toBeUndefined();
});
