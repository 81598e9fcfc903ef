import type { DatabaseSync } from 'node:sqlite';
import { inTransaction } from './transaction.ts';

/** `LUCR`: tells a room from any other SQLite file. */
export const APPLICATION_ID = 0x4c554352;

/** Raised when tables change; a file with a greater one was made by a newer program. */
export const SCHEMA_VERSION = 1;

/**
 * `words` holds analysed terms, `plain` words as they are written, both by passage id, `document_words` all terms of a
 * document; their texts are not stored twice.
 * `sha256` and `text_sha256` (of the words alone) keep the same file, and the same text in another file, from a second place.
 */
const TABLES = `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE documents (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    title TEXT NOT NULL,
    format TEXT NOT NULL,
    sha256 TEXT NOT NULL UNIQUE,
    text_sha256 TEXT UNIQUE,
    bytes INTEGER NOT NULL,
    added TEXT NOT NULL,
    pages INTEGER NOT NULL,
    passages INTEGER NOT NULL,
    hidden INTEGER NOT NULL,
    scanned INTEGER NOT NULL,
    warnings TEXT NOT NULL,
    parsed TEXT NOT NULL
  );
  CREATE TABLE passages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    document INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    page INTEGER NOT NULL,
    paragraph INTEGER NOT NULL,
    kind TEXT NOT NULL,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    text TEXT NOT NULL,
    headings TEXT NOT NULL,
    head TEXT,
    lead TEXT
  );
  CREATE INDEX passages_of_document ON passages (document);
  CREATE VIRTUAL TABLE words USING fts5 (
    body, context, content = '', contentless_delete = 1, tokenize = "unicode61 remove_diacritics 0 tokenchars '.'"
  );
  CREATE VIRTUAL TABLE plain USING fts5 (
    body, context, content = '', contentless_delete = 1, tokenize = "unicode61 remove_diacritics 0"
  );
  CREATE VIRTUAL TABLE document_words USING fts5 (
    body, content = '', contentless_delete = 1, tokenize = "unicode61 remove_diacritics 0 tokenchars '.'"
  );
  CREATE TABLE vocabulary (
    form TEXT NOT NULL,
    term TEXT NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (form, term)
  ) WITHOUT ROWID;
`;

/** Makes the tables of an empty file, all or none; somebody else may have made them since it was looked at. */
export function createSchema(db: DatabaseSync): void {
  inTransaction(db, () => {
    if (db.prepare('PRAGMA user_version').get()!.user_version !== 0) return;
    db.exec(`${TABLES}
      PRAGMA application_id = ${APPLICATION_ID};
      PRAGMA user_version = ${SCHEMA_VERSION};`);
  });
}
