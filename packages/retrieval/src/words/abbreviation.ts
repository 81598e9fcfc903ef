const set = (words: string): ReadonlySet<string> => new Set(words.trim().split(/\s+/));

/** Titles and the like: a name or a number follows, so their point never ends a sentence; `m.` and `mm.` are measures, and may. */
const BEFORE_NAMES =
  set(`M MM Mr mr Mme mme Mmes mmes Mlle mlle Mlles Dr dr Drs Pr St Ste Me Mgr Gal Cdt av Av bd Bd fig Fig p pp
  chap Chap cf Cf réf Réf tél Tél éd Éd`);
/** A sentence may end with them (lower case): it does where a capital letter follows. */
const ANYWHERE =
  set(`etc ex apr env hab min max janv févr fév avr juil sept oct nov déc j-c jc sup inf cie adj adv fém masc
  sing plur al rem nb obs rép`);

const LABELLED =
  /(?:salle|classe|groupe|point|vitamine|plan|partie|colonne|question|annexe|document|figure|droite|type|bâtiment|équipe|rhésus|[3-6]e)\s$/iu;

/** How far behind a point is looked for the word it belongs to. */
const WINDOW = 40;

/**
 * Whether the point at `at` belongs to an abbreviation, a number or an initial and ends no sentence.
 * @param follows - the first character behind it that is no space; empty at the end of the text
 */
export function isInnerPoint(text: string, at: number, follows: string): boolean {
  // 3.14, 12.000, exemple.fr
  if (/[\p{L}\p{N}]/u.test(text[at + 1] ?? '')) return true;
  if (follows === '') return false;
  const before = text.slice(Math.max(0, at - WINDOW), at);
  const word = /[\p{L}\p{N}]+(?:[.-][\p{L}\p{N}]+)*$/u.exec(before)?.[0] ?? '';
  const lower = word.toLowerCase();
  const capital = /\p{Lu}/u.test(follows);
  if (BEFORE_NAMES.has(word)) return true;
  if (ANYWHERE.has(lower)) return !capital;
  // `1. Le sol`: the number of an item at the beginning of a line.
  if (/^\d{1,2}$/.test(word)) {
    const line = before.slice(0, -word.length);
    return /\n[ \t]*$/.test(line) || (line.trim() === '' && at <= WINDOW);
  }
  // J.-C., S.N.C.F.: like the abbreviations above.
  if (/^\p{L}(?:[.-]+\p{L})+$/u.test(word)) return !capital;
  // `J. Verne`, but `la salle B. Nous`: behind these words a letter is a label.
  if (/^\p{Lu}$/u.test(word)) return capital && !LABELLED.test(before.slice(0, -1));
  return false;
}
