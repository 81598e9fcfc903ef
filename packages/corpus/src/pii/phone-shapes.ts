import type { CountryCode } from 'libphonenumber-js/max';
import { languagesOfPair } from '../mix/language-group.ts';
import { PHONE_MARKS, SEPARATORS } from './characters.ts';

const s = `[${SEPARATORS}]{1,3}`;
const shape = (...alternatives: string[]) => new RegExp(`(?:${alternatives.join('|')})(?!\\d)`, 'y');

/**
 * How national numbers are written where nothing else says that they are numbers to call. Each is checked against the
 * country's plan afterwards.
 */
export const phoneShapes: {
  countries: readonly CountryCode[];
  pattern: RegExp;
  /** Numbers have no fixed length: they may end behind any group of what the pattern takes. */
  variable?: true;
}[] = [
  {
    // 06 12 34 56 78, 06.12.34.56.78, 06 · 12 · 34 · 56 · 78, 0612345678, 0262 20 30 40, 0612 345 678, 06 12345678
    countries: ['FR', 'RE', 'YT', 'GP', 'MQ', 'GF'],
    pattern: shape(
      `\\(?0\\d\\)?(?:${s}\\d\\d){4}`,
      `0\\d(?:[ \\u00a0]?[${PHONE_MARKS}][ \\u00a0]?\\d\\d){4}`,
      '0\\d{9}',
      `0\\d{3}(?:${s}\\d\\d){3}`,
      `0\\d{3}(?:${s}\\d{3}){2}`,
      `0\\d${s}\\d{8}`,
    ),
  },
  {
    // 02 345 67 89, 071 12 34 56, 0475 12 34 56, 0475/12.34.56, 0475/123456
    countries: ['BE'],
    pattern: shape(
      `\\(?0\\d\\)?${s}\\d{3}${s}\\d\\d${s}\\d\\d`,
      `\\(?0\\d{2,3}\\)?(?:${s}\\d\\d){3}`,
      `0\\d{1,3}[ /]\\d{6,7}`,
    ),
  },
  {
    // 044 668 18 00, 079 123 45 67
    countries: ['CH'],
    pattern: shape(`\\(?0\\d\\d\\)?${s}\\d{3}${s}\\d\\d${s}\\d\\d`),
  },
  {
    // 030 1234567, (030) 123 45 67, 0170/1234567, 01701234567; 02110-1301 is a postcode of the United States
    countries: ['DE'],
    variable: true,
    pattern: shape(
      `(?!\\d{5}-\\d{4}(?!\\d))\\(?0[1-9]\\d{1,4}\\)?${s}\\d{2,8}(?:${s}\\d{1,5}){0,3}`,
      '01[5-7]\\d{8,9}',
    ),
  },
  {
    // 020 7946 0958, 07700 900123, 01632 960 123, (0113) 496 0000, 07700900123
    countries: ['GB'],
    pattern: shape(
      `\\(?0\\d{2}\\)?${s}\\d{4}${s}\\d{4}`,
      `\\(?0\\d{3}\\)?${s}\\d{3}${s}\\d{4}`,
      `\\(?0\\d{4}\\)?${s}\\d{6}`,
      `\\(?0\\d{4}\\)?${s}\\d{3}${s}\\d{3}`,
      '0[127]\\d{9}',
    ),
  },
  {
    // (212) 555-0123, 212-555-0123, 212.555.0123, 1-212-555-0123
    countries: ['US'],
    pattern: shape(`(?:1${s})?(?:\\(\\d{3}\\)(?:${s})?|\\d{3}${s})\\d{3}${s}\\d{4}`),
  },
  {
    // 612 345 678, 612 34 56 78, 91 234 56 78; with dots 612.345.678 is rather an amount
    countries: ['ES'],
    pattern: shape(
      `[6-9]\\d{2}[ \\u00a0\\u202f-]\\d{3}[ \\u00a0\\u202f-]\\d{3}`,
      `\\(?[6-9]\\d{2}\\)?(?:${s}\\d\\d){3}`,
      `\\(?9\\d\\)?${s}\\d{3}${s}\\d\\d${s}\\d\\d`,
    ),
  },
  {
    // 347 123 4567, 347/1234567, 06 1234 5678, 055 123456, (02) 1234567
    countries: ['IT'],
    variable: true,
    pattern: shape(
      `3\\d{2}${s}\\d{2,7}(?:${s}\\d{2,4}){0,3}`,
      `\\(?0\\d{1,3}\\)?${s}\\d{3,8}(?:${s}\\d{2,4}){0,2}`,
    ),
  },
];

const countriesOf: Record<string, readonly CountryCode[]> = {
  fr: ['FR', 'RE', 'YT', 'GP', 'MQ', 'GF', 'BE', 'CH'],
  de: ['DE', 'CH'],
  en: ['GB', 'US'],
  es: ['ES'],
  it: ['IT', 'CH'],
};

/** Countries whose national numbers are looked for in a document of this language, or of both of a pair. */
export function phoneCountries(language: string): readonly CountryCode[] {
  const languages = languagesOfPair(language) ?? [language];
  return [...new Set(languages.flatMap((one) => countriesOf[one] ?? []))];
}
