import type { DatabaseSync } from 'node:sqlite';
import { setImmediate } from 'node:timers/promises';
import { LucieError, sha256 } from '@lucie/ledger';
import type { ParsedDocument } from '../document.ts';
import type { Embedder } from '../embedder.ts';
import type { Hit } from '../passage.ts';
import { cutPassages } from '../passages/cut-passages.ts';
import { type Scored, searchFrench, searchPlain } from '../search/lexical.ts';
import { ANALYSIS_VERSION } from '../words/analyse.ts';
import { type QuestionWord, understandQuestion } from '../words/understand-question.ts';
import { Vocabulary, type VocabularyEntry } from '../words/vocabulary.ts';
import { eraseRoom, exportRoom } from './export-room.ts';
import { indexedText, normalisedText } from './indexed-text.ts';
import { asRoomError, openRoomFile } from './open-room-file.ts';
import { readPassages, readPassagesById } from './read-passages.ts';
import { DOCUMENT_COLUMNS, type DocumentRow, type RoomDocument, toRoomDocument } from './room-document.ts';
import type { SearchOptions } from './search-options.ts';
import {
  deleteDocument,
  insertDocument,
  inTransaction,
  type PreparedPassage,
  rebuildIndex,
} from './write-document.ts';

/** Passages that are analysed before other work of the process has its turn. */
const TURN = 40;

/**
 * The documents of a class in one SQLite file, with what it takes to search them. What was added or removed is on the
 * disk when the call returns; a killed process leaves whole documents only.
 */
export class Room implements Disposable {
  readonly path: string;
  readonly #db: DatabaseSync;
  readonly embedder: Embedder | undefined;
  #vocabulary: { of: Vocabulary; passages: number; version: number } | undefined;

  private constructor(path: string, db: DatabaseSync, embedder: Embedder | undefined) {
    this.path = path;
    this.#db = db;
    this.embedder = embedder;
  }

  /**
   * Opens a room, or begins one where there is no file. A room whose words were analysed in an older way is indexed anew.
   * @throws LucieError `ROOM_NOT_A_ROOM`, `ROOM_TOO_NEW`, `ROOM_BROKEN`
   */
  static open(path: string, opts: { embedder?: Embedder } = {}): Room {
    const db = openRoomFile(path);
    try {
      bringUpToDate(db);
    } catch (error) {
      db.close();
      throw asRoomError(error, path);
    }
    return new Room(path, db, opts.embedder);
  }

  /**
   * Adds a document, or finds that it is there: the same file, or the same text in another file.
   * @throws the signal's reason when it is aborted before the document is written: then nothing of it is
   */
  async add(
    parsed: ParsedDocument,
    file: { name: string; sha256: string; bytes: number },
    signal?: AbortSignal,
  ): Promise<{ document: RoomDocument; duplicate: boolean }> {
    signal?.throwIfAborted();
    const text = normalisedText(parsed);
    const textSha256 = text === '' ? null : sha256(text);
    const known = this.#find(file.sha256, textSha256);
    if (known) return { document: known, duplicate: true };
    const passages: PreparedPassage[] = [];
    for (const passage of cutPassages(parsed)) {
      if (passages.length % TURN === TURN - 1) await setImmediate();
      signal?.throwIfAborted();
      passages.push({ passage, indexed: indexedText(passage) });
    }
    return this.#safely(() =>
      inTransaction(this.#db, () => {
        // Another process, or another call in the meantime, may have added it.
        const meanwhile = this.#find(file.sha256, textSha256);
        if (meanwhile) return { document: meanwhile, duplicate: true };
        const facts = { ...file, textSha256, added: new Date().toISOString() };
        const { document } = insertDocument(this.#db, parsed, facts, passages);
        this.#vocabulary = undefined;
        return { document: this.#row(document)!, duplicate: false };
      }),
    );
  }

