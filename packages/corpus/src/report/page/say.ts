import { type Html, type HtmlPart, html } from '@lucie/ledger';

export type Language = 'fr' | 'en';

const locales = { fr: 'fr-FR', en: 'en-GB' } as const;

/** Both languages; the page shows the one that its reader has chosen. Written once where they do not differ. */
export function say(fr: HtmlPart, en: HtmlPart): Html {
  const [french, english] = [html`${fr}`, html`${en}`];
  if (french.markup === english.markup) return french;
  return html`<span class="fr" lang="fr">${french}</span><span class="en" lang="en">${english}</span>`;
}

/** The same inside an SVG's text. */
export function sayInSvg(fr: string, en: string): Html {
  if (fr === en) return html`${fr}`;
  return html`<tspan class="fr" lang="fr">${fr}</tspan><tspan class="en" lang="en">${en}</tspan>`;
}

export function inBoth(write: (language: Language) => HtmlPart): Html {
  return say(write('fr'), write('en'));
}

/** A number as each language writes it. */
export function figure(value: number, digits = 0): Html {
  return inBoth((language) => figureText(value, language, digits));
}

export function figureText(value: number, language: Language, digits = 0): string {
  return new Intl.NumberFormat(locales[language], { maximumFractionDigits: digits }).format(value);
}

/** A share of one in per cent, with one decimal; a little is not nothing, and almost all is not all. */
export function percent(share: number): Html {
  return inBoth((language) => percentText(share, language));
}

export function percentText(share: number, language: Language): string {
  const space = language === 'fr' ? '\u202f' : '';
  const text = (value: number) => `${figureText(value, language, 1)}${space}%`;
  if (share > 0 && share < 0.0005) return `<\u00a0${text(0.1)}`;
  if (share < 1 && share > 0.9995) return `>\u00a0${text(99.9)}`;
  return text(100 * share);
}

/** Bytes in the unit that fits, of a thousand: kB, MB, GB, TB; ko, Mo, Go, To in French. */
export function bytes(value: number): Html {
  return inBoth((language) => bytesText(value, language));
}

export function bytesText(value: number, language: Language): string {
  const [number, prefix] = scaled(value, ['', 'k', 'M', 'G', 'T', 'P']);
  const digits = prefix === '' || number >= 100 ? 0 : 1;
  return `${figureText(number, language, digits)}\u00a0${prefix}${language === 'fr' ? 'o' : 'B'}`;
}

/** An estimate to three digits: more would promise what nobody has counted. */
export function estimate(value: number): Html {
  return inBoth((language) => estimateText(value, language));
}

export function estimateText(value: number, language: Language): string {
  const rounded = value === 0 ? 0 : Number(value.toPrecision(3));
  const [number, power] = scaled(rounded, [0, 1, 2, 3, 4] as const);
  const names = { fr: ['', 'mille', 'M', 'Md', 'Bn'], en: ['', 'k', 'M', 'B', 'T'] }[language];
  const unit = names[power]!;
  return power < 2
    ? figureText(rounded, language)
    : `${figureText(number, language, number >= 100 ? 0 : number >= 10 ? 1 : 2)}\u00a0${unit}`;
}

function scaled<T>(value: number, units: readonly T[]): [number, T] {
  let at = 0;
  let number = value;
  // From 999.5 on three digits would be four.
  while (Math.abs(number) >= 999.5 && at < units.length - 1) {
    number /= 1000;
    at++;
  }
  return [number, units[at]!];
}
