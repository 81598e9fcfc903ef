/** Markup that is already safe. Only `html` makes it, so text from a model or a corpus cannot get into a page raw. */
export class Html {
  readonly markup: string;
  constructor(markup: string) {
    this.markup = markup;
  }
}

type Part = Html | string | number | Part[];

/** Builds markup; whatever is interpolated and is not itself `Html` is escaped, for text and for quoted attributes. */
export function html(strings: TemplateStringsArray, ...parts: Part[]): Html {
  let markup = strings[0]!;
  for (const [i, part] of parts.entries()) markup += render(part) + strings[i + 1]!;
  return new Html(markup);
}

function render(part: Part): string {
  if (part instanceof Html) return part.markup;
  if (Array.isArray(part)) return part.map(render).join('');
  return escapeHtml(String(part));
}

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export function escapeHtml(text: string): string {
  // C0 controls and lone surrogates have no place in HTML; a small model may well write them.
  return text
    .toWellFormed()
    .replace(/[&<>"']/g, (char) => entities[char]!)
    .replace(/[\p{Cc}]/gu, (char) => (char === '\n' || char === '\t' ? char : '\uFFFD'));
}

/** French first, English under it. */
export function both(fr: string, en: string): Html {
  return html`<p>${fr}</p><p class="en" lang="en">${en}</p>`;
}

/** A French label with its English beside it. */
export function label(fr: string, en: string): Html {
  return html`${fr} <span class="en" lang="en">${en}</span>`;
}

/** `1,234` in French notation. */
export function decimal(value: number, digits = 3): string {
  return value.toFixed(digits).replace('.', ',');
}

/** `57 %`, with a narrow no-break space as French typography wants it. */
export function percent(value: number): string {
  return `${(100 * value).toFixed(0)}\u202f%`;
}

/** `1 234 567`, with narrow no-break spaces. */
export function whole(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, '\u202f');
}
