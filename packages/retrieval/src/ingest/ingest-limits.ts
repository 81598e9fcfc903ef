/** What one document may cost. Beyond any of these it is refused by name, and nothing of it is kept. */
export interface IngestLimits {
  /** Of the file as it was sent. */
  bytes: number;
  /** Of what its compressed parts hold, counted while they are unpacked. */
  expandedBytes: number;
  pages: number;
  /** UTF-16 units of all its text, hidden text included. */
  characters: number;
  /** From the call to the answer. */
  ms: number;
  /** The JavaScript heap of the thread that reads it. */
  memoryMiB: number;
}

/** Room for a whole school book, and little enough that one document cannot take a school's small server down. */
export const DEFAULT_INGEST_LIMITS: Readonly<IngestLimits> = {
  bytes: 32 * 2 ** 20,
  expandedBytes: 256 * 2 ** 20,
  pages: 1000,
  characters: 4_000_000,
  ms: 30_000,
  memoryMiB: 512,
};

/**
 * Blocks and hidden texts that a document may have: each costs a room as much as a short sentence, so that a million
 * paragraphs of one letter meet the limit of characters as well.
 */
export const mostItems = ({ characters }: Pick<IngestLimits, 'characters'>): number =>
  Math.ceil(characters / 40);
