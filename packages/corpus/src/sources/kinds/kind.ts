import type { Complaint, Draft, Entry } from '../adapter.ts';

/** How files of one sort become documents: what Debian packages of that sort share. */
export interface Kind {
  /** True for the files that `read` needs. */
  wants(path: string): boolean;
  /** Yields documents in the order of the archive; a part that cannot be read is a complaint, not an error. */
  read(entries: AsyncIterable<Entry>, complain: Complaint): AsyncGenerator<Draft>;
}

/** The day on which a file was last changed. Debian sets no file of a package later than the package itself. */
export function dateOf(entry: Entry): string {
  const year = entry.modified?.getUTCFullYear() ?? 0;
  return year >= 1990 && year < 2200 ? entry.modified!.toISOString().slice(0, 10) : '';
}
