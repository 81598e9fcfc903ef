/** The words of a text as they are written, in lower case: what search without any knowledge of French compares. */
export function plainWords(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
}
