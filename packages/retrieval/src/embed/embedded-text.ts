import type { Passage } from '../passage.ts';

/** What of a passage becomes a vector: it is understood under its title and headings, a table's row under its head. */
export function embeddedText(
  passage: Pick<Passage, 'title' | 'headings' | 'text' | 'head' | 'lead'>,
): string {
  const above = [passage.title, ...passage.headings].join(' · ');
  return [above, passage.lead, passage.head, passage.text].filter((part) => part).join('\n');
}
