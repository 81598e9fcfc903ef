import { unreadFormat } from './document-error.ts';

/** Bytes 0x80 to 0x9f of Windows-1252 (WHATWG Encoding Standard); all others are Latin-1. */
const WINDOWS_1252 = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';

/** At most one broken character to this many sound ones: a damaged UTF-8 file, not one of another encoding. */
const SOUND_PER_BROKEN = 10;

export interface DecodedText {
  text: string;
  /** For people, when a guess was needed. */
  warning?: string;
}

/**
 * Text of a file: UTF-8, UTF-16 with a byte order mark, else Windows-1252. Line ends become `\n`; the mark is gone.
 * @param declared - an encoding that the file itself names, used when it is not UTF-8.
 * @throws LucieError DOCUMENT_FORMAT when the bytes are not text.
 */
export function decodeText(bytes: Uint8Array, declared?: string): DecodedText {
  const decoded = decode(bytes, declared);
  const text = decoded.text.replace(/^\ufeff/, '').replace(/\r\n?/g, '\n');
  if (!isText(text)) throw unreadFormat('bytes that are not text');
  return { ...decoded, text };
}

function decode(bytes: Uint8Array, declared?: string): DecodedText {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return { text: new TextDecoder('utf-16le').decode(bytes) };
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return { text: new TextDecoder('utf-16be').decode(bytes) };
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    const lossy = new TextDecoder().decode(bytes);
    const brokenOnes = lossy.split('\ufffd').length - 1;
    const sound = lossy.match(/[\u0080-\ufffc]/g)?.length ?? 0;
    if (sound >= brokenOnes * SOUND_PER_BROKEN)
      return {
        text: lossy,
        warning: 'Des caractères abîmés n’ont pas pu être lus ; ils apparaissent comme « \ufffd ».',
      };
    const text = decodeDeclared(bytes, declared) ?? decodeWindows1252(bytes);
    return {
      text,
      warning: 'Le fichier n’est pas en UTF-8 ; ses accents ont été lus selon un codage plus ancien.',
    };
  }
}

function decodeDeclared(bytes: Uint8Array, label: string | undefined): string | undefined {
  if (!label || /^(utf-?8|us-ascii|iso-?8859-?1|latin-?1|windows-1252|cp-?1252)$/i.test(label))
    return undefined;
  try {
    return new TextDecoder(label).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Own table: Node's decoder of this name has read these bytes as Latin-1 in some versions. */
function decodeWindows1252(bytes: Uint8Array): string {
  return Buffer.from(bytes)
    .toString('latin1')
    .replace(/[\x80-\x9f]/g, (char) => WINDOWS_1252[char.charCodeAt(0) - 0x80]!);
}

/** Text has no NUL and hardly another control character; a program or a picture read as Latin-1 has many. */
function isText(text: string): boolean {
  let controls = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit === 0) return false;
    if ((unit < 0x20 && !(unit >= 0x09 && unit <= 0x0d) && unit !== 0x1b) || unit === 0x7f) controls++;
  }
  return controls * 200 <= text.length;
}
