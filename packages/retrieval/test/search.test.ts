import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Random } from '@lucie/ledger';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Embedder, Room } from '../src/index.ts';
import { CANDIDATES, explainFrench, searchFrench } from '../src/search/lexical.ts';
import { withSurroundings } from '../src/search/surroundings.ts';
import type { QuestionWord } from '../src/words/understand-question.ts';
import { madeDocument, madeFile } from './made-document.ts';

const dir = mkdtempSync(join(tmpdir(), 'lucie-search-'));
afterAll(() => rmSync(dir, { recursive: true }));

const lessons = [
  madeDocument('Le sel', [
    [
      '# Les marais salants',
      "À Guérande, l'eau de mer s'évapore et laisse le sel.",
      'Le paludier le récolte en été avec un las.',
    ],
    [{ kind: 'table' as const, text: 'Année | Tonnes\n2022 | 14 000\n2023 | 9 500' }],
  ]),
  madeDocument('Le son', [
    ['# La cloche de verre', 'Sans air, le son ne voyage pas : on voit le réveil vibrer sans rien entendre.'],
  ]),
  madeDocument('La chaudière', [
    ['La chaudière au fioul brûle 3 000 litres par an.', "Le radiateur réchauffe l'air de la classe."],
  ]),
];

describe('search by words', () => {
  let room: Room;
  beforeAll(async () => {
    room = Room.open(join(dir, 'words.sqlite'));
    for (const lesson of lessons) await room.add(lesson, madeFile(lesson));
    return () => room[Symbol.dispose]();
  });
  const first = async (question: string) => {
    const [hit] = await room.search(question);
    return hit && `${hit.document} ${hit.page} ${hit.paragraph}`;
  };

  it.each([
    ['Comment recueille-t-on le sel évaporé ?', '1 1 2'],
    ['combien de tonnes en 2023', '1 2 1'],
    ['combien de tonnes font 9500', '1 2 1'],
    ['la chodiere elle brule cb de litre', '3 1 1'],
    ["pk on n'entend pas le son ds la cloche", '2 1 2'],
    ['Le paludié récoltes quand ?', '1 1 3'],
  ])('%s', async (question, place) => expect(await first(question)).toBe(place));

  it('is silent where no word is there', async () => {
    expect(await room.search('xylophone')).toEqual([]);
    expect(await room.search('')).toEqual([]);
    expect(await room.search('? ! " * ( NEAR')).toEqual([]);
    expect(await room.search(`sel" OR "son`, { limit: 1 })).toHaveLength(1);
  });

  it('takes words as they are written when it is told so', async () => {
    const plain = (question: string) => room.search(question, { method: 'bm25' });
    expect(await plain('récoltes')).toEqual([]);
    expect(await plain('evapore')).toEqual([]);
    // Stop words count: all that it knows is how often a word is written.
    expect((await plain('RÉCOLTE le'))[0]).toMatchObject({ paragraph: 3, document: 1 });
    expect((await plain('le')).length).toBeGreaterThan(2);
  });

  it('says what it was asked, and what no document has', async () => {
    const [hit] = await room.search('la chodière de Zanzibar');
    const [heater, place] = hit!.asked!;
    expect(heater).toMatchObject({
      word: 'chodiere',
      meant: [{ form: 'chaudiere', weight: expect.any(Number) }],
    });
    expect(place).toMatchObject({ word: 'zanzibar', meant: [] });
    expect(place!.rarity).toBeGreaterThan(heater!.rarity);
  });

  it('gives the first of equals first and never more than asked for', async () => {
    const all = await room.search('sel son chaudière air', { limit: 100 });
    for (const limit of [1, 2, 3])
      expect(await room.search('sel son chaudière air', { limit })).toEqual(all.slice(0, limit));
    for (const [i, hit] of all.slice(1).entries()) {
      const before = all[i]!;
      expect(before.score > hit.score || (before.score === hit.score && before.id < hit.id)).toBe(true);
    }
  });

  it('refuses a search by meaning without vectors', async () => {
    await expect(room.search('sel', { method: 'dense' })).rejects.toMatchObject({ code: 'ROOM_NO_VECTORS' });
    await expect(room.search('sel', { method: 'hybrid' })).rejects.toMatchObject({ code: 'ROOM_NO_VECTORS' });
    expect(room.searching).toEqual({ method: 'bm25-french' });
  });
});

