import { checkLanguage } from '../clean/language.ts';

/** As the language rule of `nano` (options.ts), but on one paragraph. */
const PARAGRAPH = { minimumLetters: 40, minimumShare: 0.5, tolerance: 0.97 };
/** Of the letters: a text of which less remains is not a translation with gaps but another language. */
const MINIMUM_SHARE = 0.5;

/**
 * The paragraphs of a text that are in its language: translated manuals keep what is not translated yet in English.
 * Short paragraphs and program text, which tell no language, stay. A text mostly in other languages comes back whole,
 * for the rule on languages to refuse and to count.
 */
export function ownLanguage(text: string, language: string): string {
  // Items of a list are translated one by one.
  const parts = text.split(/(\n{2,}|\n(?=- ))/);
  let kept = '';
  let foreign = false;
  for (let i = 0; i < parts.length; i += 2) {
    if (checkLanguage(parts[i]!, language, PARAGRAPH).ok)
      kept += (kept === '' ? '' : (parts[i - 1] ?? '')) + parts[i];
    else foreign = true;
  }
  if (!foreign) return text;
  return letters(kept) < MINIMUM_SHARE * letters(text) ? text : kept;
}

function letters(text: string): number {
  return text.replace(/[^\p{L}]/gu, '').length;
}
