const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');

/**
 * A date as sources write it → `YYYY`, `YYYY-MM` or `YYYY-MM-DD`: ISO 8601 with or without time (its own day, whatever
 * the zone), `20190301`, the dates of HTTP and mail, years as numbers, seconds or milliseconds since 1970. What is
 * none of them comes back as it is, for `faultOf` to refuse: day and month of `03/07/2025` cannot be told apart.
 */
export function normaliseDate(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'bigint') return dateOfNumber(Number(value));
  if (typeof value !== 'string') return '';
  const text = value.trim();
  const iso =
    /^(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2})(?:[T ]\d.*)?)?)?$/.exec(text) ??
    /^(\d{4})(\d{2})(\d{2})(?:T?\d{4,6}Z?)?$/.exec(text);
  if (iso)
    return [iso[1]!, ...iso.slice(2).flatMap((part) => (part ? [part.padStart(2, '0')] : []))].join('-');
  const mail = /^(?:[a-z]{3,9},? )?(\d{1,2})[ -]([a-z]{3})[a-z]*[ -](\d{4})(?: \d.*)?$/i.exec(text);
  const month = mail ? MONTHS.indexOf(mail[2]!.toLowerCase()) + 1 : 0;
  if (mail && month > 0) return `${mail[3]}-${String(month).padStart(2, '0')}-${mail[1]!.padStart(2, '0')}`;
  if (/^\d{9,13}$/.test(text)) return dateOfNumber(Number(text));
  return text;
}

function dateOfNumber(value: number): string {
  if (Number.isInteger(value) && value >= 0 && value <= 9999) return String(value).padStart(4, '0');
  if (Number.isInteger(value) && value >= 10_000_101 && value <= 99_991_231)
    return normaliseDate(String(value));
  // 1e11 seconds lie in the year 5138, 1e11 milliseconds in 1973: between them the unit is plain.
  const date = new Date(Math.abs(value) < 1e11 ? value * 1000 : value);
  return Number.isNaN(date.getTime()) ? String(value) : date.toISOString().replace(/T.*/, '');
}
