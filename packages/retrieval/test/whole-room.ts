import { DatabaseSync } from 'node:sqlite';
import { expect } from 'vitest';
import { cutPassages, Room } from '../src/index.ts';

/** Opens a room after a kill and expects every document in it to be whole and every index to agree. @returns how many there are */
export async function expectWhole(path: string): Promise<number> {
  using room = Room.open(path);
  const documents = room.documents();
  for (const { document, passages, title } of documents) {
    const { parsed } = room.document(document)!;
    expect(passages, title).toBe(cutPassages(parsed).length);
    const word = parsed.pages[0]!.blocks[0]!.text;
    const hits = await room.search(word, { method: 'bm25' });
    expect(hits[0]).toMatchObject({ document, paragraph: 1 });
  }
  const db = new DatabaseSync(path);
  expect(db.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
  expect(db.prepare('PRAGMA foreign_key_check').all()).toEqual([]);
  const count = (sql: string): unknown => Object.values(db.prepare(sql).get()!)[0];
  const passages = documents.reduce((sum, one) => sum + one.passages, 0);
  for (const table of ['passages', 'words_docsize', 'plain_docsize'])
    expect(count(`SELECT count(*) FROM ${table}`), table).toBe(passages);
  expect(count('SELECT count(*) FROM document_words_docsize')).toBe(documents.length);
  db.close();
  return documents.length;
}
