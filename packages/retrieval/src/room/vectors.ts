import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { LucieError } from '@lucie/ledger';
import { getLoadablePath } from 'sqlite-vec';
import type { Embedder } from '../embedder.ts';

/**
 * One unit vector of 32-bit floats per passage, gone with its passage. An ordinary table: a room is a whole file also
 * where sqlite-vec is not, which only measures distances. Measured with 10,000 × 384: 4.6 ms a question, exact; sqlite-vec's
 * own tables take the same, numbers of 8 bits no less (their distance has no SIMD) and lose 2 % of the nearest 50.
 */
const TABLE = `CREATE TABLE IF NOT EXISTS vectors (
  passage INTEGER PRIMARY KEY REFERENCES passages (id) ON DELETE CASCADE,
  vector BLOB NOT NULL
)`;

/** In `meta`: whose vectors these are. */
const EMBEDDER = 'embedder';

/** Kibibytes of pages that a connection keeps: 10,000 vectors are 15 MB. */
const CACHE = 24_000;

/** A passage by its id, and the cosine between it and the question. */
export interface Near {
  id: number;
  cosine: number;
}

type Named = Pick<Embedder, 'name' | 'dimension'>;

/** The vectors of a room: all of one embedder, whose name the room keeps. */
export class Vectors {
  #db: DatabaseSync;
  #nearest: StatementSync;

  /**
   * @param db - a room's file, opened with `allowExtension`, which is switched off again
   * @throws LucieError `VECTORS_UNAVAILABLE` where sqlite-vec does not load
   */
  constructor(db: DatabaseSync) {
    this.#db = db;
    loadSqliteVec(db);
    db.exec(`${TABLE}; PRAGMA cache_size = -${CACHE}`);
    // Of unit vectors the nearest have the greatest cosine; the Euclidean distance is the one with SIMD.
    this.#nearest = db.prepare(
      `SELECT passage AS id, vec_distance_l2(vector, ?) AS distance FROM vectors ORDER BY distance, passage LIMIT ?`,
    );
  }

  /** Whose vectors these are; undefined before the first. */
  get embedder(): string | undefined {
    const row = this.#db.prepare('SELECT value FROM meta WHERE key = ?').get(EMBEDDER);
    return row ? String(row.value) : undefined;
  }

  /** True where no passage has a vector: counting them would read the whole table. */
  get empty(): boolean {
    return this.#db.prepare('SELECT 1 FROM vectors LIMIT 1').get() === undefined;
  }

  /** Makes the room that embedder's; vectors of another one go. Belongs in a transaction. */
  adopt(embedder: Named): void {
    if (this.embedder === embedder.name) return;
    this.#db.exec('DELETE FROM vectors');
    this.#db.prepare('INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)').run(EMBEDDER, embedder.name);
  }

  /**
   * Keeps vectors of passages; those of passages that have gone meanwhile are left out. Belongs in a transaction.
   * @throws LucieError `VECTORS_OF_ANOTHER` when the room is not that embedder's
   */
  put(embedder: Named, vectors: readonly { id: number; vector: Float32Array }[]): void {
    if (this.embedder !== embedder.name) throw ofAnother(this.embedder, embedder.name);
    const put = this.#db.prepare(
      'INSERT OR REPLACE INTO vectors (passage, vector) SELECT id, ? FROM passages WHERE id = ?',
    );
    for (const { id, vector } of vectors) {
      if (vector.length !== embedder.dimension) throw new RangeError(`${vector.length} numbers`);
      put.run(bytes(vector), id);
    }
  }

  /** Ids of passages without a vector of this embedder, in order. */
  missing(embedder: Named): number[] {
    const sql =
      this.embedder === embedder.name
        ? 'SELECT id FROM passages WHERE id NOT IN (SELECT passage FROM vectors) ORDER BY id'
        : 'SELECT id FROM passages ORDER BY id';
    return this.#db
      .prepare(sql)
      .all()
      .map(({ id }) => Number(id));
  }

  /** The nearest passages, the nearest first; none when the vectors are another embedder's. */
  nearest(embedder: Named, question: Float32Array, limit: number): Near[] {
    if (this.embedder !== embedder.name) return [];
    const rows = this.#nearest.all(bytes(question), limit) as unknown as { id: number; distance: number }[];
    return rows.map(({ id, distance }) => ({ id, cosine: 1 - distance ** 2 / 2 }));
  }
}

const bytes = (vector: Float32Array) => new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength);

function loadSqliteVec(db: DatabaseSync): void {
  try {
    db.enableLoadExtension(true);
    db.loadExtension(getLoadablePath());
  } catch (cause) {
    throw new LucieError({
      code: 'VECTORS_UNAVAILABLE',
      found: `no sqlite-vec for ${process.platform} ${process.arch}`,
      expected: 'its prebuilt library, which npm installs',
      todo: 'run npm install in the checkout; until then search goes by words alone',
      cause,
    });
  } finally {
    // A document's text must never reach `load_extension()`.
    db.enableLoadExtension(false);
  }
}

function ofAnother(found: string | undefined, expected: string): LucieError {
  return new LucieError({
    code: 'VECTORS_OF_ANOTHER',
    found: `a room with vectors of ${found ?? 'no embedder'}`,
    expected: `vectors of ${expected}`,
    todo: 'embed the whole room anew',
  });
}
