import type { DatabaseSync } from 'node:sqlite';
import { LucieError } from '@lucie/ledger';
import type { ParsedDocument } from '../document.ts';
import type { Embedder } from '../embedder.ts';
import type { Hit } from '../passage.ts';
import { type Fused, fuse } from '../search/fuse.ts';
import { type Scored, searchFrench, searchPlain } from '../search/lexical.ts';
import { ANALYSIS_VERSION } from '../words/analyse.ts';
import type { QuestionWord } from '../words/understand-question.ts';
import { Changes } from './changes.ts';
import { Meaning } from './meaning.ts';
import { asRoomError, openRoomFile } from './open-room-file.ts';
import { hashText, type PreparedPassage, prepareDocument } from './prepare-document.ts';
import { readPassagesById } from './read-passages.ts';
import { findDocument, type RoomDocument, readDocument, readDocuments } from './room-document.ts';
import { copyRoom, eraseRoom } from './room-files.ts';
import { RoomWords } from './room-words.ts';
import type { SearchOptions } from './search-options.ts';
import { atOnce, inSlices, type Steps } from './steps.ts';
import { inTransaction } from './transaction.ts';
import type { Near } from './vectors.ts';
import { deleteDocument, insertDocument, rebuildIndex } from './write-document.ts';

/** Passages that each way of searching brings to the common list. */
const CANDIDATES = 50;

/**
 * The documents of a class in one SQLite file, with what it takes to search them. What was added or removed is on the
 * disk when the call returns; a killed process leaves whole documents only.
 */
export class Room implements Disposable {
  readonly path: string;
  readonly #db: DatabaseSync;
  readonly #changes: Changes;
  readonly #words: RoomWords;
  #meaning: Meaning | undefined;
  #withoutMeaning: unknown;

  private constructor(path: string, db: DatabaseSync) {
    this.path = path;
    this.#db = db;
    this.#changes = new Changes(path);
    this.#words = new RoomWords(db);
  }

  /**
   * Opens a room, or begins one where there is no file. A room whose words were analysed in an older way is indexed anew.
   * @param opts.embedder - for search by meaning; where it cannot be had, `searching` says why
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
    const room = new Room(path, db);
    if (opts.embedder) room.#open(opts.embedder);
    return room;
  }

  /**
   * Adds a document, or finds that it is there: the same file, or the same text in another file. A large one is written a
   * little at a time, and nobody finds any of it before all of it is there.
   * @throws the signal's reason when it is aborted before the document is whole: then nothing of it is kept; LucieError
   * `ROOM_CLOSED`, `ROOM_BUSY` (another process writes), `ROOM_NO_SPACE`
   */
  async add(
    parsed: ParsedDocument,
    file: { name: string; sha256: string; bytes: number },
    signal?: AbortSignal,
  ): Promise<{ document: RoomDocument; duplicate: boolean }> {
    const check = () => signal?.throwIfAborted();
    const textSha256 = await inSlices(hashText(parsed), check);
    const known = this.#safely(() => findDocument(this.#db, file.sha256, textSha256));
    if (known) return { document: known, duplicate: true };
    const prepared = await inSlices(prepareDocument(parsed), check);
    const made = await this.#embed(prepared.passages, signal);
    const write = function* (db: DatabaseSync): Steps<{ document: RoomDocument; duplicate: boolean }> {
      // Another process, or another call in the meantime, may have added it.
      const meanwhile = findDocument(db, file.sha256, textSha256);
      if (meanwhile) return { document: meanwhile, duplicate: true };
      const facts = { ...file, textSha256, added: new Date().toISOString() };
      const { document, ids } = yield* insertDocument(db, parsed, { ...prepared, facts });
      if (made) yield* new Meaning(db, made.embedder).put(ids, made.vectors);
      return { document: readDocument(db, document)!, duplicate: false };
    };
    return this.#safelyLater(this.#changes.run(write, { signal }));
  }

