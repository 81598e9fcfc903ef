export type Language = 'fr' | 'en';

const locales = { fr: 'fr-FR', en: 'en-GB' } as const;

/** A number as the language writes it, with up to `digits` decimals. */
export function amount(value: number, language: Language, digits = 0): string {
  return new Intl.NumberFormat(locales[language], { maximumFractionDigits: digits }).format(value);
}

/** A number to two significant digits, however small. */
export function small(value: number, language: Language): string {
  return new Intl.NumberFormat(locales[language], { maximumSignificantDigits: 2 }).format(value);
}

/** A share of one as a percentage with one decimal; a little is not nothing. */
export function percent(share: number, language: Language): string {
  if (share > 0 && share < 0.0005) return `< ${amount(0.1, language, 1)} %`;
  return `${amount(100 * share, language, 1)} %`;
}

/** Bytes in the unit that fits: kB and MB, French ko and Mo, of a thousand. */
export function bytesText(bytes: number, language: Language): string {
  const letter = language === 'fr' ? 'o' : 'B';
  return bytes < 1e6
    ? `${amount(bytes / 1e3, language, 1)} k${letter}`
    : `${amount(bytes / 1e6, language, 1)} M${letter}`;
}

const JOULES_PER_WH = 3600;

/** Energy in Wh, from a thousand on in kWh. */
export function energyText(joules: number, language: Language): string {
  const wattHours = joules / JOULES_PER_WH;
  return wattHours < 1000
    ? `${amount(wattHours, language, 2)} Wh`
    : `${amount(wattHours / 1000, language, 2)} kWh`;
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
