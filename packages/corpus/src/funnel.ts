import { type Document, documentBytes } from './document.ts';

export interface Amount {
  documents: number;
  bytes: number;
}

/** What became of the documents of a source: read = removed by every rule + taken out of documents that stayed + kept. */
export interface Funnel {
  read: Amount;
  /** By rule, in the order in which the rules were asked. */
  removed: Record<string, Amount>;
  /** By rule: bytes taken out of documents that stayed (less than zero where text was added). */
  changed: Record<string, Amount>;
  /** By rule: what it counted besides. */
  counts: Record<string, Record<string, number>>;
  /** What the step let through. */
  kept: Amount;
}

export function emptyFunnel(): Funnel {
  return { read: emptyAmount(), removed: {}, changed: {}, counts: {}, kept: emptyAmount() };
}

export function emptyAmount(): Amount {
  return { documents: 0, bytes: 0 };
}

export function addTo(amount: Amount, document: Pick<Document, 'title' | 'text'>): void {
  amount.documents++;
  amount.bytes += documentBytes(document);
}
