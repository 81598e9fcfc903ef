/** Languages of the original, among which a text of it is to be told. */
export const five = ['fr', 'en', 'de', 'es', 'it'] as const;

export interface Sample {
  language: string;
  text: string;
}

/** Pieces of so many characters, cut wherever they fall: in the middle of words, mostly. */
export function snippets(text: string, characters = 40): string[] {
  const flat = text.replace(/\s+/g, ' ');
  const pieces: string[] = [];
  for (let at = 7; at + characters <= flat.length; at += characters + 7)
    pieces.push(flat.slice(at, at + characters));
  return pieces;
}

export interface Accuracy {
  /** Language → share of its samples that are found to be in it. */
  byLanguage: Record<string, number>;
  /** `es>pt: 3`, for what went wrong. */
  confusion: Record<string, number>;
}

export function accuracy(samples: readonly Sample[], detect: (text: string) => string): Accuracy {
  const total: Record<string, number> = {};
  const right: Record<string, number> = {};
  const confusion: Record<string, number> = {};
  for (const { language, text } of samples) {
    const found = detect(text);
    total[language] = (total[language] ?? 0) + 1;
    if (found === language) right[language] = (right[language] ?? 0) + 1;
    else confusion[`${language}>${found}`] = (confusion[`${language}>${found}`] ?? 0) + 1;
  }
  const byLanguage = Object.fromEntries(
    Object.entries(total).map(([language, count]) => [language, (right[language] ?? 0) / count]),
  );
  return { byLanguage, confusion };
}
