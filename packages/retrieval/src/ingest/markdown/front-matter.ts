/** The `name: value` lines between `---` at the very start of a file, as site generators keep them. */
export function frontMatter(text: string): { fields: [string, string][]; rest: string } {
  const found = /^---[ \t]*\n([\s\S]{0,20000}?)\n(?:---|\.\.\.)[ \t]*(?:\n|$)/.exec(text);
  if (!found) return { fields: [], rest: text };
  const fields: [string, string][] = [];
  for (const line of found[1]!.split('\n')) {
    const field = /^([\w-]+):\s*(.*)$/.exec(line);
    // Lines without a name go on with the one before: lists and folded texts.
    if (!field && !fields.length) return { fields: [], rest: text };
    if (field) fields.push([field[1]!.toLowerCase(), field[2]!.trim().replace(/^(["'])(.*)\1$/, '$2')]);
    else fields.at(-1)![1] += ` ${line.replace(/^\s*-?\s*/, '').trim()}`;
  }
  return { fields: fields.map(([name, value]) => [name, value.trim()]), rest: text.slice(found[0].length) };
}
