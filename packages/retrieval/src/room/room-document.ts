import type { DatabaseSync } from 'node:sqlite';
import type { Format, ParsedDocument } from '../document.ts';

/** A document of a room, as a teacher sees it in the list. */
export interface RoomDocument {
  /** Its number in the room; never given again. */
  document: number;
  /** Of the file that was added. */
  name: string;
  title: string;
  format: Format;
  sha256: string;
  bytes: number;
  pages: number;
  passages: number;
  /** Texts in the file that no reader of its pages sees. */
  hidden: number;
  /** Pages that are pictures and cannot be searched. */
  scannedPages: number;
  warnings: readonly string[];
  /** When, in UTC (ISO 8601). */
  added: string;
}

/** A row of `documents`. */
interface DocumentRow {
  id: number;
  name: string;
  title: string;
  format: Format;
  sha256: string;
  bytes: number;
  added: string;
  passages: number;
  pages: number;
  hidden: number;
  scanned: number;
  warnings: string;
}

/** Everything but the text. */
const SELECT =
  'SELECT id, name, title, format, sha256, bytes, added, pages, passages, hidden, scanned, warnings FROM documents';

function toRoomDocument(row: DocumentRow): RoomDocument {
  return {
    document: row.id,
    name: row.name,
    title: row.title,
    format: row.format,
    sha256: row.sha256,
    bytes: row.bytes,
    pages: row.pages,
    passages: row.passages,
    hidden: row.hidden,
    scannedPages: row.scanned,
    warnings: JSON.parse(row.warnings) as ParsedDocument['warnings'],
    added: row.added,
  };
}

/** All documents in the order in which they were added. */
export function readDocuments(db: DatabaseSync): RoomDocument[] {
  return (db.prepare(`${SELECT} ORDER BY id`).all() as unknown as DocumentRow[]).map(toRoomDocument);
}

/** A document by its number; undefined when there is none. */
export function readDocument(db: DatabaseSync, document: number): RoomDocument | undefined {
  const row = db.prepare(`${SELECT} WHERE id = ?`).get(document);
  return row && toRoomDocument(row as unknown as DocumentRow);
}

/** The document of that file, or of another file with that text. */
export function findDocument(
  db: DatabaseSync,
  sha256: string,
  text: string | null,
): RoomDocument | undefined {
  const row = db
    .prepare(`${SELECT} WHERE sha256 = ? OR text_sha256 = ? ORDER BY id LIMIT 1`)
    .get(sha256, text);
  return row && toRoomDocument(row as unknown as DocumentRow);
}
