/**
 * Cuts a text into chunks of at most `maximum` characters, each at the last line end that fits; where a line is
 * longer, at a space, or anywhere but inside a character. A last chunk below `minimum` joins the one before it. The
 * chunks put together are the text.
 */
export function chunkText(text: string, opts: { maximum: number; minimum: number }): string[] {
  const chunks: string[] = [];
  for (let start = 0; start < text.length; ) {
    const end =
      text.length - start <= opts.maximum ? text.length : cutBefore(text, start, start + opts.maximum);
    if (end - start < opts.minimum && end === text.length && chunks.length > 0)
      chunks[chunks.length - 1] += text.slice(start, end);
    else chunks.push(text.slice(start, end));
    start = end;
  }
  return chunks;
}

function cutBefore(text: string, start: number, limit: number): number {
  const window = text.slice(start, limit);
  for (const sign of ['\n', ' ']) {
    const at = window.lastIndexOf(sign);
    if (at > 0) return start + at + 1;
  }
  const code = text.charCodeAt(limit);
  return code >= 0xdc00 && code < 0xe000 ? limit - 1 : limit;
}
