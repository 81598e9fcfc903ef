import { execFileSync } from 'node:child_process';
import { existsSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { licenceFault } from '../src/clean/check-document.ts';
import { localSource, openLocal } from '../src/sources/files/local-source.ts';
import { normaliseDate } from '../src/sources/files/normalise-date.ts';
import { normaliseLanguage } from '../src/sources/files/normalise-language.ts';
import { localSourceShape } from '../src/sources/files/options.ts';
import type { ReadOptions } from '../src/sources/source.ts';
import {
  french,
  jsonLines,
  kinds,
  openFolder,
  parquetBytes,
  sentence,
  tempDir,
  warcRecord,
  writeFiles,
} from './make-files.ts';
import { readSource, sourceConformance } from './source-conformance.ts';

for (const [kind, make] of Object.entries(kinds)) {
  sourceConformance(kind, {
    async open() {
      const { name, healthy } = await make();
      return {
        source: openFolder({
          [name]: healthy,
          [`more/${name}`]: healthy.subarray(0, 0),
          'z.txt': sentence(99),
        }),
      };
    },
    async openBroken() {
      const { name, broken } = await make();
      return { source: openFolder({ [name]: broken }) };
    },
  });
}

sourceConformance('text', {
  open: () => ({
    source: openFolder({
      'a.txt': sentence(1),
      'b/c.md': `# T\n${sentence(2)}`,
      'd.html': `<p>${sentence(3)}</p>`,
    }),
  }),
  openBroken: () => ({ source: openFolder({ 'a.txt': Buffer.from([0xc3, 0x28]) }) }),
});

const shown = (documents: { id: string; title: string; text: string; extra: string }[]) =>
  documents.map(({ id, title, text, extra }) => [id, title, text, extra]);

describe('a folder', () => {
  test('ids, titles of Markdown and extra as they always were', async () => {
    const source = openFolder({
      'a.txt': sentence(1),
      'b/c.md': `# Le titre\n\n${sentence(22)}`,
      'd.txt': Buffer.from([0xff, 0xfe, 0x00]),
      'e.png': 'not read',
      'f.jsonl': [
        JSON.stringify({ text: sentence(333) }),
        '',
        '{"text":',
        JSON.stringify({ text: sentence(4444), id: 'own', extra: { kind: 'facts' } }),
        JSON.stringify({ text: sentence(5), extra: '{"kind": "facts"}' }),
      ].join('\r\n'),
    });
    const { documents, complaints } = await readSource(source);
    expect(shown(documents)).toEqual([
      ['own/a', '', sentence(1), '{}'],
      ['own/b/c', 'Le titre', sentence(22), '{}'],
      ['own/f/1', '', sentence(333), '{}'],
      ['own/own', '', sentence(4444), '{"kind":"facts"}'],
      ['own/f/5', '', sentence(5), '{"kind": "facts"}'],
    ]);
    expect(documents[0]).toMatchObject({
      source: 'own',
      licence: 'CC0-1.0',
      language: 'fr',
      date: '2020',
      url: '',
    });
    expect(complaints).toEqual([
      { key: 'd.txt', why: 'not UTF-8' },
      { key: 'f/3', why: expect.stringContaining('not JSON') },
    ]);
  });

  test('files that differ in their ending alone keep it in their keys', async () => {
    const line = jsonLines([{ text: sentence(1) }]);
    const { documents } = await readSource(
      openFolder({
        'a.jsonl': line,
        'a.jsonl.gz': gzipSync(line),
        'a.txt': 'x',
        'b.jsonl.zst': zstdCompressSync(line),
      }),
    );
    expect(documents.map(({ id }) => id)).toEqual([
      'own/a.jsonl/1',
      'own/a.jsonl.gz/1',
      'own/a.txt',
      'own/b/1',
    ]);
  });

  test('ids are unique whatever the names of files', async () => {
    const line = jsonLines([{ text: sentence(1) }]);
    const { documents } = await readSource(
      openFolder({
        ...{ 'a.md': 'un', 'a.txt': 'deux', 'a.md.txt': 'trois', 'a.md.txt.txt': 'quatre' },
        ...{ 'x.jsonl': line, 'x/1.txt': 'cinq', 'x/2.txt': 'six', 'x/n.txt': 'sept', 'y/1.txt': 'huit' },
        ...{ 'z.ndjson': line, 'z.jsonl': line, 'z/1.md': 'neuf' },
      }),
    );
    expect(documents.map(({ id, text }) => [id, text.slice(0, 6)])).toEqual([
      ['own/a.md', 'un'],
      ['own/a.md.txt', 'trois'],
      ['own/a.md.txt.txt', 'quatre'],
      ['own/a.txt', 'deux'],
      ['own/x/1', 'Voici '],
      ['own/x/1.txt', 'cinq'],
      ['own/x/2.txt', 'six'],
      ['own/x/n', 'sept'],
      ['own/y/1', 'huit'],
      ['own/z.jsonl/1', 'Voici '],
      ['own/z.ndjson/1', 'Voici '],
      ['own/z/1.md', 'neuf'],
    ]);
  });

  test('links are followed, once; what cannot be read is told with its path', async () => {
    const dir = tempDir();
    writeFiles(dir, { 'data/a.txt': sentence(1), 'else/b.txt': sentence(2), 'c.txt': sentence(3) });
    const link = (name: string, to: string) => symlinkSync(to, join(dir, 'data', name));
    link('c.txt', '../c.txt');
    link('folder', '../else');
    link('again', '.');
    link('broken.png', 'nowhere');
    const open = () => openLocal(localSource(join(dir, 'data'), french), dir);
    const { documents } = await readSource(open());
    expect(documents.map(({ id }) => id)).toEqual(['own/a', 'own/c', 'own/folder/b']);
    const refused = (found: string) =>
      expect(open).toThrow(
        expect.objectContaining({
          code: 'LOCAL_SOURCE_UNREADABLE',
          message: expect.stringContaining(found),
        }),
      );
    link('broken.txt', 'nowhere');
    refused('broken.txt, which cannot be read (ENOENT)');
    rmSync(join(dir, 'data/broken.txt'));
    link('loop.txt', 'loop.txt');
    refused('loop.txt, which cannot be read (ELOOP)');
    rmSync(join(dir, 'data/loop.txt'));
    const latin = Buffer.concat([Buffer.from(`${dir}/data/caf`), Buffer.from([0xe9]), Buffer.from('.txt')]);
    writeFileSync(latin, sentence(4));
    refused('whose name is not UTF-8');
  });

  test('a change is refused: in the folder, in a file, in what an input says', async () => {
    const dir = tempDir();
    writeFiles(dir, { 'a.txt': sentence(1) });
    const option = localSource(dir, french);
    expect(localSourceShape.parse(option)).toEqual(option);
    const source = openLocal(option, dir);
    const [input] = await source.inputs();
    const changed = { code: 'LOCAL_SOURCE_CHANGED' };
    const reading = { complain() {}, onBytes() {}, signal: new AbortController().signal };
    const read = (name = input!) => Array.fromAsync(source.read(name, reading));
    expect(await read()).toHaveLength(1);
    await expect(read({ ...input!, integrity: 'sha256-0' })).rejects.toMatchObject(changed);
    await expect(read({ ...input!, name: '../a.txt' })).rejects.toMatchObject(changed);
    writeFileSync(join(dir, 'a.txt'), sentence(2));
    await expect(read()).rejects.toMatchObject(changed);
    await expect(openLocal(option, dir).inputs()).rejects.toMatchObject(changed);
    expect(localSource(dir, french).integrity).not.toBe(option.integrity);
  });

  test.each(['/nowhere', '/dev/null'])('no folder: %s', (folder) => {
    expect(() => localSource(folder, french)).toThrow(
      expect.objectContaining({ code: 'LOCAL_SOURCE_MISSING' }),
    );
  });

  test('a language that nobody says is detected; none is und', async () => {
    const { source: name, licence } = french;
    const dir = tempDir();
    writeFiles(dir, {
      'a.txt': sentence(1),
      'b.txt': 'The quick brown fox jumps over the lazy dog while the children of the village look on.',
      'c.txt': '12 34',
    });
    const source = openLocal(localSource(dir, { source: name, licence }), dir);
    expect((await readSource(source)).documents.map(({ language }) => language)).toEqual(['fr', 'en', 'und']);
  });
});

describe('records', () => {
  test('unknown fields and the author go to extra; fields may have any name', async () => {
    const record = {
      corps: sentence(1),
      text: 'not this',
      doc_id: 77,
      titre: 'Un titre',
      creator: 'A. Dupont',
      created: '2019-03-01T12:00:00+02:00',
      license: 'CC-BY-4.0',
      lang: 'fra',
      url: 'https://site.example/1',
      stars: 3,
      nothing: null,
      __proto__x: { deep: [1] },
    };
    const fields = { text: 'corps', title: 'titre' };
    const { documents } = await readSource(openFolder({ 'a.jsonl': jsonLines([record]) }, { fields }));
    expect(documents).toEqual([
      {
        id: 'own/77',
        text: sentence(1),
        source: 'own',
        licence: 'CC-BY-4.0',
        language: 'fr',
        date: '2019-03-01',
        url: 'https://site.example/1',
        title: 'Un titre',
        extra: '{"text":"not this","author":"A. Dupont","stars":3,"__proto__x":{"deep":[1]}}',
      },
    ]);
  });

  test('a named field that a line lacks is a complaint', async () => {
    const { documents, complaints } = await readSource(
      openFolder(
        { 'a.jsonl': jsonLines([{ text: 'x' }, { corps: sentence(1) }]) },
        { fields: { text: 'corps' } },
      ),
    );
    expect(documents).toHaveLength(1);
    expect(complaints).toEqual([{ key: 'a/1', why: 'no field "corps"' }]);
  });

  test('Parquet gives what JSON Lines give, whatever the types', async () => {
    const query = `SELECT 7::BIGINT AS id, 'Bonjour' AS content, TIMESTAMP '2021-05-06 07:08:09' AS date,
      ['a', 'b'] AS tags, {'x': 1, 'y': NULL} AS nested, 'A. Dupont' AS author, NULL AS empty, 2.5 AS score
      UNION ALL SELECT 8, NULL, NULL, [], NULL, NULL, NULL, NULL`;
    const source = openFolder({ 'lang=fr/[a]*?.parquet': await parquetBytes(query) });
    const { documents, complaints } = await readSource(source);
    expect(documents).toEqual([
      expect.objectContaining({ id: 'own/7', text: 'Bonjour', date: '2021-05-06' }),
    ]);
    expect(JSON.parse(documents[0]!.extra)).toEqual({
      tags: ['a', 'b'],
      nested: { x: 1, y: null },
      author: 'A. Dupont',
      score: '2.5',
    });
    expect(complaints).toEqual([
      { key: 'lang=fr/[a]*?/2', why: expect.stringContaining('no text in content') },
    ]);
  });

  test('Parquet keeps the order of its rows over row groups', async () => {
    const bytes = await parquetBytes(`SELECT 'd' || i AS id, 'texte ' || i AS text FROM range(9000) t(i)`);
    const long = `SELECT 'd' || i AS id, repeat(md5(i::VARCHAR), 2000) AS text FROM range(2500) t(i)`;
    const { documents } = await readSource(openFolder({ 'a.parquet': bytes }));
    expect(documents.map(({ id }) => id)).toEqual(Array.from({ length: 9000 }, (_, i) => `own/d${i}`));
    // So long that several queries are needed.
    const source = openFolder({ 'a.parquet': await parquetBytes(long) });
    const ids: string[] = [];
    for (const input of await source.inputs())
      for await (const { id } of source.read(input, {
        complain() {},
        onBytes() {},
        signal: new AbortController().signal,
      }))
        ids.push(id);
    expect(ids).toEqual(Array.from({ length: 2500 }, (_, i) => `own/d${i}`));
  });
});

describe('dates', () => {
  test.each([
    ['2019-03-01T12:00:00Z', '2019-03-01'],
    ['2019-03-01 23:59:59+01', '2019-03-01'],
    ['2019-3-1', '2019-03-01'],
    ['2019-03', '2019-03'],
    ['20190301', '2019-03-01'],
    ['20190301120000', '2019-03-01'],
    ['20230331T204123Z', '2023-03-31'],
    [20190301, '2019-03-01'],
    [1999, '1999'],
    [0, '0000'],
    [1551441600, '2019-03-01'],
    [1551441600000, '2019-03-01'],
    ['1551441600', '2019-03-01'],
    ['Fri, 01 Mar 2019 12:00:00 GMT', '2019-03-01'],
    ['1 March 2019', '2019-03-01'],
    ['', ''],
    [null, ''],
    ['03/07/2025', '03/07/2025'],
    ['3000', '3000'],
    ['0001-01-01T00:00:00', '0001-01-01'],
    [Number.NaN, 'NaN'],
    [1e300, '1e+300'],
    [202101, '202101'],
    ['202101', '202101'],
    [-1, '-1'],
    ['20210230', '20210230'],
    ['202102291200', '202102291200'],
    ['201903012460', '201903012460'],
    ['20190301120000.5', '2019-03-01'],
    [946684800000, '2000-01-01'],
  ])('%j is %j', (value, date) => {
    expect(normaliseDate(value)).toBe(date);
  });

  test('every month of 2008 to 2026 in every shape that programs write', () => {
    for (let year = 2008; year <= 2026; year++)
      for (let month = 1; month <= 12; month++) {
        const day = 1 + ((year * 12 + month) % 28);
        const ms = Date.UTC(year, month - 1, day, 13, 59, 58);
        const iso = new Date(ms).toISOString();
        const digits = iso.replace(/\D/g, '');
        for (const shape of [
          ...[ms, ms / 1000, ms / 1000 + 0.25, BigInt(ms), BigInt(ms / 1000), Number(digits.slice(0, 8))],
          ...[`${ms}`, `${ms / 1000}`, `${ms / 1000}.123`, `${ms}.5`, iso, iso.slice(0, 10)],
          ...[digits.slice(0, 8), digits.slice(0, 12), digits.slice(0, 14), Number(digits.slice(0, 14))],
          ...[iso.replaceAll(/[-:]|\.\d+/g, ''), new Date(ms).toUTCString()],
        ])
          expect(normaliseDate(shape), String(shape)).toBe(iso.slice(0, 10));
      }
  });
});

test.each([
  ['fra', 'fr'],
  ['fr-FR', 'fr'],
  ['fr_CA', 'fr'],
  ['fra_Latn', 'fr'],
  ['French', 'fr'],
  ['fr-en', 'fr-en'],
  ['FR', 'fr'],
  ['code:go', 'code:go'],
  ['tlh', 'tlh'],
  ['', ''],
])('language %j is %j', (value, language) => {
  expect(normaliseLanguage(value)).toBe(language);
});

test('a large file is hashed again when it was changed', async () => {
  const dir = tempDir();
  const path = join(dir, 'a.jsonl');
  const line = Buffer.from(jsonLines([{ text: sentence(1).repeat(5000) }]));
  const bytes = Buffer.concat(Array.from({ length: Math.ceil(33e6 / line.length) }, () => line));
  writeFileSync(path, bytes);
  const first = localSource(dir, french).integrity;
  expect(localSource(dir, french).integrity).toBe(first);
  bytes[100] = 65;
  writeFileSync(path, bytes);
  expect(localSource(dir, french).integrity).not.toBe(first);
  expect(existsSync(path)).toBe(true);
});

test('licences as files write them; what nobody knows falls by a rule of its own', async () => {
  const folder = tempDir();
  const written = [
    'cc-by-4.0',
    'MIT OR Apache-2.0',
    'https://creativecommons.org/licenses/by/4.0/',
    'CC-BY-4.0',
    'ask me',
    'LicenseRef-all-rights-reserved',
  ];
  const lines = written.map((licence, id) => JSON.stringify({ id: String(id), text: 'Un texte.', licence }));
  writeFileSync(join(folder, 'a.jsonl'), lines.join('\n'));
  const source = openLocal(localSource(folder, { source: 'own', language: 'fr' }), tempDir());
  const [input] = await source.inputs();
  const documents = await Array.fromAsync(
    source.read(input!, { complain() {}, onBytes() {}, signal: new AbortController().signal }),
  );
  expect(documents.map((document) => [document.licence, licenceFault(document)])).toEqual([
    ['CC-BY-4.0', undefined],
    ['MIT', undefined],
    ['CC-BY-4.0', undefined],
    ['CC-BY-4.0', undefined],
    ['ask me', 'unknown: "ask me"'],
    ['LicenseRef-all-rights-reserved', 'LicenseRef-all-rights-reserved does not allow training'],
  ]);
  expect(localSourceShape.safeParse(localSource(folder, { source: 'own', licence: 'CC-BY-4' })).success).toBe(
    false,
  );
});

describe('columns and fields', () => {
  test('names in other capitals; what the recipe names is taken as it stands', async () => {
    const line = jsonLines([
      { Text: sentence(1), Date: '2020-05-06', TITLE: 'T', licence: 'MIT', Licence: 'x' },
    ]);
    const parquet = await parquetBytes(`SELECT '${sentence(2)}' AS Text, DATE '2020-01-02' AS Date`);
    const { documents } = await readSource(openFolder({ 'a.jsonl': line, 'b.parquet': parquet }));
    expect(documents.map(({ text, date, title, licence }) => [text, date, title, licence])).toEqual([
      [sentence(1), '2020-05-06', 'T', 'MIT'],
      [sentence(2), '2020-01-02', '', 'CC0-1.0'],
    ]);
    const own = openFolder({ 'a.jsonl': line }, { fields: { text: 'text' } });
    expect((await readSource(own)).complaints).toEqual([{ key: 'a/1', why: 'no field "text"' }]);
  });

  test('a Parquet column of the name by which DuckDB numbers rows, over several queries', async () => {
    const query = `SELECT repeat(md5(i::VARCHAR), 2000) AS text, 'd' || i AS id, i % 7 AS file_row_number FROM range(2500) t(i)`;
    const source = openFolder({ 'a.parquet': await parquetBytes(query) });
    const documents: [string, string][] = [];
    for (const input of await source.inputs())
      for await (const { id, extra } of source.read(input, ignored())) documents.push([id, extra]);
    expect(documents).toEqual(
      Array.from({ length: 2500 }, (_, i) => [`own/d${i}`, `{"file_row_number":"${i % 7}"}`]),
    );
  });

  test('names of Parquet files are no patterns, names of columns no escapes', async () => {
    const bytes = await parquetBytes(`SELECT 'ceci' AS "te\\xt""é", 1 AS "a'b\\"`);
    const other = await parquetBytes(`SELECT 'cela' AS "te\\xt""é"`);
    const { documents, complaints } = await readSource(
      openFolder(
        { "l'été [1]*?{a}\\b.parquet": bytes, "l'été 1xy{a}b.parquet": other },
        { fields: { text: 'te\\xt"é' } },
      ),
    );
    expect(complaints).toEqual([]);
    expect(documents.map(({ text, extra }) => [text, extra])).toEqual([
      ['cela', '{}'],
      ['ceci', JSON.stringify({ "a'b\\": 1 })],
    ]);
  });

  test('dates of Parquet do not depend on where the machine stands', async () => {
    const dir = tempDir();
    const query = `SELECT 'Une phrase.' AS text, TIMESTAMPTZ '2020-05-06 23:08:09+00' AS date, [TIMESTAMPTZ '2020-05-06 23:08:09+00'] AS seen`;
    writeFiles(dir, { 'data/a.parquet': await parquetBytes(query) });
    const module = new URL('../src/sources/files/local-source.ts', import.meta.url);
    const script = `
      const { localSource, openLocal } = await import(${JSON.stringify(module.href)});
      const source = openLocal(localSource(${JSON.stringify(join(dir, 'data'))}, ${JSON.stringify(french)}), ${JSON.stringify(dir)});
      const [input] = await source.inputs();
      for await (const document of source.read(input, { complain() {}, onBytes() {}, signal: new AbortController().signal }))
        console.log(document.date, document.extra);`;
    const told = ['Asia/Tokyo', 'America/Los_Angeles', 'UTC'].map((zone) =>
      execFileSync(process.execPath, ['--input-type=module', '-e', script], {
        env: { ...process.env, TZ: zone },
        encoding: 'utf8',
      }),
    );
    expect(new Set(told)).toEqual(new Set(['2020-05-06 {"seen":["2020-05-06 23:08:09+00"]}\n']));
  });
});

/** Readers wait until what they complain of is written: else a file of bad lines lies in memory. */
test.each([
  ['a.jsonl', () => '{bad\n'.repeat(50)],
  ['a.jsonl', () => Buffer.from('\xff\n'.repeat(50), 'latin1')],
  ['a.parquet', () => parquetBytes('SELECT NULL::VARCHAR AS text FROM range(50)')],
  ['a.warc', () => 'WARC/1.0\r\nWARC-Type: response\r\n\r\n'.repeat(50)],
  ['a.warc', () => Buffer.concat(Array.from({ length: 50 }, () => warcRecord('response', 'no http')))],
])('complaints of %s do not pile up', async (name, make) => {
  const source = openFolder({ [name]: await make() });
  let [waiting, most, count] = [0, 0, 0];
  const complain = async () => {
    most = Math.max(most, ++waiting);
    count++;
    await new Promise((resolve) => setImmediate(resolve));
    waiting--;
  };
  const [input] = await source.inputs();
  await Array.fromAsync(source.read(input!, { ...ignored(), complain }));
  expect([most, count]).toEqual([1, 50]);
});

function ignored(): ReadOptions {
  return { complain() {}, onBytes() {}, signal: new AbortController().signal };
}
