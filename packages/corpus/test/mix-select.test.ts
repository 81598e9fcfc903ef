import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Random, sha256File } from '@lucie/ledger';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type Document, documentBytes } from '../src/document.ts';
import { chance, chanceSql } from '../src/mix/chance.ts';
import { selectStep } from '../src/mix/select-step.ts';
import { TextSlices } from '../src/mix/text-slices.ts';
import { openConnection, readDocuments } from '../src/parquet.ts';
import { ids, made, mixed, selectOptions } from './mix-units.ts';

const range = (n: number) => Array.from({ length: n }, (_, i) => i);
const many = (source: string, n: number, change: (i: number) => Partial<Document> = () => ({})) =>
  range(n).map((i) => made({ id: `${source}/${String(i).padStart(4, '0')}`, ...change(i) }));

/** The ids within a cap, by the definition: in the order of chance, until one does not fit. */
function definition(documents: readonly Document[], maxBytes: number): string[] {
  const asked = documents
    .filter((document) => documentBytes(document) <= maxBytes)
    .sort((x, y) => chance(x.id, 1, 'cap') - chance(y.id, 1, 'cap'));
  let filled = 0;
  const over = asked.findIndex((document) => (filled += documentBytes(document)) > maxBytes);
  return ids(over < 0 ? asked : asked.slice(0, over));
}

describe('chance', () => {
  test('is the same number in SQL, and another for each seed and purpose', async () => {
    const connection = await openConnection();
    const names = many('a', 200).map((document) => document.id);
    const values = names.map((id) => `('${id}')`).join(', ');
    const rows = await connection.database.runAndReadAll(
      `SELECT ${chanceSql(7, 'cap')} FROM (VALUES ${values}) AS t(id)`,
    );
    expect(rows.getRows().map(([value]) => value)).toEqual(names.map((id) => chance(id, 7, 'cap')));
    connection.close();
    expect(new Set([chance('a', 1, 'cap'), chance('a', 2, 'cap'), chance('a', 1, 'held-out')]).size).toBe(3);
    const mean = names.reduce((sum, id) => sum + chance(id, 7, 'cap'), 0) / names.length;
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.08);
  });
});

