/**
 * `bm25`: words as they are written; `bm25-french`: elisions, stems, accents, numbers and misspellings understood;
 * `dense`: by meaning; `hybrid`: both of the last two.
 */
export type SearchMethod = 'bm25' | 'bm25-french' | 'dense' | 'hybrid';

export interface SearchOptions {
  /** Hits at most; default 10. */
  limit?: number;
  /** Default: `hybrid`; `bm25-french` where the room has no vectors. */
  method?: SearchMethod;
  signal?: AbortSignal;
}
