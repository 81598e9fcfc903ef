import type { Language } from './texts.ts';

/** Figures as people of a language read them. */
export interface Formats {
  whole(value: number): string;
  /** Three significant digits and a word or letter for thousands and more: `1,26 M`. */
  compact(value: number): string;
  /** A fixed number of decimals. */
  decimal(value: number, digits: number): string;
  /** As many decimals as tell values `increment` apart. */
  apart(value: number, increment: number): string;
  /** A few significant digits, also for the very small: `0,0031`, `3,1 × 10⁻⁵`. */
  small(value: number): string;
  /** From a part of 1. */
  percent(value: number): string;
  /** From seconds: `25 min`, `1 h 05 min`. */
  duration(seconds: number): string;
  /** From joules, in watt-hours or kilowatt-hours: what an electricity bill speaks. */
  energy(joules: number): string;
  /** Of the clock's own place, from seconds since 1970: `3 novembre 2026 à 08:05`. */
  day(seconds: number): string;
}

const SUPERSCRIPT = '⁰¹²³⁴⁵⁶⁷⁸⁹';

export function formatsFor(language: Language): Formats {
  const locale = language === 'fr' ? 'fr-FR' : 'en-US';
  const number = (options: Intl.NumberFormatOptions) => {
    const format = new Intl.NumberFormat(locale, options);
    return (value: number) => format.format(value);
  };
  const whole = number({ maximumFractionDigits: 0 });
  const significant = number({ maximumSignificantDigits: 3 });
  const two = number({ maximumSignificantDigits: 2 });
  const day = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'short' });
  const unit = (value: number, name: string) => `${value}\u00a0${name}`;
  return {
    whole,
    compact: number({ notation: 'compact', maximumSignificantDigits: 3 }),
    decimal: (value, digits) =>
      number({ minimumFractionDigits: digits, maximumFractionDigits: digits })(value),
    apart(value, increment) {
      const digits = Math.max(0, Math.ceil(-Math.log10(increment)));
      return number({ minimumFractionDigits: digits, maximumFractionDigits: digits })(value);
    },
    small(value) {
      if (value === 0 || Math.abs(value) >= 0.0001) return two(value);
      const power = Math.floor(Math.log10(Math.abs(value)));
      const digits = [...String(-power)].map((digit) => SUPERSCRIPT[Number(digit)]).join('');
      return `${two(value / 10 ** power)} × 10⁻${digits}`;
    },
    percent: number({ style: 'percent', maximumFractionDigits: 1 }),
    duration(seconds) {
      const minutes = Math.round(seconds / 60);
      if (seconds < 60) return unit(Math.round(seconds), 's');
      if (minutes < 60) return unit(minutes, 'min');
      const rest = String(minutes % 60).padStart(2, '0');
      return `${unit(Math.floor(minutes / 60), 'h')} ${unit(0, 'min').replace('0', rest)}`;
    },
    day: (seconds) => day.format(seconds * 1000),
    energy(joules) {
      const hours = joules / 3600;
      return hours < 1000 ? `${significant(hours)}\u00a0Wh` : `${significant(hours / 1000)}\u00a0kWh`;
    },
  };
}