describe('the selection', () => {
  test('keeps the order of reading and loses nobody', async () => {
    const [a, b] = [many('a', 50), many('b', 30)];
    const { outputs, rejected } = await mixed({ 'a--1': a.slice(0, 20), 'a--2': a.slice(20), b });
    expect(outputs).toEqual({ a: { documents: a, heldOut: [] }, b: { documents: b, heldOut: [] } });
    expect(rejected).toEqual([]);
  });

  test('what repeats another without its boilerplate falls, and says which one and how like it is', async () => {
    const found = (row: number, survivor: string, similarity = 1) => ({
      ...{ row, survivor, similarity },
      rule: similarity < 1 ? ('near-duplicate' as const) : ('exact-duplicate' as const),
    });
    const { outputs, rejected } = await mixed(
      { 'a--1': many('a', 3), 'a--2': [made({ id: 'a/9', text: 'La loi.' })], b: many('b', 4) },
      {},
      {
        duplicates: {
          'a--1': [found(2, 'b/0001', 0.8125)],
          'a--2': [found(0, 'b/0000')],
          b: [found(3, 'a/0')],
        },
      },
    );
    expect(ids(outputs.a!.documents)).toEqual(['a/0000', 'a/0001']);
    expect(ids(outputs.b!.documents)).toEqual(['b/0000', 'b/0001', 'b/0002']);
    expect(rejected.map(({ id, reason, value }) => [id, reason, value])).toEqual([
      ['a/0002', 'near-duplicate', '0.813 b/0001'],
      ['a/9', 'exact-duplicate', 'b/0000'],
      ['b/0003', 'exact-duplicate', 'a/0'],
    ]);
    // The text is kept with the reason, for whoever looks at the report.
    expect(rejected[1]!.text).toBe('La loi.');
  });

  test('equal words are no reason here: programs that differ in a sign, texts without words', async () => {
    const a = [
      ...['a + b;', 'a - b;'].map((text, i) => made({ id: `a/${i}`, text, language: 'code:c' })),
      ...['***', '---'].map((text, i) => made({ id: `a/${2 + i}`, text })),
    ];
    expect((await mixed({ a })).outputs.a!.documents).toEqual(a);
  });

  test('an id twice of which one repeats the other: one of them stays', async () => {
    const { outputs, rejected } = await mixed(
      { a: [made({ id: 'a/1', date: '2024' }), made({ id: 'a/1', date: '1990' }), made({ id: 'a/2' })] },
      {},
      { duplicates: { a: [{ row: 0, survivor: 'a/1', rule: 'near-duplicate', similarity: 0.9 }] } },
    );
    expect(outputs.a!.documents.map(({ id, date }) => [id, date])).toEqual([
      ['a/1', '1990'],
      ['a/2', ''],
    ]);
    expect(rejected.map(({ reason }) => reason)).toEqual(['near-duplicate']);
  });

  test('an id twice, in one unit or in two: the first in the order of the corpus keeps it', async () => {
    const { outputs, rejected } = await mixed({
      'a--1': [
        made({ id: 'a/1', text: 'Le premier.', date: '2024' }),
        made({ id: 'a/1', text: 'Un autre.' }),
      ],
      'a--2': [
        made({ id: 'a/1', text: 'Un troisième.', date: '1990' }),
        made({ id: 'a/2', text: 'Le deuxième.' }),
      ],
    });
    expect(outputs.a!.documents.map(({ text }) => text)).toEqual(['Le premier.', 'Le deuxième.']);
    expect(rejected.map(({ text, reason, value }) => [text, reason, value])).toEqual([
      ['Un autre.', 'unreadable', 'an id for the second time'],
      ['Un troisième.', 'unreadable', 'an id for the second time'],
    ]);
  });

  test('a cap is filled in the order of chance, so that a larger one holds a smaller one of the same documents', async () => {
    const a = many('a', 60, (i) => ({ text: `Texte ${i} ${'mot '.repeat(i)}` }));
    const kept = async (maxBytes: number) => {
      const { outputs, rejected } = await mixed({ a, b: many('b', 5) }, { sources: { a: { maxBytes } } });
      expect(outputs.b!.documents).toHaveLength(5);
      expect(
        rejected.every(({ reason, value }) => reason === 'source-cap' && value === String(maxBytes)),
      ).toBe(true);
      expect(rejected.length + outputs.a!.documents.length).toBe(60);
      return outputs.a!.documents;
    };
    const [small, large] = [await kept(1500), await kept(4000)];
    const bytes = (documents: Document[]) =>
      documents.reduce((sum, document) => sum + documentBytes(document), 0);
    expect(bytes(small)).toBeLessThanOrEqual(1500);
    expect(bytes(small)).toBeGreaterThan(1000);
    const names = new Set(ids(large));
    expect(ids(small).every((id) => names.has(id))).toBe(true);
    expect(new Set(ids(small))).toEqual(new Set(definition(a, 1500)));
  });

  test('a document larger than the cap does not empty a source, and short ones are not preferred', async () => {
    const a = many('a', 200, (i) => ({ text: 'x'.repeat(i === 0 ? 50_000 : i % 2 ? 100 : 900) }));
    for (const seed of range(6)) {
      const { outputs } = await mixed({ a }, { seed, sources: { a: { maxBytes: 20_000 } } });
      const long = outputs.a!.documents.filter(({ text }) => text.length === 900).length;
      expect(outputs.a!.documents.length).toBeGreaterThan(20);
      expect(long / outputs.a!.documents.length).toBeGreaterThan(0.25);
      expect(long / outputs.a!.documents.length).toBeLessThan(0.75);
    }
  });

  test('a cap exactly as large as the source keeps all of it', async () => {
    const a = many('a', 10);
    const maxBytes = a.reduce((sum, document) => sum + documentBytes(document), 0);
    expect((await mixed({ a }, { sources: { a: { maxBytes } } })).rejected).toEqual([]);
    expect((await mixed({ a }, { sources: { a: { maxBytes: maxBytes - 1 } } })).rejected).toHaveLength(1);
  });

  test('holds out by chance, each source its own fraction, at least one of two', async () => {
    const units = { a: many('a', 400), b: many('b', 400), two: many('two', 2), one: many('one', 1) };
    const { outputs } = await mixed(units, {
      heldOutFraction: 0.1,
      sources: {
        b: { heldOutFraction: 0 },
        two: { heldOutFraction: 0.0001 },
        one: { heldOutFraction: 0.0001 },
      },
    });
    const expected = ids(units.a).filter((id) => chance(id, 1, 'held-out') < 0.1);
    expect(ids(outputs.a!.heldOut)).toEqual(expected);
    expect(expected.length).toBeGreaterThan(20);
    expect(new Set([...ids(outputs.a!.documents), ...expected]).size).toBe(400);
    expect(outputs.b!.heldOut).toEqual([]);
    const first = ids(units.two).sort((x, y) => chance(x, 1, 'held-out') - chance(y, 1, 'held-out'))[0]!;
    expect(ids(outputs.two!.heldOut)).toEqual([first]);
    expect(outputs.two!.documents).toHaveLength(1);
    expect(outputs.one!.heldOut).toEqual([]);
  });

  test('another seed chooses others', async () => {
    const a = many('a', 200);
    const of = async (seed: number) =>
      ids((await mixed({ a }, { seed, heldOutFraction: 0.2 })).outputs.a!.heldOut);
    expect(await of(2)).not.toEqual(await of(1));
    expect(await of(2)).toEqual(await of(2));
  });

  test('a source all of whose documents are refused has no files, but its place in the mix', async () => {
    const found = { rule: 'exact-duplicate', survivor: 'b/0', similarity: 1 } as const;
    const { outputs, mixPath } = await mixed(
      { a: many('a', 2), b: [made({ id: 'b/0' })] },
      {},
      { duplicates: { a: [0, 1].map((row) => ({ row, ...found })) } },
    );
    expect(Object.keys(outputs)).toEqual(['b']);
    const { readMix } = await import('../src/mix/mix-file.ts');
    const mix = await readMix(mixPath);
    expect(mix.sources.map(({ source, documents }) => [source, documents])).toEqual([
      ['a', 0],
      ['b', 1],
    ]);
  });

  test('stops when asked to, and leaves no workshop when it is done', async () => {
    const aborted = mixed({ a: many('a', 5) }, {}, { signal: AbortSignal.abort(new Error('stopped')) });
    await expect(aborted).rejects.toThrow('stopped');
    const { files } = await mixed({ a: many('a', 5) }, { heldOutFraction: 0.2 });
    expect(files('select', 'all')).toEqual(['a.parquet', 'mix.json', 'rejected.parquet']);
    expect(files('write', 'a')).toEqual(['documents.parquet', 'heldout.parquet']);
  });

  test('too little memory is said', async () => {
    const tight = mixed({ a: many('a', 3000) }, {}, { memoryBytes: 1e6 });
    await expect(tight).rejects.toMatchObject({
      code: 'MEMORY_TOO_LITTLE',
      message: expect.stringContaining('--memory'),
    });
  });

  test('a source may not take the name of the rejected', async () => {
    const refused = expect.objectContaining({ code: 'SOURCE_NAME' });
    expect(() => selectStep(selectOptions({ sources: { rejected: {} } }))).toThrow(refused);
    await expect(mixed({ rejected: many('rejected', 2) })).rejects.toEqual(refused);
  });
});

