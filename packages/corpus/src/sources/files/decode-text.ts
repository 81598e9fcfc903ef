const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Text of bytes that must be UTF-8, without a byte order mark; undefined where they are not. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}
