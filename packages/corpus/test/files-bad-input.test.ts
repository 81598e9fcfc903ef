import { Readable } from 'node:stream';
import { brotliCompressSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { decompressorOf, inflate } from '../src/sources/files/inflate.ts';
import { splitLines } from '../src/sources/files/split-lines.ts';
import {
  htmlPage,
  jsonLines,
  openFolder,
  parquetBytes,
  responseRecord,
  sentence,
  warcBytes,
  warcRecord,
} from './make-files.ts';
import { readSource } from './source-conformance.ts';

const MB = 1_000_000;
const limits = { recordBytes: 64 * MB, expansion: 200 };
const good = (n: number) => jsonLines([{ text: sentence(n) }]);

/** Complaints and number of documents of a folder with one file. */
async function outcome(
  name: string,
  bytes: string | Uint8Array,
  opts: Parameters<typeof openFolder>[1] = {},
) {
  const { documents, complaints } = await readSource(openFolder({ [name]: bytes }, opts));
  return {
    texts: documents.map(({ text }) => text),
    complaints: complaints.map(({ key, why }) => `${key}: ${why}`),
  };
}

describe('compressed files', () => {
  const records = Array.from({ length: 3000 }, (_, n) => ({ text: `${n} ${Math.sin(n)} ${sentence(n)}` }));
  const packed = { gz: gzipSync(jsonLines(records)), zst: zstdCompressSync(jsonLines(records)) };

  test.each(['gz', 'zst'] as const)(
    'a truncated .%s gives what lies before the cut, and a complaint',
    async (kind) => {
      const bytes = packed[kind].subarray(0, packed[kind].length - 9000);
      const first = await outcome(`a.jsonl.${kind}`, bytes);
      expect(first.texts.length).toBeGreaterThan(kind === 'gz' ? 500 : 0);
      expect(first.texts.length).toBeLessThan(3000);
      expect(first.texts[1]).toBe(records[1]!.text);
      expect(first.complaints.at(-1)).toMatch(/^a\.jsonl\.(gz|zst): damaged where it is compressed: /);
      // Not even by timing does it give another part.
      for (let i = 0; i < 5; i++) expect(await outcome(`a.jsonl.${kind}`, bytes)).toEqual(first);
    },
  );

  test.each(['gz', 'zst'])(
    'several members or frames, zeros behind them, an empty file: .%s',
    async (kind) => {
      const pack = kind === 'gz' ? gzipSync : zstdCompressSync;
      const parts = [1, 2, 3].map((n) => pack(good(n)));
      const texts = [1, 2, 3].map(sentence);
      expect(await outcome(`a.jsonl.${kind}`, Buffer.concat(parts))).toEqual({ texts, complaints: [] });
      expect(await outcome(`a.jsonl.${kind}`, Buffer.concat([...parts, Buffer.alloc(500)]))).toEqual({
        texts,
        complaints: [],
      });
      const trailing = await outcome(`a.jsonl.${kind}`, Buffer.concat([...parts, Buffer.from('garbage')]));
      expect(trailing).toEqual({ texts, complaints: [expect.stringContaining('damaged')] });
      expect((await outcome(`a.jsonl.${kind}`, Buffer.alloc(0))).texts).toEqual([]);
      expect(await outcome(`a.jsonl.${kind}`, 'plain text')).toEqual({
        texts: [],
        complaints: [expect.stringContaining('damaged')],
      });
    },
  );

  test('gzip: names and extra fields of members, wherever the chunks are cut; a wrong sum, a lost end', async () => {
    const member = (n: number) => {
      const bare = gzipSync(good(n));
      const header = Buffer.from(bare.subarray(0, 10));
      header[3] = 2 | 4 | 8 | 16;
      const more = Buffer.from('\x03\x00abcname\0comment\0\x00\x00', 'latin1');
      return Buffer.concat([header, more, bare.subarray(10)]);
    };
    const bytes = Buffer.concat([member(1), gzipSync(good(2)), gzipSync(''), member(3), Buffer.alloc(20)]);
    const read = async (packed: Buffer, size: number) => {
      const chunks = Readable.from(cut(packed, size)) as AsyncIterable<Buffer>;
      const out = [];
      try {
        for await (const chunk of inflate(chunks, decompressorOf('a.gz')!, limits)) out.push(chunk);
        return Buffer.concat(out).toString();
      } catch (error) {
        return [Buffer.concat(out).toString(), (error as Error).message];
      }
    };
    for (let size = 1; size < 60; size++) expect(await read(bytes, size)).toBe([1, 2, 3].map(good).join(''));
    const wrong = gzipSync(good(1));
    wrong[wrong.length - 8]! ^= 1;
    expect(await read(wrong, 7)).toEqual([good(1), expect.stringContaining('incorrect data check')]);
    for (let lost = 1; lost <= 8; lost++)
      expect(await read(gzipSync(good(1)).subarray(0, -lost), 1000)).toEqual([
        good(1),
        expect.stringContaining('unexpected end of file'),
      ]);
  });

  test('frames are found wherever the chunks are cut', async () => {
    const bytes = Buffer.concat([1, 2, 3].map((n) => zstdCompressSync(good(n))));
    for (let size = 1; size < 40; size++) {
      const chunks = Readable.from(cut(bytes, size)) as AsyncIterable<Buffer>;
      const out = await Array.fromAsync(inflate(chunks, decompressorOf('a.zst')!, limits));
      expect(Buffer.concat(out).toString()).toBe([1, 2, 3].map(good).join(''));
    }
  });

  test('a zip bomb ends early, whatever the packing', { timeout: 60_000 }, async () => {
    const zeros = Buffer.alloc(100 * MB, ' ');
    for (const [name, bytes] of [
      ['a.jsonl.gz', gzipSync(zeros)],
      ['a.jsonl.zst', zstdCompressSync(zeros)],
    ] as const) {
      const chunks = Readable.from(cut(bytes, 1 << 16)) as AsyncIterable<Buffer>;
      let size = 0;
      const read = async () => {
        for await (const chunk of inflate(chunks, decompressorOf(name)!, limits)) size += chunk.length;
      };
      await expect(read()).rejects.toThrow('zip bomb');
      expect(size).toBeLessThan(70 * MB);
      expect(await outcome(name, bytes)).toEqual({
        texts: [],
        complaints: [expect.stringMatching(/zip bomb/)],
      });
    }
  });

  test('a limit on what one file may hold', async () => {
    const text = jsonLines(Array.from({ length: 100 }, (_, n) => ({ text: sentence(n) })));
    const { texts, complaints } = await outcome('a.jsonl', text, {
      limits: { ...limits, fileBytes: Buffer.byteLength(text) - 1 },
    });
    expect(texts).toHaveLength(0);
    expect(complaints).toEqual([
      `a.jsonl: more than ${Buffer.byteLength(text) - 1} bytes unpacked, the limit of a file`,
    ]);
    expect(
      (await outcome('a.jsonl', text, { limits: { ...limits, fileBytes: Buffer.byteLength(text) } })).texts,
    ).toHaveLength(100);
  });
});

describe('lines', () => {
  test('a line of a gigabyte is passed over without being held', async () => {
    let most = 0;
    async function* chunks() {
      yield Buffer.from('first\n');
      for (let i = 0; i < 1000; i++) {
        yield Buffer.alloc(MB, 97);
        most = Math.max(most, process.memoryUsage().arrayBuffers);
      }
      yield Buffer.from('\nlast');
    }
    const before = process.memoryUsage().arrayBuffers;
    const lines = await Array.fromAsync(splitLines(chunks(), 10 * MB));
    expect(lines.map(({ bytes, number }) => [bytes?.toString(), number])).toEqual([
      ['first', 1],
      [undefined, 2],
      ['last', 3],
    ]);
    // Room for what the garbage collector has not come to yet.
    expect(most - before).toBeLessThan(600 * MB);
  });

  test('the limit of a line, to the byte', async () => {
    const small = { ...limits, recordBytes: Buffer.byteLength(good(1)) - 1 };
    expect((await outcome('a.jsonl', good(1), { limits: small })).texts).toEqual([sentence(1)]);
    const { texts, complaints } = await outcome('a.jsonl', `${good(1).trim()} \n${good(2)}`, {
      limits: small,
    });
    expect(texts).toEqual([sentence(2)]);
    expect(complaints).toEqual([`a/1: a line of more than ${small.recordBytes} bytes`]);
  });

  test('invalid UTF-8, broken JSON, nesting without end, one id twice, lone surrogates', async () => {
    const deep = `{"text":"${sentence(1)}","x":${'['.repeat(200_000)}${']'.repeat(200_000)}}\n`;
    const { texts, complaints } = await outcome(
      'a.jsonl',
      Buffer.concat([
        Buffer.from([0x7b, 0xff, 0x7d, 10]),
        Buffer.from(`{"text": "${sentence(1)}"\n${deep}`),
        Buffer.from(`{"id":"x","text":"un"}\n{"id":"x","text":"deux"}\n{"text":"\\ud800"}`),
      ]),
    );
    expect(texts.slice(-3)).toEqual(['un', 'deux', '\ud800']);
    expect(complaints.slice(0, 2)).toEqual(['a/1: not UTF-8', expect.stringContaining('a/2: not JSON')]);
    expect(texts.length + complaints.length).toBe(6);
  });

  test('a byte order mark, Windows line ends, no line end at the end', async () => {
    const { texts, complaints } = await outcome(
      'a.jsonl',
      `\ufeff${good(1).trim()}\r\n\r\n${good(2).trim()}`,
    );
    expect({ texts, complaints }).toEqual({ texts: [sentence(1), sentence(2)], complaints: [] });
  });
});

describe('Parquet', () => {
  test('without the column of text: an error that names those there are', async () => {
    const bytes = await parquetBytes(`SELECT 1 AS corps, 'x' AS titre`);
    await expect(outcome('a.parquet', bytes)).rejects.toMatchObject({
      code: 'COLUMN_MISSING',
      message: expect.stringMatching(/columns corps, titre.*fields\.text/),
    });
    await expect(outcome('a.parquet', bytes, { fields: { text: 'Titre' } })).rejects.toMatchObject({
      code: 'COLUMN_MISSING',
      message: expect.stringContaining('the column Titre'),
    });
    expect((await outcome('a.parquet', bytes, { fields: { text: 'titre' } })).texts).toEqual(['x']);
  });

  test('a text beyond the limit, a column that is no text, bytes in place of text', async () => {
    const small = { ...limits, recordBytes: 10 };
    const long = await outcome(
      'a.parquet',
      await parquetBytes(`SELECT unnest(['court', 'plus de dix lettres']) AS text`),
      { limits: small },
    );
    expect(long).toEqual({
      texts: ['court'],
      complaints: ['a/2: no text in text, or one of more than 10 bytes'],
    });
    for (const [value, text] of [
      ['12', '12'],
      [`DATE '2020-01-02'`, '2020-01-02'],
      ['1.50::DECIMAL(10,2)', '1.50'],
    ] as const)
      expect((await outcome('a.parquet', await parquetBytes(`SELECT ${value} AS text`))).texts).toEqual([
        text,
      ]);
    for (const [value, type] of [
      [`['a']`, 'VARCHAR[]'],
      [`{'a': 'b'}`, 'STRUCT(a VARCHAR)'],
      [`TIMESTAMPTZ '2020-01-02 03:04:05+00'`, 'TIMESTAMP WITH TIME ZONE'],
    ] as const)
      await expect(outcome('a.parquet', await parquetBytes(`SELECT ${value} AS text`))).rejects.toMatchObject(
        {
          code: 'COLUMN_NOT_TEXT',
          message: expect.stringContaining(`column text is of the type ${type}`),
        },
      );
    expect((await outcome('a.parquet', await parquetBytes(`SELECT encode('été') AS text`))).texts).toEqual([
      'été',
    ]);
    expect(
      (await outcome('a.parquet', await parquetBytes(`SELECT '\\xFF'::BLOB AS text`))).complaints,
    ).toHaveLength(1);
  });

  test.each([
    ['nothing', Buffer.alloc(0)],
    ['another thing', Buffer.from('PAR1 is not enough for a file of this kind PAR1')],
  ])('%s is a complaint that does not say where it lay', async (_, bytes) => {
    const { complaints } = await outcome('a.parquet', bytes);
    expect(complaints).toEqual([expect.stringMatching(/^a\.parquet: cannot be read as Parquet/)]);
    expect(complaints[0]).not.toContain('/tmp');
  });
});

describe('WARC', () => {
  const page = (n: number) => responseRecord({ url: `https://site.example/${n}`, body: htmlPage(n) });

  test('garbage between records, a record without a length, a cut one', async () => {
    const noLength = Buffer.from('WARC/1.0\r\nWARC-Type: response\r\n\r\nxx\r\n');
    const bytes = Buffer.concat([
      page(1),
      Buffer.from('garbage\nmore\n'),
      page(2),
      noLength,
      page(3),
      page(4).subarray(0, 300),
    ]);
    const { texts, complaints } = await outcome('a.warc', bytes);
    expect(texts.map((text) => /numéro (\d)/.exec(text)?.[1])).toEqual(['1', '2', '3']);
    expect(complaints).toEqual([
      'a/2: no WARC record where one should begin',
      'a/4: a WARC record without a length',
      'a/5: no WARC record where one should begin',
      'a/7: the file ends inside this record',
    ]);
  });

  test('a page beyond the limit, a bomb inside a page, a page that is cut, no address', async () => {
    const bomb = gzipSync(Buffer.alloc(3 * MB, ' '));
    const gz = { 'Content-Encoding': 'gzip' };
    const bytes = warcBytes([
      responseRecord({ url: 'https://site.example/1', body: bomb, headers: gz }),
      responseRecord({
        url: 'https://site.example/2',
        body: gzipSync(htmlPage(2)).subarray(0, 200),
        headers: gz,
      }),
      responseRecord({ url: 'https://site.example/3', body: Buffer.alloc(2 * MB, ' ') }),
      responseRecord({ url: 'file:///etc/passwd', body: htmlPage(4) }),
      responseRecord({ url: '', body: htmlPage(4) }),
      warcRecord('response', 'no http', { 'WARC-Target-URI': 'https://site.example/5' }),
      page(6),
    ]);
    const { texts, complaints } = await outcome('a.warc', bytes, { limits: { ...limits, recordBytes: MB } });
    expect(texts).toHaveLength(1);
    expect(complaints).toEqual([
      'a/1: a page of more than 1000000 bytes unpacked',
      expect.stringContaining('a/2: gzip: '),
      expect.stringContaining('a/3: a record of '),
      'a/4: no address of the web: "file:///etc/passwd"',
      'a/5: no address of the web: ""',
      'a/6: no HTTP response in its record',
    ]);
  });

  test.each([
    ['gzip', gzipSync],
    ['br', brotliCompressSync],
    ['zstd', zstdCompressSync],
  ])('content encoding %s', async (encoding, pack) => {
    const headers = { 'Content-Encoding': encoding };
    const packed = responseRecord({
      url: 'https://site.example/1',
      body: pack(Buffer.from(htmlPage(1))),
      headers,
    });
    const undone = responseRecord({ url: 'https://site.example/2', body: htmlPage(2), headers });
    const { texts, complaints } = await outcome('a.warc', warcBytes([packed, undone]));
    expect(texts.map((text) => /numéro (\d)/.exec(text)?.[1])).toEqual(['1', '2']);
    expect(complaints).toEqual([]);
  });

  test('chunked, truly and by name only', async () => {
    const html = Buffer.from(htmlPage(1));
    // In the middle of the text, where a mark of a chunk would be seen.
    const inside = html.indexOf('numéro');
    const chunked = Buffer.concat([
      Buffer.from(`${inside.toString(16)};x=y\r\n`),
      html.subarray(0, inside),
      Buffer.from(`\r\n${(html.length - inside).toString(16)}\r\n`),
      html.subarray(inside),
      Buffer.from('\r\n0\r\n\r\n'),
    ]);
    const headers = { 'Transfer-Encoding': 'chunked' };
    const records = [chunked, html].map((body, n) =>
      responseRecord({ url: `https://site.example/${n}`, body, headers }),
    );
    const { texts } = await outcome('a.warc', warcBytes(records));
    expect(texts[0]).toBe(`Titre 1\n\n${sentence(1)}`);
    expect(texts[1]).toBe(texts[0]);
  });
});

function cut(bytes: Buffer, size: number): Buffer[] {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
    bytes.subarray(i * size, (i + 1) * size),
  );
}
