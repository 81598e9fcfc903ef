const SUPERSCRIPT = new Map([...'0123456789-+'].map((char, index) => [char, [...'⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺'][index]!]));
const SUBSCRIPT = new Map([...'0123456789'].map((char, index) => [char, [...'₀₁₂₃₄₅₆₇₈₉'][index]!]));

/** `m` + superscript `2` is m², while `1` + superscript `er` stays 1er, as French text is typed. */
export function superscript(text: string): string {
  return raise(text, SUPERSCRIPT);
}

/** `CO` + subscript `2` is CO₂. */
export function subscript(text: string): string {
  return raise(text, SUBSCRIPT);
}

function raise(text: string, table: Map<string, string>): string {
  const chars = [...text.trim()];
  return chars.every((char) => table.has(char)) ? chars.map((char) => table.get(char)).join('') : text;
}
