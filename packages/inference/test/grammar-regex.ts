/**
 * A regular expression with the same language as a GBNF expression without names of rules: a second reading of the
 * notation, to compare with.
 */
export function regexOf(gbnf: string): RegExp {
  const source = gbnf.replace(
    /"((?:[^"\\]|\\.)*)"|\[((?:[^\]\\]|\\.)*)\]| +/g,
    (found, text?: string, set?: string) => {
      if (text !== undefined) return `(?:${plain(text).replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')})`;
      if (set !== undefined)
        return `[${set.replace(/\\U([0-9a-fA-F]{8})/g, '\\u{$1}').replaceAll('\\"', '"')}]`;
      return found.replace(/ +/, '');
    },
  );
  return new RegExp(`^(?:${source})$`, 'u');
}

function plain(text: string): string {
  return text.replace(/\\(x[0-9a-fA-F]{2}|.)/g, (_, mark: string) =>
    mark.length > 1
      ? String.fromCharCode(Number.parseInt(mark.slice(1), 16))
      : ({ n: '\n', r: '\r', t: '\t' }[mark] ?? mark),
  );
}
