import type { DatabaseSync } from 'node:sqlite';
import { plainWords } from '../words/plain-words.ts';
import type { QuestionWord } from '../words/understand-question.ts';
import { withSurroundings } from './surroundings.ts';

/** A passage's (or document's) id and how well it fits; larger is better. */
export interface Scored {
  id: number;
  score: number;
}

type Index = 'words' | 'plain' | 'document_words';

/**
 * One query of FTS5 per term, so that a correction can count less than the word itself. BM25 is a sum over terms: what is
 * added here is exactly FTS5's own score when every weight is 1 (k1 = 1.2, b = 0.75, title and headings count like the
 * text). Of the terms that one word of the question may mean, a passage gets the best.
 */
function sql(index: Index, terms: number): string {
  const one = `SELECT rowid AS id, ? AS word, ? * -bm25(${index}) AS score FROM ${index} WHERE ${index} MATCH ?`;
  const each = Array.from({ length: terms }, () => one).join(' UNION ALL ');
  // Materialised: bm25() works only where its table is read, and SQLite would move it into the sum.
  return `WITH found AS MATERIALIZED (${each})
    SELECT id, sum(best) AS score FROM (SELECT id, max(score) AS best FROM found GROUP BY id, word)
    GROUP BY id ORDER BY score DESC, id LIMIT ?`;
}

interface WeightedTerm {
  word: number;
  term: string;
  weight: number;
}

/** SQLite's own limit for the parts of a compound query is 500. */
const MOST_TERMS = 192;

function query(db: DatabaseSync, index: Index, terms: readonly WeightedTerm[], limit: number): Scored[] {
  const asked = terms.slice(0, MOST_TERMS);
  if (asked.length === 0) return [];
  const values = asked.flatMap(({ word, term, weight }) => [word, weight, `"${term.replaceAll('"', '""')}"`]);
  return db.prepare(sql(index, asked.length)).all(...values, limit) as unknown as Scored[];
}

/** Passages that are looked at closer: what stands around them is weighed, too. */
export const CANDIDATES = 150;

/** The query's plan, for tests: no index is read but by its terms. */
export function explainFrench(db: DatabaseSync, terms: number): string[] {
  const values = Array.from({ length: terms }, (_, i) => [i, 1, `"mot${i}"`]).flat();
  const rows = db.prepare(`EXPLAIN QUERY PLAN ${sql('words', terms)}`).all(...values, CANDIDATES);
  return rows.map(({ detail }) => String(detail));
}

/**
 * BM25 over French terms: stems, with what was misspelt corrected at less weight; passages gain by what stands around
 * them. Ties go to the earlier passage.
 */
export function searchFrench(db: DatabaseSync, words: readonly QuestionWord[], limit: number): Scored[] {
  const terms = words.flatMap(({ meant }, word) => meant.map(({ term, weight }) => ({ word, term, weight })));
  const passages = query(db, 'words', terms, Math.max(CANDIDATES, limit));
  const documents = query(db, 'document_words', terms, -1);
  return withSurroundings(db, passages, documents).slice(0, limit);
}

/** BM25 over the words as they are written, in lower case, all of them: search without any knowledge of French. */
export function searchPlain(db: DatabaseSync, question: string, limit: number): Scored[] {
  const terms = [...new Set(plainWords(question.slice(0, 10_000)))].map((term, word) => ({
    word,
    term,
    weight: 1,
  }));
  return query(db, 'plain', terms, limit);
}
