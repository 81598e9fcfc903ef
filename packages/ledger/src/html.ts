/** Markup that is already safe. Only `html` makes it: text of a corpus or a model cannot get into a page raw. */
export class Html {
  readonly markup: string;
  constructor(markup: string) {
    this.markup = markup;
  }
}

export type HtmlPart = Html | string | number | HtmlPart[];

/** Builds markup; whatever is put in and is not itself `Html` is escaped, for text and for quoted attributes. */
export function html(strings: TemplateStringsArray, ...parts: HtmlPart[]): Html {
  let markup = strings[0]!;
  for (const [i, part] of parts.entries()) markup += render(part) + strings[i + 1]!;
  return new Html(markup);
}

function render(part: HtmlPart): string {
  if (part instanceof Html) return part.markup;
  if (Array.isArray(part)) return part.map(render).join('');
  return escapeHtml(String(part));
}

const entities = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&#39;'],
]);

export function escapeHtml(text: string): string {
  // Controls and lone surrogates have no place in HTML; refused text and small models hold them all the same.
  return text
    .toWellFormed()
    .replace(/[&<>"']/g, (char) => entities.get(char)!)
    .replace(/\p{Cc}/gu, (char) => (char === '\n' || char === '\t' ? char : '\uFFFD'));
}
