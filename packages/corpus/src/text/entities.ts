import { entityNames, oldNames } from './entity-names.ts';
import { fromWindows1252 } from './windows-1252.ts';

/** An old name at the beginning; none of them begins another. In an address (`?a=1&copy=2`) it is none. */
const OLD = new RegExp(`^(${[...oldNames.keys()].join('|')})(?!=)`);

/**
 * Replaces HTML character references as browsers do: numbers from 128 to 159 are Windows-1252, the names of Latin-1 need
 * no `;`. Unknown ones stay as they are, impossible code points become U+FFFD.
 */
export function decodeEntities(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(
    /&(?:#x([0-9a-f]{1,40});?|#([0-9]{1,40});?|([a-z][a-z0-9]{1,7}(?:;|=)?))/gi,
    (_, hex, decimal, name) =>
      name ? decodeName(name) : decodeNumber(hex ? Number.parseInt(hex, 16) : Number(decimal)),
  );
}

function decodeName(written: string): string {
  const known = written.endsWith(';') ? entityNames.get(written.slice(0, -1)) : undefined;
  if (known !== undefined) return known;
  const old = OLD.exec(written)?.[1];
  return old === undefined ? `&${written}` : oldNames.get(old)! + written.slice(old.length);
}

function decodeNumber(code: number): string {
  if (code > 0x10ffff || code === 0 || (code >= 0xd800 && code <= 0xdfff)) return '\ufffd';
  return code >= 0x80 && code <= 0x9f ? fromWindows1252(code) : String.fromCodePoint(code);
}
