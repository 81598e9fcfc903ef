import { Random, silent } from '@lucie/ledger';
import { describe, expect, test } from 'vitest';
import { chance } from '../src/clean/chance.ts';
import { Cleaner } from '../src/clean/clean.ts';
import { rules } from '../src/clean/funnel.ts';
import { split } from '../src/clean/split.ts';
import { type Document, documentBytes } from '../src/document.ts';
import { type CorpusInput, corpusOptions } from '../src/options.ts';

const nouns =
  'la maison,le jardin,une rivière,le boulanger,la mairie,un oiseau,le village,la forêt,une lettre,le train,la pluie,un livre'.split(
    ',',
  );
const verbs = 'regarde,traverse,protège,attend,retrouve,dessine,oublie,raconte,prépare,cherche'.split(',');

function frenchText(random: Random, sentences = 6): string {
  const noun = () => nouns[random.below(nouns.length)]!;
  return Array.from(
    { length: sentences },
    () =>
      `Chaque ${1 + random.below(900)}e jour, ${noun()} ${verbs[random.below(verbs.length)]} ${noun()} près de ${noun()}.`,
  ).join('\n');
}

function document(id: string, text: string, more: Partial<Document> = {}): Document {
  return {
    id: `a/${id}`,
    text,
    source: 'a',
    licence: 'CC0-1.0',
    language: 'fr',
    date: '2020',
    url: '',
    title: '',
    extra: '{}',
    ...more,
  };
}

const source = (name: string, more = {}) => ({
  local: name,
  source: name,
  integrity: `sha256-${'0'.repeat(64)}`,
  ...more,
});

async function clean(documents: Document[], input: Partial<CorpusInput> = {}) {
  const options = corpusOptions.parse({ sources: [source('a'), source('b')], ...input });
  const cleaner = new Cleaner(options);
  for (const { source } of options.sources as { source: string }[]) cleaner.begin(source);
  for (const one of documents) cleaner.read(one);
  const kept = await cleaner.finish({ progress: silent, signal: new AbortController().signal });
  return {
    kept,
    ids: kept.map(({ id }) => id),
    rejected: cleaner.rejected.map(({ id, reason, value }) => ({ id, reason, value })),
    funnels: cleaner.funnels,
  };
}

