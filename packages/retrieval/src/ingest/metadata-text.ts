/**
 * What a file says about itself: a `text` (title, subject, keywords) is meant for readers; a `name` is of people and
 * publishers; a `mark` of programs, dates and numbers; a `note` is a field of somebody's own.
 */
export type MetadataKind = 'text' | 'name' | 'mark' | 'note';

/** What programs put for a title when nobody chose one, and names of files. */
const NO_TITLE =
  /^(?:(?:microsoft word|powerpoint presentation|présentation powerpoint)\b.*|(?:document|diapositive|slide) ?\d*|untitled.*|sans[ -](?:titre|nom).*|title|titre|[^\s/\\]+\.(?:docx?|odt|rtf|pdf|pptx?|odp|tex|indd|html?|md|txt))$/i;

/** Longer is no name, whatever it says. */
const LONGEST_NAME = 160;

export const isNoTitle = (text: string): boolean => NO_TITLE.test(text.trim());

/** Whether a field holds a text in which a program could find something that no reader of the pages sees. */
export function isMetadataText(kind: MetadataKind, value: string): boolean {
  const text = value.trim();
  if (text === '') return false;
  if (text.length > LONGEST_NAME) return true;
  const words = text.match(/\p{L}{2,}/gu)?.length ?? 0;
  // A point behind small letters: `Mme. C.` is none, and neither is a version.
  const sentence = words >= 4 && /\p{Ll}{2}[.!?…](?:\s|$)/u.test(text);
  if (kind === 'text') return !isNoTitle(text);
  if (kind === 'name') return sentence;
  return kind === 'note' && (sentence || words >= 5);
}
