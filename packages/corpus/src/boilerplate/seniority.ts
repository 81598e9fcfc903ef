import type { Document } from '../document.ts';

/** Sorts oldest first, undated last, then by id: the most senior document keeps what others repeat. */
export function seniority(document: Pick<Document, 'date' | 'id'>): string {
  return `${document.date || '9999'} ${document.id}`;
}
