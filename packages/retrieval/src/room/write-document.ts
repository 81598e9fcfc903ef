import type { DatabaseSync } from 'node:sqlite';
import type { ParsedDocument } from '../document.ts';
import type { Passage } from '../passage.ts';
import { type IndexedText, indexedText } from './indexed-text.ts';
import { readPassages } from './read-passages.ts';

const INDEXES = ['words', 'plain', 'document_words'];

/** Runs `work` in one transaction: all of it is kept, or nothing. */
export function inTransaction<T>(db: DatabaseSync, work: () => T): T {
  db.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    db.exec('COMMIT');
    return result;
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
}

/** What `documents` says of a file besides its text. */
export interface DocumentFacts {
  name: string;
  sha256: string;
  textSha256: string | null;
  bytes: number;
  added: string;
}

/** A passage with what is indexed of it. */
export interface PreparedPassage {
  passage: Omit<Passage, 'document'>;
  indexed: IndexedText;
}

/** Adds to the vocabulary (`sign` 1) or takes from it (-1). */
function countWords(db: DatabaseSync, texts: readonly IndexedText[], sign: 1 | -1): void {
  const counts = new Map<string, number>();
  for (const { vocabulary } of texts)
    for (const key of vocabulary) counts.set(key, (counts.get(key) ?? 0) + sign);
  const change = db.prepare(
    'INSERT INTO vocabulary (form, term, count) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET count = count + excluded.count',
  );
  for (const [key, count] of counts) change.run(...(key.split('\t') as [string, string]), count);
  if (sign < 0) db.exec('DELETE FROM vocabulary WHERE count <= 0');
}

/** Puts the words of a document's passages into the indexes and the vocabulary. */
function writeIndex(
  db: DatabaseSync,
  document: number,
  passages: readonly { id: number; indexed: IndexedText }[],
): void {
  const words = db.prepare('INSERT INTO words (rowid, body, context) VALUES (?, ?, ?)');
  const plain = db.prepare('INSERT INTO plain (rowid, body, context) VALUES (?, ?, ?)');
  for (const { id, indexed } of passages) {
    words.run(id, indexed.words.body, indexed.words.context);
    plain.run(id, indexed.plain.body, indexed.plain.context);
  }
  const all = passages.map(({ indexed }) => indexed.words.body).join(' ');
  db.prepare('INSERT INTO document_words (rowid, body) VALUES (?, ?)').run(document, all);
  countWords(
    db,
    passages.map(({ indexed }) => indexed),
    1,
  );
}

/** Writes a document with everything that is made of it; belongs in a transaction. @returns its number and its passages' ids */
export function insertDocument(
  db: DatabaseSync,
  parsed: ParsedDocument,
  facts: DocumentFacts,
  passages: readonly PreparedPassage[],
): { document: number; ids: number[] } {
  const document = Number(
    db
      .prepare(
        `INSERT INTO documents (name, title, format, sha256, text_sha256, bytes, added, pages, passages, hidden, scanned,
         warnings, parsed) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(
        facts.name,
        parsed.title,
        parsed.format,
        facts.sha256,
        facts.textSha256,
        facts.bytes,
        facts.added,
        parsed.pages.length,
        passages.length,
        parsed.hidden.length,
        parsed.pages.filter(({ scanned }) => scanned).length,
        JSON.stringify(parsed.warnings),
        JSON.stringify(parsed),
      ).lastInsertRowid,
  );
  const insert = db.prepare(
    `INSERT INTO passages (document, page, paragraph, kind, start, "end", text, headings, head, lead)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const ids = passages.map(({ passage: one }) =>
    Number(
      insert.run(
        document,
        one.page,
        one.paragraph,
        one.kind,
        one.start,
        one.end,
        one.text,
        JSON.stringify(one.headings),
        one.head ?? null,
        one.lead ?? null,
      ).lastInsertRowid,
    ),
  );
  writeIndex(
    db,
    document,
    passages.map(({ indexed }, i) => ({ id: ids[i]!, indexed })),
  );
  return { document, ids };
}

/** Removes a document and every word of it; belongs in a transaction. */
export function deleteDocument(
  db: DatabaseSync,
  document: number,
  passages: readonly (Passage & { id: number })[],
): void {
  countWords(db, passages.map(indexedText), -1);
  const words = db.prepare('DELETE FROM words WHERE rowid = ?');
  const plain = db.prepare('DELETE FROM plain WHERE rowid = ?');
  for (const { id } of passages) {
    words.run(id);
    plain.run(id);
  }
  db.prepare('DELETE FROM document_words WHERE rowid = ?').run(document);
  db.prepare('DELETE FROM documents WHERE id = ?').run(document);
  // Until its segments are merged, FTS5 keeps the words of what was deleted.
  for (const index of INDEXES) db.exec(`INSERT INTO ${index} (${index}) VALUES ('optimize')`);
}

/** Makes the indexes and the vocabulary anew, after a change of the analysis; belongs in a transaction. */
export function rebuildIndex(db: DatabaseSync): void {
  for (const index of INDEXES) db.exec(`INSERT INTO ${index} (${index}) VALUES ('delete-all')`);
  db.exec('DELETE FROM vocabulary');
  for (const { id } of db.prepare('SELECT id FROM documents ORDER BY id').all()) {
    const passages = readPassages(db, Number(id));
    writeIndex(
      db,
      Number(id),
      passages.map((passage) => ({ id: passage.id, indexed: indexedText(passage) })),
    );
  }
}
