const RAISED = new Map([...'0123456789+-−()n'].map((char, i) => [char, [...'⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁽⁾ⁿ'][i]!]));

/** `m` and a raised `2` are m², not m2. What has raised letters (XIXᵉ, Mᵐᵉ) is written flat, as people type it. */
export function superscript(text: string): string {
  const chars = [...text];
  return chars.every((char) => RAISED.has(char)) ? chars.map((char) => RAISED.get(char)!).join('') : text;
}
