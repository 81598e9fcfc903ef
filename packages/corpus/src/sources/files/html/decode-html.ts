import { decodeUtf8 } from '../decode-text.ts';

/** Where a page may declare its encoding (WHATWG HTML §13.2.3.2: the first 1024 bytes; real pages are later at times). */
const DECLARED_WITHIN = 4096;
/** More unreadable characters than one in so many: the declared encoding is wrong, and nobody knows the right one. */
const READABLE = 500;

/**
 * Text of a page: byte order mark, then the HTTP header, then the page's own word, then what the bytes look like (UTF-8, else
 * Windows-1252, which browsers assume). Bytes that are valid UTF-8 beyond ASCII are UTF-8 whatever a Latin declaration says.
 * Undefined where the bytes are not what they are said to be.
 */
export function decodeHtml(bytes: Uint8Array, contentType = ''): string | undefined {
  const declared = markOf(bytes) ?? labelIn(contentType) ?? metaLabel(bytes);
  const decoder = declared === undefined ? undefined : decoderOf(declared);
  const latin = decoder === undefined || /^(windows-125\d|iso-8859-\d+)$/.test(decoder.encoding);
  const utf8 = latin ? decodeUtf8(bytes) : undefined;
  if (utf8 !== undefined) return utf8;
  const text = (decoder ?? new TextDecoder('windows-1252')).decode(bytes);
  const unreadable = text.split('\uFFFD').length - 1;
  return unreadable * READABLE > text.length ? undefined : text;
}

function markOf(bytes: Uint8Array): string | undefined {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  return undefined;
}

function metaLabel(bytes: Uint8Array): string | undefined {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, DECLARED_WITHIN)).toString(
    'latin1',
  );
  const meta = /<meta[^>]{0,300}charset\s{0,9}=\s{0,9}["']?\s{0,9}([\w:-]{1,40})/i.exec(head)?.[1];
  // A page whose declaration could be read as ASCII is not in UTF-16 (WHATWG HTML §13.2.3.3).
  return meta && /^utf-?16/i.test(meta) ? 'utf-8' : meta;
}

function labelIn(contentType: string): string | undefined {
  return /charset\s{0,9}=\s{0,9}["']?([\w:-]{1,40})/i.exec(contentType)?.[1];
}

function decoderOf(label: string): InstanceType<typeof TextDecoder> | undefined {
  try {
    return new TextDecoder(label);
  } catch {
    return undefined;
  }
}
