export type Language = 'fr' | 'en';

const locales = { fr: 'fr-FR', en: 'en-GB' } as const;

/** A number as the language writes it, with up to `digits` decimals. */
export function amount(value: number, language: Language, digits = 0): string {
  return new Intl.NumberFormat(locales[language], { maximumFractionDigits: digits }).format(value);
}

/** A share of one as a percentage with one decimal. */
export function percent(share: number, language: Language): string {
  return `${amount(100 * share, language, 1)} %`;
}

/** A Markdown table. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Paragraphs with an empty line between them, and a final newline. */
export function paragraphs(...parts: readonly (string | undefined)[]): string {
  return `${parts.filter((part) => part !== undefined && part !== '').join('\n\n')}\n`;
}