describe('the order', () => {
  const random = new Random(5, 'dates');
  const dated = many('a', 500, (i) => ({
    date: i % 5 === 0 ? '' : `${1900 + random.below(120)}-${String(1 + random.below(12)).padStart(2, '0')}`,
    text: `Texte ${i}.`,
  }));

  test('by date is exact with a window of one, and spreads the undated evenly', async () => {
    const { outputs } = await mixed({ a: dated }, { mix: { order: { by: 'date', window: 1 } } });
    const written = outputs.a!.documents;
    expect(new Set(ids(written))).toEqual(new Set(ids(dated)));
    const dates = written.map(({ date }) => date).filter(Boolean);
    expect(dates).toHaveLength(400);
    expect(dates).toEqual([...dates].sort());
    for (let at = 0; at < 500; at += 50)
      expect(written.slice(at, at + 50).filter(({ date }) => date === '')).toHaveLength(10);
    const undated = ids(written.filter(({ date }) => date === ''));
    expect(undated).not.toEqual([...undated].sort());
  });

  test('a shuffle window moves none further than itself, and moves nearly all', async () => {
    const inOrder = async (window: number) =>
      ids((await mixed({ a: dated }, { mix: { order: { by: 'date', window } } })).outputs.a!.documents);
    const [exact, shuffled] = [await inOrder(1), await inOrder(40)];
    const place = new Map(exact.map((id, i) => [id, i]));
    const moves = shuffled.map((id, i) => Math.abs(i - place.get(id)!));
    expect(Math.max(...moves)).toBeLessThan(40);
    expect(moves.filter((move) => move > 0).length).toBeGreaterThan(400);
    expect(await inOrder(40)).toEqual(shuffled);
  });

  test('by chance is a shuffle that the units do not show in', async () => {
    const order = { by: 'chance' } as const;
    const whole = await mixed({ a: dated }, { mix: { order }, heldOutFraction: 0.05 });
    const cut = await mixed(
      { 'a--0': dated.slice(0, 123), 'a--1': dated.slice(123, 124), 'a--2': dated.slice(124) },
      { mix: { order }, heldOutFraction: 0.05 },
      { partCharacters: 900 },
    );
    expect(ids(whole.outputs.a!.documents)).not.toEqual(ids(dated).sort());
    for (const name of ['documents.parquet', 'heldout.parquet'])
      expect(await sha256File(join(cut.dir('write', 'a'), name))).toBe(
        await sha256File(join(whole.dir('write', 'a'), name)),
      );
  });

  test('units do not show in date order and caps either', async () => {
    const input = { mix: { order: { by: 'date', window: 30 } }, sources: { a: { maxBytes: 4000 } } } as const;
    const whole = await mixed({ a: dated }, input);
    const cut = await mixed({ 'a--0': dated.slice(0, 250), 'a--1': dated.slice(250) }, input);
    expect(cut.outputs).toEqual(whole.outputs);
    expect(whole.outputs.a!.documents.length).toBeLessThan(450);
  });

  test('texts larger than the memory allowed are sorted on disk', async () => {
    const random = new Random(3, 'large');
    const word = () => random.uint32().toString(36);
    const large = many('a', 1500, () => ({ text: Array.from({ length: 1200 }, word).join(' ') }));
    const { dir } = await mixed({ a: large }, { mix: { order: { by: 'chance' } } }, { memoryBytes: 32e6 });
    const expected = large.toSorted((x, y) => chance(x.id, 1, 'order') - chance(y.id, 1, 'order'));
    let at = 0;
    for await (const document of readDocuments(join(dir('write', 'a'), 'documents.parquet')))
      if (document.text !== expected[at++]!.text) throw new Error(`another text at ${at}`);
    expect(at).toBe(1500);
  });
});

describe('sorting by slices', () => {
  test('gives the order of places, holds one slice at a time, leaves no file', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'slices-'));
    onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
    const slices = new TextSlices<string>(join(dir, 'work'));
    const places = new Random(9, 'slices').shuffle(range(1000));
    // Slice 7 has no record; lines break at nothing but the end of a record.
    for (const place of places)
      await slices.add(`é\n"${place}"\u2028`, { place, slice: place < 600 ? Math.floor(place / 100) : 8 });
    const out: string[] = [];
    for await (const record of slices.inOrder()) {
      out.push(record);
      const slice = Math.min(6, Math.floor((out.length - 1) / 100));
      expect(readdirSync(join(dir, 'work'))).toHaveLength(6 - slice);
    }
    expect(out).toEqual(range(1000).map((place) => `é\n"${place}"\u2028`));
    expect(readdirSync(join(dir, 'work'))).toEqual([]);
  });
});