describe('BM25', () => {
  const path = join(dir, 'made.sqlite');
  let db: DatabaseSync;
  const word = (term: string, weight = 1): QuestionWord => ({
    word: term,
    term,
    meant: [{ term, form: term, weight }],
    rarity: 1,
  });

  beforeAll(async () => {
    const random = new Random(7);
    {
      using room = Room.open(path);
      for (let d = 0; d < 10; d++) {
        const blocks = Array.from({ length: 200 }, () =>
          Array.from({ length: 12 }, () => `mot${Math.floor(random.float() ** 3 * 900)}`).join(' '),
        );
        const made = madeDocument(`Document ${d}`, [blocks]);
        await room.add(made, madeFile(made));
      }
    }
    db = new DatabaseSync(path);
    return () => db.close();
  });

  it('is the formula of Robertson, and adds up over words', () => {
    // idf · tf (k1 + 1) / (tf + k1 (1 - b + b · length / average)), k1 = 1.2, b = 0.75, idf = ln((N - n + ½) / (n + ½)).
    const texts = db
      .prepare('SELECT passages.id, text, title FROM passages JOIN documents ON documents.id = document')
      .all();
    const tokens = texts.map(({ text, title }) => `${text} ${title}`.toLowerCase().split(' '));
    const average = tokens.reduce((sum, { length }) => sum + length, 0) / tokens.length;
    const bm25 = (terms: string[]) =>
      tokens.map((words, i) => ({
        id: Number(texts[i]!.id),
        score: terms.reduce((sum, term) => {
          const n = tokens.filter((other) => other.includes(term)).length;
          const tf = words.filter((other) => other === term).length;
          const idf = Math.log((tokens.length - n + 0.5) / (n + 0.5));
          return sum + (idf * tf * 2.2) / (tf + 1.2 * (0.25 + (0.75 * words.length) / average));
        }, 0),
      }));
    const asked = ['mot3', 'mot40', 'mot500'];
    const expected = bm25(asked).filter(({ score }) => score > 0);
    expected.sort((a, b) => b.score - a.score || a.id - b.id);
    const documents = [...Array(10).keys()].map((d) => d + 1);
    const whole = searchFrench(
      db,
      asked.map((term) => word(term)),
      20,
    );
    // What stands around is taken away by asking for it with the same function.
    const again = withSurroundings(db, expected.slice(0, CANDIDATES), documentScores(db, asked, documents));
    expect(whole.map(({ id }) => id)).toEqual(again.slice(0, 20).map(({ id }) => id));
    for (const [i, { score }] of whole.entries()) expect(score).toBeCloseTo(again[i]!.score, 6);
  });

  it('lets a correction count less, and of what a word may mean the best only', () => {
    const one = searchFrench(db, [word('mot40')], 5);
    const half = searchFrench(db, [word('mot40', 0.5)], 5);
    expect(half.map(({ id }) => id)).toEqual(one.map(({ id }) => id));
    for (const [i, { score }] of half.entries()) expect(score).toBeCloseTo(one[i]!.score / 2, 9);
    const twice: QuestionWord = {
      ...word('mot40'),
      meant: [1, 0.5].map((weight) => ({ term: 'mot40', form: 'mot40', weight })),
    };
    expect(searchFrench(db, [twice], 5)).toEqual(one);
  });

  it('reads 2,000 passages by the index of words alone', () => {
    const plan = explainFrench(db, 3);
    const scans = plan.filter((line) => /\bSCAN\b/.test(line) && !/SCAN (?:found|\(?subquery)/.test(line));
    expect(scans.length).toBe(3);
    // FTS5 with a MATCH is `SCAN … VIRTUAL TABLE INDEX n:M…`; without one it reads all rows: `INDEX 0:`.
    for (const line of scans) expect(line).toMatch(/VIRTUAL TABLE INDEX \d+:M/);
    const byId = db.prepare('EXPLAIN QUERY PLAN SELECT document FROM passages WHERE id = 1').all();
    expect(String(byId[0]!.detail)).toMatch(/SEARCH .* INTEGER PRIMARY KEY/);
  });
});

function documentScores(db: DatabaseSync, terms: string[], documents: number[]) {
  const scores = new Map(documents.map((id) => [id, 0]));
  const read = db.prepare(
    'SELECT rowid AS id, -bm25(document_words) AS score FROM document_words WHERE document_words MATCH ?',
  );
  for (const term of terms) {
    for (const { id, score } of read.all(term))
      scores.set(Number(id), scores.get(Number(id))! + Number(score));
  }
  return [...scores].map(([id, score]) => ({ id, score }));
}

describe('withSurroundings', () => {
  it('adds what fits around a passage of the same document, and nothing of another', async () => {
    using room = Room.open(join(dir, 'around.sqlite'));
    const one = madeDocument('a', [['alpha', 'beta', 'gamma']]);
    const two = madeDocument('b', [['delta']]);
    for (const made of [one, two]) await room.add(made, madeFile(made));
    const db = new DatabaseSync(room.path);
    const passages = [1, 2, 3, 4].map((id) => ({ id, score: 10 }));
    const scores = new Map(
      withSurroundings(db, passages, [{ id: 2, score: 2 }]).map(({ id, score }) => [id, score]),
    );
    db.close();
    // Own 10, half of the document's, a fifth of the one before, a twentieth of the one behind.
    expect(scores).toEqual(
      new Map([
        [1, 10.5],
        [2, 12.5],
        [3, 12],
        [4, 11],
      ]),
    );
  });
});

describe('search by meaning and words', () => {
  /** Meaning for a test: which of three themes a text is about. */
  const themes = [/sel|mer|océan/i, /son|bruit|musique/i, /chaud|radiateur|hiver/i];
  const vector = (text: string): Float32Array => {
    const counts = themes.map((theme) => (text.match(new RegExp(theme, 'gi')) ?? []).length + 0.01);
    const length = Math.hypot(...counts);
    return Float32Array.from(counts, (count) => count / length);
  };
  const embedder = (name: string): Embedder & { asked: string[]; broken?: boolean } => ({
    name,
    dimension: 3,
    asked: [],
    async embedQuestion(text) {
      if (this.broken) throw new Error('éteint');
      this.asked.push(text);
      return vector(text);
    },
    async embedPassages(texts) {
      if (this.broken) throw new Error('éteint');
      return texts.map(vector);
    },
  });

  it('finds what has no word in common with the question', async () => {
    const by = embedder('a');
    using room = Room.open(join(dir, 'meaning.sqlite'), { embedder: by });
    expect(room.searching.method).toBe('bm25-french');
    for (const lesson of lessons) await room.add(lesson, madeFile(lesson));
    expect(room.searching).toEqual({ method: 'hybrid' });
    expect(await room.search('océan', { method: 'bm25-french' })).toEqual([]);
    const [hit] = await room.search('océan');
    expect(hit).toMatchObject({ document: 1, dense: expect.any(Number) });
    expect((await room.search('musique', { method: 'dense' }))[0]).toMatchObject({ document: 2 });
    await room.search('c koi le bruit');
    expect(by.asked.at(-1)).toBe("c'est quoi le bruit");
    // The vectors of a document go with it.
    await room.discard(1);
    expect(
      (await room.search('océan', { method: 'dense', limit: 50 })).every(({ document }) => document !== 1),
    ).toBe(true);
  });

  it('goes on by words where the embedder fails, and says so', async () => {
    const by = embedder('a');
    using room = Room.open(join(dir, 'failing.sqlite'), { embedder: by });
    await room.add(lessons[0]!, madeFile(lessons[0]!));
    by.broken = true;
    expect((await room.search('paludier'))[0]).toMatchObject({ paragraph: 3 });
    expect(room.searching).toMatchObject({ method: 'bm25-french', why: new Error('éteint') });
    await expect(room.search('paludier', { method: 'hybrid' })).rejects.toThrow('éteint');
    // A document is worth having without vectors; they can be made up for.
    expect((await room.add(lessons[1]!, madeFile(lessons[1]!))).duplicate).toBe(false);
    by.broken = false;
    expect(await room.embedMissing(by)).toBe(1);
    expect(room.searching).toEqual({ method: 'hybrid' });
  });

  it('never mixes the vectors of two embedders', async () => {
    const path = join(dir, 'two.sqlite');
    {
      using room = Room.open(path, { embedder: embedder('a') });
      await room.add(lessons[0]!, madeFile(lessons[0]!));
    }
    const other = embedder('b');
    using room = Room.open(path, { embedder: other });
    await room.add(lessons[1]!, madeFile(lessons[1]!));
    expect(room.searching.method).toBe('bm25-french');
    await expect(room.search('sel', { method: 'dense' })).rejects.toMatchObject({ code: 'ROOM_NO_VECTORS' });
    expect(other.asked).toEqual([]);
    const seen: number[] = [];
    expect(await room.embedMissing(other, { progress: (done) => seen.push(done) })).toBe(4);
    expect(seen).toEqual([4]);
    expect((await room.search('musique', { method: 'dense' }))[0]).toMatchObject({ document: 2 });
  });

  it('never calls the vectors of one embedder those of another that was chosen meanwhile', async () => {
    const { promise: held, resolve: go } = Promise.withResolvers<void>();
    const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
    const slow: Embedder = {
      ...embedder('a'),
      async embedPassages(texts) {
        begin();
        await held;
        return texts.map(vector);
      },
    };
    const other = embedder('b');
    using room = Room.open(join(dir, 'meanwhile.sqlite'), { embedder: slow });
    const adding = room.add(lessons[1]!, madeFile(lessons[1]!));
    await begun;
    expect(await room.embedMissing(other)).toBe(0);
    go();
    const { document } = await adding;
    expect(await room.embedMissing(other)).toBe(document.passages);
  });
});
