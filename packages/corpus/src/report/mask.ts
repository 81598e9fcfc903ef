const MAIL = /[^\s@<>()[\]"',;:]+@[^\s@<>()[\]"',;:]+\.[\p{L}\d-]+/gu;
const ADDRESS = /\b\d{1,3}(?:\.\d{1,3}){3}\b/g;
/** Six digits or more with at most one separator between two: telephones, accounts, cards, numbers of persons. */
const NUMBER = /\d(?:[ \u00a0\u202f./-]?\d){5,}/g;

/**
 * Personal data is replaced in refused documents too, where it is recognised and the recipe asks for it; a report is
 * shown around. So whatever might be a mail address or a number of a person is covered besides, dates and all: too much
 * rather than too little. Names stay.
 */
export function mask(text: string): string {
  return maskMail(text)
    .replace(ADDRESS, (digits) => digits.replace(/\d/g, '•'))
    .replace(NUMBER, (digits) => digits.replace(/\d/g, '•'));
}

/** For ids and addresses of pages, in which numbers are names of files. */
export function maskMail(text: string): string {
  return text.replace(MAIL, '•@•');
}

/** What a rule measured: a figure stays legible, anything else may be text of the document. */
export function maskValue(value: string): string {
  return /^[\d\s.,%<>=≤≥×/:+-]*$/.test(value) ? value : mask(value);
}

/** Read beyond an excerpt's end, so that what is to be covered is seen whole. */
export const BEYOND = 100;

/**
 * At most so many characters from the beginning, masked.
 * @param text - the text, or as much of it as `characters` and `BEYOND`
 */
export function maskedExcerpt(text: string, characters: number): string {
  if (text.length <= characters) return mask(text);
  // The last word may be half a mail address, which nothing would recognise.
  const whole = text.length >= characters + BEYOND ? text.replace(/\S*$/, '') : text;
  return mask(whole).slice(0, characters).toWellFormed();
}
