const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');

/**
 * A date as sources write it → `YYYY`, `YYYY-MM` or `YYYY-MM-DD`: ISO 8601 with or without time (its own day, whatever
 * the zone), `20190301`, the dates of HTTP and mail, years as numbers, seconds or milliseconds since 1970. What is
 * none of them comes back as it is, for `faultOf` to refuse: day and month of `03/07/2025` cannot be told apart, and
 * `202101` may be anything.
 */
export function normaliseDate(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'bigint') return normaliseDate(textOfNumber(value));
  if (typeof value !== 'string') return '';
  const text = value.trim();
  const iso = /^(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2})(?:[T ]\d.*)?)?)?$/.exec(text);
  if (iso)
    return [iso[1]!, ...iso.slice(2).flatMap((part) => (part ? [part.padStart(2, '0')] : []))].join('-');
  const mail = /^(?:[a-z]{3,9},? )?(\d{1,2})[ -]([a-z]{3})[a-z]*[ -](\d{4})(?: \d.*)?$/i.exec(text);
  const month = mail ? MONTHS.indexOf(mail[2]!.toLowerCase()) + 1 : 0;
  if (mail && month > 0) return `${mail[3]}-${String(month).padStart(2, '0')}-${mail[1]!.padStart(2, '0')}`;
  return compactDate(text) ?? epochDate(text) ?? text;
}

/** A year has four digits. */
function textOfNumber(value: number | bigint): string {
  const text = String(value);
  return /^\d{1,4}$/.test(text) ? text.padStart(4, '0') : text;
}

/** `20190301`, `201903011200`, `20190301T120000Z`: 8, 12 or 14 digits that are in the calendar, on the clock. */
function compactDate(text: string): string | undefined {
  const compact =
    /^(\d{4})(\d{2})(\d{2})(?:T?(?:[01]\d|2[0-3])[0-5]\d(?:(?:[0-5]\d|60)(?:\.\d+)?)?Z?)?$/.exec(text);
  if (!compact) return undefined;
  const [year, month, day] = compact.slice(1).map(Number) as [number, number, number];
  // The last day of a month is the day before the first of the next one.
  const days = month >= 1 && month <= 12 ? new Date(Date.UTC(year, month, 0)).getUTCDate() : 0;
  return day >= 1 && day <= days ? compact.slice(1).join('-') : undefined;
}

/**
 * Seconds since 1970 have 9 to 11 digits (from 1973 on), milliseconds 13 (from 2001 on) or 12 (from 1973 on; those
 * that begin with 1 or 2 could be a day with hour and minute, and are left).
 */
function epochDate(text: string): string | undefined {
  const epoch = /^(?:(\d{9,11})|(\d{13}|[3-9]\d{11}))(?:\.\d*)?$/.exec(text);
  if (!epoch) return undefined;
  const date = new Date(epoch[2] === undefined ? Number(epoch[1]) * 1000 : Number(epoch[2]));
  return date.toISOString().replace(/T.*/, '');
}
