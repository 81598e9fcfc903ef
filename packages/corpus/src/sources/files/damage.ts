/**
 * A part of a file that cannot be read: told as a complaint, never an error of the run. Readers throw it inside;
 * `openFiles` turns it into the complaint.
 */
export class Damage extends Error {}

/** The first line of what went wrong, without what a program adds around it. */
export function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split('\n')[0]!.slice(0, 200);
}
