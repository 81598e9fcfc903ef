/**
 * Whether a path begins as the pattern says: `*` stands for any run of characters, `$` at the end for the path's end.
 * Escapes that stand for ordinary characters are undone on both sides first (RFC 3986 §2.3). Linear in path × stars.
 */
export function matchesPath(pattern: string, path: string): boolean {
  const whole = pattern.endsWith('$');
  const parts = normalPath(whole ? pattern.slice(0, -1) : pattern).split('*');
  const target = normalPath(path);
  const first = parts[0]!;
  if (!target.startsWith(first)) return false;
  if (parts.length === 1) return !whole || target.length === first.length;
  let at = first.length;
  const last = parts.at(-1)!;
  for (const part of parts.slice(1, whole ? -1 : undefined)) {
    const found = target.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return !whole || (target.length - last.length >= at && target.endsWith(last));
}

/** Undoes escapes of ordinary characters, and writes the others in capitals. */
export function normalPath(text: string): string {
  return text.replace(/%[0-9a-f]{2}/gi, (coded) => {
    const char = String.fromCharCode(Number.parseInt(coded.slice(1), 16));
    return /[\w.~-]/.test(char) ? char : coded.toUpperCase();
  });
}