  /**
   * Removes a document with every word of it from the file, a little at a time.
   * @returns false when there is none of this number
   * @throws the signal's reason when it is aborted before it is gone: then all of it stays
   */
  async discard(document: number, signal?: AbortSignal): Promise<boolean> {
    return this.#safelyLater(
      this.#changes.run((db) => deleteDocument(db, document), { signal, forget: true }),
    );
  }

  /** All documents in the order in which they were added. */
  documents(): RoomDocument[] {
    return this.#safely(() => readDocuments(this.#db));
  }

  /** A document with its pages, its hidden text and all. */
  document(document: number): (RoomDocument & { parsed: ParsedDocument }) | undefined {
    return this.#safely(() => {
      const facts = readDocument(this.#db, document);
      const row = this.#db.prepare('SELECT parsed FROM documents WHERE id = ?').get(document);
      return facts && row
        ? { ...facts, parsed: JSON.parse(String(row.parsed)) as ParsedDocument }
        : undefined;
    });
  }

  /** What of this room's words a question asks for. */
  understand(question: string): QuestionWord[] {
    return this.#words.understand(question);
  }

  /** How `search` searches when it is not told, and what keeps it from searching by meaning, too. */
  get searching(): { method: 'hybrid' | 'bm25-french'; why?: unknown } {
    if (this.#meaning?.ready && this.#withoutMeaning === undefined) return { method: 'hybrid' };
    return {
      method: 'bm25-french',
      ...(this.#withoutMeaning === undefined ? {} : { why: this.#withoutMeaning }),
    };
  }

  /**
   * Makes the vectors that the room's passages lack, so that it is searched by meaning, too; those of another embedder are
   * replaced. What was made stays when it is stopped.
   * @returns how many were made
   * @throws LucieError `VECTORS_UNAVAILABLE`; what the embedder throws; the signal's reason
   */
  async embedMissing(
    embedder: Embedder,
    opts: { signal?: AbortSignal; progress?: (done: number, all: number) => void } = {},
  ): Promise<number> {
    if (this.#meaning?.embedder !== embedder) this.#meaning = new Meaning(this.#db, embedder);
    const made = await this.#meaning.embedMissing({
      ...opts,
      alone: (write) => this.#changes.alone(async () => this.#safely(write), opts.signal),
    });
    this.#withoutMeaning = undefined;
    return made;
  }

  /**
   * The passages that fit a question best, the best first; ties go to what was added earlier. Where `method` is not given
   * and the embedder fails, words alone are searched, and `searching` says why.
   * @throws LucieError `ROOM_NO_VECTORS` when a search by meaning is asked for and the room has none; the signal's reason
   */
  async search(question: string, opts: SearchOptions = {}): Promise<Hit[]> {
    opts.signal?.throwIfAborted();
    const limit = Math.max(1, Math.trunc(opts.limit ?? 10));
    const near =
      opts.method === 'bm25' || opts.method === 'bm25-french' ? undefined : await this.#near(question, opts);
    return this.#safely(() => {
      const asked = this.understand(question);
      if (opts.method === 'bm25')
        return this.#hits(searchPlain(this.#db, question, limit).map(byWords), asked);
      if (opts.method === 'dense') return this.#hits(fuse([], near ?? [], limit), asked);
      const lexical = searchFrench(this.#db, asked, near ? CANDIDATES : limit);
      return this.#hits(
        near ? fuse(lexical, near, limit, { spread: this.#meaning?.embedder.spread }) : lexical.map(byWords),
        asked,
      );
    });
  }

  /** Writes the room as one file for another place; what stood at `path` is replaced when the copy is whole. */
  async copyTo(path: string, signal?: AbortSignal): Promise<void> {
    await this.#changes.alone(() => this.#safelyLater(copyRoom(this.path, path)), signal);
  }

  /** Removes a closed room's file and all that belongs to it. */
  static erase(path: string): void {
    eraseRoom(path);
  }

  [Symbol.dispose](): void {
    this.#changes[Symbol.dispose]();
    if (this.#db.isOpen) this.#db.close();
  }

  #open(embedder: Embedder): void {
    try {
      this.#meaning = new Meaning(this.#db, embedder);
    } catch (error) {
      this.#withoutMeaning = error;
    }
  }

  /** Vectors of new passages; none where the embedder fails: a document is worth having without them. */
  async #embed(
    passages: readonly PreparedPassage[],
    signal?: AbortSignal,
  ): Promise<{ embedder: Embedder; vectors: Float32Array[] } | undefined> {
    // `embedMissing` may choose another one meanwhile.
    const meaning = this.#meaning;
    try {
      const vectors = await meaning?.embed(
        passages.map(({ passage }) => passage),
        signal,
      );
      return meaning && vectors && { embedder: meaning.embedder, vectors };
    } catch (error) {
      signal?.throwIfAborted();
      this.#withoutMeaning = error;
      return undefined;
    }
  }

  /** What is near in meaning; undefined where it cannot be told and was not insisted on. */
  async #near(question: string, opts: SearchOptions): Promise<Near[] | undefined> {
    const insisted = opts.method !== undefined;
    if (!this.#meaning?.ready) {
      if (insisted) throw noVectors(opts.method!);
      return undefined;
    }
    try {
      const near = await this.#meaning.search(question, CANDIDATES, opts.signal);
      this.#withoutMeaning = undefined;
      return near;
    } catch (error) {
      opts.signal?.throwIfAborted();
      if (insisted) throw error;
      this.#withoutMeaning = error;
      return undefined;
    }
  }

  #hits(found: readonly Fused[], asked: readonly QuestionWord[]): Hit[] {
    const scores = new Map(found.map(({ id, ...score }) => [id, score]));
    return readPassagesById(
      this.#db,
      found.map(({ id }) => id),
    ).map((passage) => ({ ...passage, ...scores.get(passage.id)!, asked }));
  }

  async #safelyLater<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      throw asRoomError(error, this.path);
    }
  }

  #safely<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw asRoomError(error, this.path);
    }
  }
}

const byWords = ({ id, score }: Scored): Fused => ({ id, score, lexical: score });

function noVectors(method: string): LucieError {
  return new LucieError({
    code: 'ROOM_NO_VECTORS',
    found: `a search by meaning (${method}) in a room without vectors of this embedder`,
    expected: 'bm25 or bm25-french',
    todo: 'embed the room, or search by words',
  });
}

/** Indexes anew what an older analysis has written. */
function bringUpToDate(db: DatabaseSync): void {
  const current = String(ANALYSIS_VERSION);
  const read = db.prepare("SELECT value FROM meta WHERE key = 'analysis'");
  if (read.get()?.value === current) return;
  inTransaction(db, () => {
    if (read.get()?.value === current) return;
    atOnce(rebuildIndex(db));
    db.prepare(
      "INSERT INTO meta (key, value) VALUES ('analysis', ?) ON CONFLICT DO UPDATE SET value = excluded.value",
    ).run(current);
  });
}
