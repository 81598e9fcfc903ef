import type { DatabaseSync } from 'node:sqlite';
import type { ParsedDocument } from '../document.ts';
import { indexedText } from './indexed-text.ts';
import type { PreparedDocument, PreparedPassage } from './prepare-document.ts';
import { readPassagesById } from './read-passages.ts';
import type { Steps } from './steps.ts';

const INDEXES = ['words', 'plain', 'document_words'];

/** Pages of an index that are merged in one step. */
const MERGED = 64;

/** What `documents` says of a file besides its text. */
export interface DocumentFacts {
  name: string;
  sha256: string;
  textSha256: string | null;
  bytes: number;
  added: string;
}

/** Adds to the vocabulary what `counts` says, negative numbers too. */
function* countWords(db: DatabaseSync, counts: ReadonlyMap<string, number>): Steps<void> {
  const change = db.prepare(
    'INSERT INTO vocabulary (form, term, count) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET count = count + excluded.count',
  );
  for (const [key, count] of counts) {
    change.run(...(key.split('\t') as [string, string]), count);
    yield;
  }
}

/** Puts the words of a document's passages into the indexes. */
function* writeIndex(
  db: DatabaseSync,
  document: number,
  passages: Iterable<{ id: number; indexed: PreparedPassage['indexed'] }>,
): Steps<void> {
  const words = db.prepare('INSERT INTO words (rowid, body, context) VALUES (?, ?, ?)');
  const plain = db.prepare('INSERT INTO plain (rowid, body, context) VALUES (?, ?, ?)');
  const all: string[] = [];
  for (const { id, indexed } of passages) {
    words.run(id, indexed.words.body, indexed.words.context);
    plain.run(id, indexed.plain.body, indexed.plain.context);
    all.push(indexed.words.body);
    yield;
  }
  db.prepare('INSERT INTO document_words (rowid, body) VALUES (?, ?)').run(document, all.join(' '));
}

/** Writes a document with everything that is made of it; belongs in a transaction. @returns its number and its passages' ids */
export function* insertDocument(
  db: DatabaseSync,
  parsed: ParsedDocument,
  { facts, json, passages, vocabulary }: PreparedDocument & { facts: DocumentFacts },
): Steps<{ document: number; ids: number[] }> {
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
        json,
      ).lastInsertRowid,
  );
  const insert = db.prepare(
    `INSERT INTO passages (document, page, paragraph, kind, start, "end", text, headings, head, lead)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const written: { id: number; indexed: PreparedPassage['indexed'] }[] = [];
  for (const { passage: one, indexed } of passages) {
    const { lastInsertRowid } = insert.run(
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
    );
    written.push({ id: Number(lastInsertRowid), indexed });
    yield;
  }
  yield* writeIndex(db, document, written);
  yield* countWords(db, vocabulary);
  return { document, ids: written.map(({ id }) => id) };
}

/** Removes a document and every word of it; belongs in a transaction. @returns false when there is none of this number */
export function* deleteDocument(db: DatabaseSync, document: number): Steps<boolean> {
  if (!db.prepare('SELECT 1 FROM documents WHERE id = ?').get(document)) return false;
  const counts = new Map<string, number>();
  const remove = ['words WHERE rowid', 'plain WHERE rowid', 'passages WHERE id'].map((which) =>
    db.prepare(`DELETE FROM ${which} = ?`),
  );
  for (const id of passageIds(db, document)) {
    for (const passage of readPassagesById(db, [id]))
      for (const key of indexedText(passage).vocabulary) counts.set(key, (counts.get(key) ?? 0) - 1);
    for (const statement of remove) statement.run(id);
    yield;
  }
  yield* countWords(db, counts);
  db.exec('DELETE FROM vocabulary WHERE count <= 0');
  db.prepare('DELETE FROM document_words WHERE rowid = ?').run(document);
  db.prepare('DELETE FROM documents WHERE id = ?').run(document);
  for (const index of INDEXES) yield* merge(db, index);
  return true;
}

/**
 * Merges the segments of an index into one: until then FTS5 keeps the words of what was deleted. Its `optimize` in steps,
 * as SQLite's documentation of `merge` tells (FTS5, 6.9): at first a negative number, until less than two rows change.
 */
function* merge(db: DatabaseSync, index: string): Steps<void> {
  const changes = db.prepare('SELECT total_changes() AS n');
  for (let pages = -MERGED; ; pages = MERGED) {
    const before = Number(changes.get()!.n);
    db.exec(`INSERT INTO ${index} (${index}, rank) VALUES ('merge', ${pages})`);
    if (Number(changes.get()!.n) - before < 2) return;
    yield;
  }
}

/** Makes the indexes and the vocabulary anew, after a change of the analysis; belongs in a transaction. */
export function* rebuildIndex(db: DatabaseSync): Steps<void> {
  for (const index of INDEXES) db.exec(`INSERT INTO ${index} (${index}) VALUES ('delete-all')`);
  db.exec('DELETE FROM vocabulary');
  for (const { id } of db.prepare('SELECT id FROM documents ORDER BY id').all()) {
    const counts = new Map<string, number>();
    const passages = readPassagesById(db, passageIds(db, Number(id))).map((passage) => {
      const { vocabulary, ...indexed } = indexedText(passage);
      for (const key of vocabulary) counts.set(key, (counts.get(key) ?? 0) + 1);
      return { id: passage.id, indexed };
    });
    yield* writeIndex(db, Number(id), passages);
    yield* countWords(db, counts);
  }
}

function passageIds(db: DatabaseSync, document: number): number[] {
  const rows = db.prepare('SELECT id FROM passages WHERE document = ? ORDER BY id').all(document);
  return rows.map(({ id }) => Number(id));
}