describe('each rule, its value, in its order', () => {
  const random = new Random(1, 'cleaner');
  const good = frenchText(random);

  test.each([
    ['a licence without a name', { licence: 'perhaps' }, 'unreadable', /unknown licence "perhaps"/],
    ['a property of every object as licence', { licence: 'constructor' }, 'unreadable', /unknown licence/],
    ['a date that is none', { date: '03/07/2025' }, 'unreadable', /date/],
    ['no language', { language: '' }, 'unreadable', /language/],
    [
      'English under a French name',
      { text: 'The house by the river is waiting for the rain that never comes.' },
      'language',
      /^en 0\.00$/,
    ],
    ['forty characters less one', { text: 'Il pleut sur la ville et sur le jardin.' }, 'too-short', /^39$/],
    ['no text at all', { text: '' }, 'too-short', /^0$/],
  ])('%s', async (_name, more, reason, value) => {
    const { ids, rejected } = await clean([document('1', good, more), document('2', frenchText(random))]);
    expect(ids).toEqual(['a/2']);
    expect(rejected).toEqual([{ id: 'a/1', reason, value: expect.stringMatching(value) }]);
  });

  test('an id for the second time', async () => {
    const { ids, rejected } = await clean([document('1', good), document('1', frenchText(random))]);
    expect(ids).toEqual(['a/1']);
    expect(rejected).toEqual([{ id: 'a/1', reason: 'unreadable', value: 'an id for the second time' }]);
  });

  test('the oldest of equal documents survives, then the first id; undated ones come last', async () => {
    const loud = good.toUpperCase().replaceAll('.', ' !');
    const { ids, rejected } = await clean([
      document('1', good, { date: '' }),
      document('2', good, { date: '2019-05-01' }),
      document('4', good, { date: '2019' }),
      document('3', loud, { date: '2019' }),
    ]);
    expect(ids).toEqual(['a/3']);
    expect(rejected.map(({ id, reason, value }) => `${id} ${reason} ${value}`).sort()).toEqual([
      'a/1 exact-duplicate a/3',
      'a/2 exact-duplicate a/3',
      'a/4 exact-duplicate a/3',
    ]);
  });

  test('near duplicates across sources', async () => {
    const text = frenchText(random, 30);
    const { ids, rejected } = await clean([
      document('1', text),
      document('x', text.replace('Chaque', 'Toujours chaque'), { id: 'b/x', source: 'b' }),
    ]);
    expect(ids).toEqual(['a/1']);
    expect(rejected[0]).toMatchObject({
      id: 'b/x',
      reason: 'near-duplicate',
      value: expect.stringMatching(/^0\.9\d\d a\/1$/),
    });
  });

  test('a line in too many documents stays in the first; headings may repeat', async () => {
    const line = "Pour en savoir plus, adressez-vous à la mairie de votre commune, aux heures d'ouverture.";
    const documents = Array.from({ length: 6 }, (_, i) =>
      document(`${i}`, `Démarche\n\n${frenchText(random)}\n\n${line}`),
    );
    const { kept, funnels } = await clean(documents, { boilerplate: { maximumDocuments: 5 } });
    expect(kept.map(({ text }) => text.includes(line))).toEqual([true, false, false, false, false, false]);
    expect(kept.every(({ text }) => text.startsWith('Démarche\n\nChaque'))).toBe(true);
    expect(kept[1]!.text).not.toMatch(/\n{3}|\n$/);
    expect(funnels.get('a')!.repeatedLines).toBe(5 * (Buffer.byteLength(line) + 2));
    // What announces a list, an item, a row of a table is no boilerplate: the rest would not make sense without it.
    for (const shape of [`${line} :`, `- ${line}`, `${line} | ${line}`]) {
      const shaped = documents.map((one) => ({ ...one, text: one.text.replace(line, shape) }));
      const { kept } = await clean(shaped, { boilerplate: { maximumDocuments: 5 } });
      expect(kept.every(({ text }) => text.includes(shape))).toBe(true);
    }
    const allowed = await clean(documents, { boilerplate: { maximumDocuments: 6 } });
    expect(allowed.kept.every(({ text }) => text.includes(line))).toBe(true);
  });

  test('documents that differ in repeated lines alone are not both kept', async () => {
    const lines = Array.from(
      { length: 2 },
      (_, i) => `${i} : ${'cette ligne se trouve dans presque tous les documents de la source '.repeat(4)}.`,
    );
    const fillers = Array.from({ length: 8 }, (_, i) =>
      document(`f${i}`, `${frenchText(random, 12)}\n${lines[i % 2]}`),
    );
    const core = frenchText(random, 2);
    const twins = [document('t0', `${core}\n${lines[0]}`), document('t1', `${core}\n${lines[1]}`)];
    const { ids, rejected } = await clean([...fillers, ...twins], { boilerplate: { maximumDocuments: 3 } });
    expect(ids).toContain('a/t0');
    expect(rejected).toEqual([{ id: 'a/t1', reason: 'boilerplate', value: 'a/t0' }]);
  });

  test('a larger cap holds all that a smaller one holds, and neither is exceeded', async () => {
    const documents = Array.from({ length: 40 }, (_, i) => document(`${i}`, frenchText(random)));
    let before: string[] = [];
    for (const maxBytes of [1, 2000, 5000, 8000, 1e6]) {
      const { ids, kept, rejected } = await clean(documents, { sources: [source('a', { maxBytes })] });
      expect(kept.reduce((sum, one) => sum + documentBytes(one), 0)).toBeLessThanOrEqual(maxBytes);
      expect(ids).toEqual(expect.arrayContaining(before));
      expect(ids.length + rejected.length).toBe(40);
      expect(rejected.every(({ reason }) => reason === 'source-cap')).toBe(true);
      before = ids;
    }
    expect(before).toHaveLength(40);
  });
});

