import type { DatabaseSync } from 'node:sqlite';
import { type QuestionWord, understandQuestion } from '../words/understand-question.ts';
import { Vocabulary, type VocabularyEntry } from '../words/vocabulary.ts';

/** The words of a room, read once until a document comes or goes, over another connection than this one, which only reads them. */
export class RoomWords {
  readonly #db: DatabaseSync;
  #known: { vocabulary: Vocabulary; passages: number; version: number } | undefined;

  constructor(db: DatabaseSync) {
    this.#db = db;
  }

  /** What of these words a question asks for. */
  understand(question: string): QuestionWord[] {
    const { vocabulary, passages } = this.#read();
    return understandQuestion(question, vocabulary, passages);
  }

  #read() {
    // SQLite counts what other connections commit.
    const version = Number(this.#db.prepare('PRAGMA data_version').get()!.data_version);
    if (this.#known?.version !== version) {
      const entries = this.#db.prepare('SELECT form, term, count FROM vocabulary').all();
      const { n } = this.#db.prepare('SELECT count(*) AS n FROM passages').get()!;
      const vocabulary = new Vocabulary(entries as unknown as VocabularyEntry[]);
      this.#known = { vocabulary, passages: Number(n), version };
    }
    return this.#known;
  }
}
