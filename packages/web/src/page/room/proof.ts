import type { Citation } from '@lucie/retrieval';

/** What the reader of documents shows: a page, and the passage marked on it if one is cited. */
export interface Proof {
  document: number;
  title: string;
  page: number;
  cited?: Citation;
}

export function proofOf(cited: Citation): Proof {
  return { document: cited.document, title: cited.title, page: cited.page, cited };
}

/** The citation, on the page that it cites; on every other page nothing is marked. */
export function citedOn(proof: Proof, page: number): Citation | undefined {
  return proof.cited?.page === page ? proof.cited : undefined;
}
