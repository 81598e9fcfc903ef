/** What the head of a Markdown file says of it. */
export interface FrontMatter {
  title: string;
  /** As written. */
  date: string;
  author: string;
  /** What follows the head. */
  body: string;
}

/** The lines of YAML that people write there: keys, items of a list, continuations, comments, nothing. */
const YAML = /^(?:[\w-]{1,60}[ \t]*:(?:[ \t]|$)|[ \t]*-(?:[ \t]|$)|[ \t]|#|$)/;
const END = /^(?:---|\.\.\.)[ \t]*$/;

/**
 * Takes the YAML head off a Markdown text (between `---` at its very beginning and `---` or `...`); where there is none,
 * or a line in it is no YAML (a rule across the page begins so too), the whole text is the body.
 * @param text - with `\n` as line ends
 */
export function frontMatter(text: string): FrontMatter {
  const none = { title: '', date: '', author: '', body: text };
  if (!/^---[ \t]*\n/.test(text)) return none;
  const head: string[] = [];
  for (let at = text.indexOf('\n') + 1; at > 0 && at < text.length; ) {
    const newline = text.indexOf('\n', at);
    const end = newline < 0 ? text.length : newline;
    const line = text.slice(at, end);
    if (END.test(line)) {
      if (!head.some((one) => one.includes(':'))) return none;
      const field = (name: string) => fieldOf(head, name);
      const author = field('author') || field('authors');
      return { title: field('title'), date: field('date'), author, body: text.slice(end + 1) };
    }
    if (!YAML.test(line)) return none;
    head.push(line);
    at = end + 1;
  }
  return none;
}

/** A value of one line, or the items of a list with commas between them. */
function fieldOf(head: readonly string[], name: string): string {
  const at = head.findIndex((line) => line.slice(0, line.indexOf(':')).trimEnd().toLowerCase() === name);
  if (at < 0) return '';
  const value = head[at]!.slice(head[at]!.indexOf(':') + 1).trim();
  if (value.startsWith('[') && value.endsWith(']'))
    return value.slice(1, -1).split(',').map(scalar).filter(Boolean).join(', ');
  // Text of several lines and the like is YAML proper; nobody writes a title so.
  if (value !== '') return /^[|>&*{]/.test(value) ? '' : scalar(value);
  const items: string[] = [];
  for (let i = at + 1; i < head.length; i++) {
    const item = /^[ \t]*-[ \t]+(.*)$/.exec(head[i]!)?.[1];
    if (item === undefined) break;
    items.push(scalar(item));
  }
  return items.filter(Boolean).join(', ');
}

function scalar(written: string): string {
  const text = written.trim();
  const double = /^"((?:[^"\\]|\\.)*)"/.exec(text)?.[1];
  if (double !== undefined) return double.replace(/\\(["\\])/g, '$1');
  const single = /^'((?:[^']|'')*)'/.exec(text)?.[1];
  if (single !== undefined) return single.replaceAll("''", "'");
  const comment = text.search(/(?:^|[ \t])#/);
  return (comment < 0 ? text : text.slice(0, comment)).trim();
}
