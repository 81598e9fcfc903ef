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
export interface DocumentRow {
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
export const DOCUMENT_COLUMNS =
  'id, name, title, format, sha256, bytes, added, pages, passages, hidden, scanned, warnings';

export function toRoomDocument(row: DocumentRow): RoomDocument {
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
