/**
 * Whether a path matches a pattern as the hub's own tools read them: `*` is any run of characters inside a folder,
 * `**` across folders, `?` one character, `{a,b}` one of several. A pattern that ends in `/` means all that is below.
 */
export function matchesGlob(path: string, pattern: string): boolean {
  const whole = pattern.endsWith('/') ? `${pattern}**` : pattern;
  let braces = 0;
  const source = whole.replace(/\*\*\/|\*+|[?{},]|[^*?{},]+/g, (part) => {
    if (part === '**/') return '(?:.*/)?';
    if (part.startsWith('**')) return '.*';
    if (part === '*') return '[^/]*';
    if (part === '?') return '[^/]';
    if (part === '{') {
      braces++;
      return '(?:';
    }
    if (part === '}') {
      braces--;
      return ')';
    }
    if (part === ',' && braces > 0) return '|';
    return RegExp.escape(part);
  });
  try {
    return new RegExp(`^(?:${source})$`, 's').test(path);
  } catch {
    // A brace that is never closed: then the pattern is a name.
    return path === pattern;
  }
}
