import { type Document, parseExtra } from '../document.ts';

export interface Half {
  /** ISO 639-1. */
  language: string;
  text: string;
}

export type Halves = [Half, Half];

/**
 * The two halves of a parallel document, in the order in which it names them: `extra.halves` of `{language, text}`,
 * or the fields of the Lucie Training Dataset, `text_fr` and `text_en` or `text_1`, `lang_1`, `text_2`, `lang_2`.
 * Undefined for any other document.
 */
export function halvesOf(document: Pick<Document, 'extra'>): Halves | undefined {
  // Nearly every document is none: a look is cheaper than parsing.
  if (!/"(?:halves|text_)/.test(document.extra)) return undefined;
  const extra: Record<string, unknown> = parseExtra(document);
  const numbered = [1, 2].map((n) => ({ language: extra[`lang_${n}`], text: extra[`text_${n}`] }));
  const named = Object.keys(extra)
    .filter((key) => /^text_[a-z]{2}$/.test(key))
    .sort((a, b) => Number(b === 'text_fr') - Number(a === 'text_fr') || (a < b ? -1 : 1))
    .map((key) => ({ language: key.slice('text_'.length), text: extra[key] }));
  return [extra.halves, numbered, named].find(isHalves);
}

/** Whether it says that it is parallel text, and whether `parallelRules` has made its text already. */
export function parallelKind(document: Pick<Document, 'extra'>): 'no' | 'to-do' | 'composed' {
  if (!document.extra.includes('"parallel"')) return 'no';
  const { kind, languages }: Record<string, unknown> = parseExtra(document);
  if (kind !== 'parallel') return 'no';
  return Array.isArray(languages) ? 'composed' : 'to-do';
}

function isHalves(value: unknown): value is Halves {
  return (
    Array.isArray(value) &&
    value.length === 2 &&
    value.every(
      (half: Partial<Half> | null) =>
        half !== null && typeof half?.text === 'string' && /^[a-z]{2}$/.test(String(half.language)),
    )
  );
}
