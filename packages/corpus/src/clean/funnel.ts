import { type Document, documentBytes } from '../document.ts';

/** The rules that refuse documents, in the order in which they are asked. */
export const rules = [
  'unreadable',
  'language',
  'too-short',
  'exact-duplicate',
  'near-duplicate',
  'boilerplate',
  'source-cap',
] as const;

export type Rule = (typeof rules)[number];

export interface Amount {
  documents: number;
  bytes: number;
}

/** What became of one source: read = removed by each rule + bytes of repeated lines + kept + held out. */
export interface Funnel {
  read: Amount;
  removed: Partial<Record<Rule, Amount>>;
  /** Bytes of repeated lines taken out of documents that stayed. */
  repeatedLines: number;
  kept: Amount;
  heldOut: Amount;
}

export function emptyFunnel(): Funnel {
  const none = () => ({ documents: 0, bytes: 0 });
  return { read: none(), removed: {}, repeatedLines: 0, kept: none(), heldOut: none() };
}

export function addTo(amount: Amount, document: Document): void {
  amount.documents++;
  amount.bytes += documentBytes(document);
}
