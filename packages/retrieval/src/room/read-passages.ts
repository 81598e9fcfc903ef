import type { DatabaseSync } from 'node:sqlite';
import type { Passage } from '../passage.ts';

interface PassageRow {
  id: number;
  document: number;
  title: string;
  page: number;
  paragraph: number;
  kind: Passage['kind'];
  start: number;
  end: number;
  text: string;
  headings: string;
  head: string | null;
  lead: string | null;
}

const SELECT = `SELECT passages.id, document, documents.title, page, paragraph, kind, start, "end", text, headings, head, lead
  FROM passages JOIN documents ON documents.id = passages.document`;

function toPassage({ headings, head, lead, ...row }: PassageRow): Passage & { id: number } {
  return {
    ...row,
    headings: JSON.parse(headings) as string[],
    ...(head === null ? {} : { head }),
    ...(lead === null ? {} : { lead }),
  };
}

/** Passages by their ids, in the order of the ids; those that are gone are left out. */
export function readPassagesById(db: DatabaseSync, ids: readonly number[]): (Passage & { id: number })[] {
  const read = db.prepare(`${SELECT} WHERE passages.id = ?`);
  return ids.flatMap((id) => {
    const row = read.get(id) as unknown as PassageRow | undefined;
    return row ? [toPassage(row)] : [];
  });
}