  /** Removes a document with every word of it from the file. @returns false when there is none of this number */
  remove(document: number): boolean {
    return this.#safely(() => {
      const removed = inTransaction(this.#db, () => {
        if (!this.#row(document)) return false;
        deleteDocument(this.#db, document, readPassages(this.#db, document));
        return true;
      });
      this.#vocabulary = undefined;
      // The journal holds pages as they were.
      if (removed) this.#db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
      return removed;
    });
  }

  /** All documents in the order in which they were added. */
  documents(): RoomDocument[] {
    const rows = this.#safely(() =>
      this.#db.prepare(`SELECT ${DOCUMENT_COLUMNS} FROM documents ORDER BY id`).all(),
    );
    return (rows as unknown as DocumentRow[]).map(toRoomDocument);
  }

  /** A document with its pages, its hidden text and all. */
  document(document: number): (RoomDocument & { parsed: ParsedDocument }) | undefined {
    return this.#safely(() => {
      const facts = this.#row(document);
      const row = this.#db.prepare('SELECT parsed FROM documents WHERE id = ?').get(document);
      return facts && row
        ? { ...facts, parsed: JSON.parse(String(row.parsed)) as ParsedDocument }
        : undefined;
    });
  }

  /** What of this room's words a question asks for. */
  understand(question: string): QuestionWord[] {
    const { of, passages } = this.#words();
    return understandQuestion(question, of, passages);
  }

  /**
   * The passages that fit a question best, the best first; ties go to what was added earlier.
   * @throws LucieError `ROOM_NO_VECTORS` when a search by meaning is asked for and the room has none
   */
  async search(question: string, opts: SearchOptions = {}): Promise<Hit[]> {
    opts.signal?.throwIfAborted();
    const limit = opts.limit ?? 10;
    const method = opts.method ?? 'bm25-french';
    if (method === 'dense' || method === 'hybrid') {
      throw new LucieError({
        code: 'ROOM_NO_VECTORS',
        found: `a search by meaning (${method}) in a room without vectors`,
        expected: 'bm25 or bm25-french',
        todo: 'open the room with an embedder, or search by words',
      });
    }
    return this.#safely(() => {
      const asked = this.understand(question);
      const scored =
        method === 'bm25' ? searchPlain(this.#db, question, limit) : searchFrench(this.#db, asked, limit);
      return this.#hits(scored, asked);
    });
  }

  /** Writes the room as one file for another place; what stood at `path` is replaced when the copy is whole. */
  exportTo(path: string): void {
    this.#safely(() => exportRoom(this.#db, this.path, path));
  }

  /** Removes a closed room's file and all that belongs to it. */
  static erase(path: string): void {
    eraseRoom(path);
  }

  [Symbol.dispose](): void {
    if (this.#db.isOpen) this.#db.close();
  }

  #hits(scored: readonly Scored[], asked: readonly QuestionWord[]): Hit[] {
    const scores = new Map(scored.map(({ id, score }) => [id, score]));
    return readPassagesById(
      this.#db,
      scored.map(({ id }) => id),
    ).map((passage) => {
      const score = scores.get(passage.id)!;
      return { ...passage, score, lexical: score, asked };
    });
  }

  #row(document: number): RoomDocument | undefined {
    const row = this.#db.prepare(`SELECT ${DOCUMENT_COLUMNS} FROM documents WHERE id = ?`).get(document);
    return row ? toRoomDocument(row as unknown as DocumentRow) : undefined;
  }

  #find(file: string, text: string | null): RoomDocument | undefined {
    const row = this.#db
      .prepare(
        `SELECT ${DOCUMENT_COLUMNS} FROM documents WHERE sha256 = ? OR text_sha256 = ? ORDER BY id LIMIT 1`,
      )
      .get(file, text);
    return row ? toRoomDocument(row as unknown as DocumentRow) : undefined;
  }

  /** The room's words, read once until a document comes or goes, here or in another process. */
  #words(): { of: Vocabulary; passages: number } {
    const version = Number(this.#db.prepare('PRAGMA data_version').get()!.data_version);
    if (this.#vocabulary?.version !== version) {
      const entries = this.#db.prepare('SELECT form, term, count FROM vocabulary').all();
      const { n } = this.#db.prepare('SELECT count(*) AS n FROM passages').get()!;
      this.#vocabulary = {
        of: new Vocabulary(entries as unknown as VocabularyEntry[]),
        passages: Number(n),
        version,
      };
    }
    return this.#vocabulary;
  }

  #safely<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw asRoomError(error, this.path);
    }
  }
}

/** Indexes anew what an older analysis has written. */
function bringUpToDate(db: DatabaseSync): void {
  const current = String(ANALYSIS_VERSION);
  const read = db.prepare("SELECT value FROM meta WHERE key = 'analysis'");
  if (read.get()?.value === current) return;
  inTransaction(db, () => {
    if (read.get()?.value === current) return;
    rebuildIndex(db, readPassages(db));
    db.prepare(
      "INSERT INTO meta (key, value) VALUES ('analysis', ?) ON CONFLICT DO UPDATE SET value = excluded.value",
    ).run(current);
  });
}
