/**
 * Lines of columns: the first to the left, the others, which are figures, to the right.
 * @param rows - as long as `head`
 */
export function textTable(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = head.map((name, i) => Math.max(name.length, ...rows.map((row) => row[i]!.length)));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)))
      .join('  ')
      .trimEnd();
  // A space that does not break is for pages: who searches a terminal types a plain one.
  return [line(head), ...rows.map(line)].map((text) => `  ${plainSpaces(text)}`);
}

export function plainSpaces(text: string): string {
  return text.replace(/[\u00a0\u202f]/g, ' ');
}