test('what is read equals what was removed, what repeated, and what stays, in documents and bytes', async () => {
  const random = new Random(2, 'balance');
  const line = 'Cette phrase entière se répète dans beaucoup de documents de la même source, hélas.';
  const documents = Array.from({ length: 200 }, (_, i) => {
    const kind = random.below(8);
    const text =
      kind === 0
        ? 'court'
        : kind === 1
          ? 'The train is late again today, and nobody on the platform knows why.'
          : frenchText(random);
    return document(String(kind === 2 ? 7 : i), `${text}${i % 3 === 0 && kind > 2 ? `\n${line}` : ''}`);
  });
  const { kept, rejected, funnels } = await clean(
    [...documents, ...documents.slice(0, 50).map((one) => ({ ...one, id: `${one.id}bis` }))],
    {
      sources: [source('a', { maxBytes: 30_000 })],
    },
  );
  const funnel = funnels.get('a')!;
  const removed = rules.map((rule) => funnel.removed[rule] ?? { documents: 0, bytes: 0 });
  const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);
  expect(funnel.read.documents).toBe(250);
  expect(funnel.read.documents).toBe(kept.length + sum(removed.map(({ documents }) => documents)));
  expect(funnel.read.bytes).toBe(
    sum(kept.map(documentBytes)) + sum(removed.map(({ bytes }) => bytes)) + funnel.repeatedLines,
  );
  expect(new Set(rejected.map(({ reason }) => reason)).size).toBeGreaterThanOrEqual(5);
});

test('documents come out settled: composed, well-formed, without control characters', async () => {
  const text = `Cafe\u0301\u0000 et\u200b eau\r\n\r\n\r\n\r\nfin \ud800 ${frenchText(new Random(3, 'settle'))}  \n`;
  const { kept } = await clean([document('1', text, { title: '  Un\u00a0titre \n ici ' })]);
  expect(kept[0]!.text).toMatch(/^Café et eau\n\nfin \ufffd Chaque .*\.$/s);
  expect(kept[0]!.title).toBe('Un\u00a0titre ici');
});

describe('split', () => {
  const documents = Array.from({ length: 5000 }, (_, i) =>
    document(`${i}`, 'x', i < 3 ? { id: `b/${i}`, source: 'b' } : {}),
  );
  const halves = (seed: number, part = documents) => split(part, { seed, fraction: () => 0.01 });

  test('disjoint, complete, in order, about the fraction, at least one of each source', () => {
    const { train, heldOut } = halves(1);
    expect(train.length + heldOut.length).toBe(5000);
    expect(new Set([...train, ...heldOut]).size).toBe(5000);
    expect(heldOut.length).toBeGreaterThan(25);
    expect(heldOut.length).toBeLessThan(80);
    expect(heldOut.filter(({ source }) => source === 'b')).toHaveLength(1);
    expect(train).toEqual(documents.filter((one) => !heldOut.includes(one)));
  });

  test('a document stays on its side whatever else is there; another seed draws others', () => {
    const whole = new Set(
      halves(1)
        .heldOut.filter(({ source }) => source === 'a')
        .map(({ id }) => id),
    );
    const part = documents.filter((_, i) => i >= 3 && i % 2 === 0);
    for (const { id } of halves(1, part).heldOut) expect(whole.has(id)).toBe(true);
    expect(halves(2).heldOut.map(({ id }) => id)).not.toEqual(halves(1).heldOut.map(({ id }) => id));
  });

  test('a source of one document is trained on; a fraction of nought holds nothing out', () => {
    expect(split([documents[0]!], { seed: 1, fraction: () => 0.5 }).heldOut).toHaveLength(
      chance('b/0', 1, 'held-out') < 0.5 ? 1 : 0,
    );
    expect(split([documents[0]!], { seed: 1, fraction: () => 1e-9 }).heldOut).toHaveLength(0);
    expect(split(documents, { seed: 1, fraction: () => 0 }).heldOut).toHaveLength(0);
  });
});

test('chance is uniform, and its purposes are independent', () => {
  const draws = Array.from(
    { length: 4000 },
    (_, i) => [chance(`${i}`, 1, 'cap'), chance(`${i}`, 1, 'held-out')] as const,
  );
  const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  expect(Math.abs(mean(draws.map(([a]) => a)) - 0.5)).toBeLessThan(0.02);
  expect(Math.abs(mean(draws.map(([a, b]) => (a - 0.5) * (b - 0.5))))).toBeLessThan(0.005);
});
