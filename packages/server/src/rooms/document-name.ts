/** Most characters of a document's name. */
const MAX_NAME = 200;

/** A file's name as people see it: no folders, no control characters, no marks that turn the reading direction. */
export function documentName(sent: string): string {
  const last = sent.split(/[/\\]/).at(-1)!;
  const plain = last
    .toWellFormed()
    .normalize('NFC')
    .replace(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029]/gu, '')
    .trim();
  const short = Array.from(plain).slice(0, MAX_NAME).join('');
  return short === '' || /^\.+$/.test(short) ? 'document' : short;
}

/** A header that makes browsers save the file under this name, and never show it as a page of ours (RFC 6266). */
export function attachment(name: string): string {
  const ascii = name.replace(/[^A-Za-z0-9 ._-]/g, '_');
  const encoded = encodeURIComponent(name.toWellFormed()).replace(
    /['()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}
