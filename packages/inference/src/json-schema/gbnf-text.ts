/** Repetitions that a grammar may write out. */
export const MOST_TIMES = 2000;

/** A GBNF literal of this text. */
export function literal(text: string): string {
  const escaped = text.replace(/["\\]|\p{Cc}/gu, (char) =>
    char === '"' || char === '\\' ? `\\${char}` : `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
  return `"${escaped}"`;
}

/** One of these; a group when there are several. */
export function oneOf(alternatives: readonly string[]): string {
  return alternatives.length === 1 ? alternatives[0]! : `(${alternatives.join(' | ')})`;
}

/** A part between `least` and `most` times. */
export function times(part: string, least: number, most: number): string {
  if (least === 1 && most === 1) return part;
  if (most === Infinity) return `${part}{${least},}`;
  return `${part}{${least},${most}}`;
}
