/** Declarations by property, in lower case. */
export type Declarations = Map<string, string>;

/** `color: red; margin: 0` (CSS Syntax 3, 5.4); the last of a name wins unless an earlier one is important. */
export function declarations(text: string): Declarations {
  const found: Declarations = new Map();
  const important = new Set<string>();
  for (const piece of withoutComments(text).split(';')) {
    const colon = piece.indexOf(':');
    if (colon < 0) continue;
    const name = piece.slice(0, colon).trim().toLowerCase();
    const raw = piece
      .slice(colon + 1)
      .trim()
      .toLowerCase();
    const value = raw.replace(/\s*!\s*important$/, '');
    if (important.has(name) && value === raw) continue;
    if (value !== raw) important.add(name);
    found.set(name, value);
  }
  return found;
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?(?:\*\/|$)/g, ' ');
}

/** Rules for one element name, class or id alone: those that hide something in practice. */
export class StyleSheet {
  readonly #rules = new Map<string, Declarations>();

  /** Adds the rules of a `<style>`. Those for screens count; others of `@media` and the like are passed over. */
  add(text: string): void {
    const sheet = withoutComments(text);
    let at = 0;
    for (;;) {
      const open = sheet.indexOf('{', at);
      if (open < 0) return;
      // The brace before it ends a block of `@media screen`, whose rules were read one by one.
      const prelude = sheet.slice(at, open).replaceAll('}', ' ').trim();
      if (/^@media\s+(?:only\s+)?(?:screen|all)\b/i.test(prelude)) at = open + 1;
      else if (prelude.startsWith('@')) at = blockEnd(sheet, open);
      else {
        const close = sheet.indexOf('}', open);
        if (close < 0) return;
        this.#addRule(prelude, sheet.slice(open + 1, close));
        at = close + 1;
      }
    }
  }

  #addRule(selectors: string, body: string): void {
    const found = declarations(body);
    for (const selector of selectors.split(',')) {
      const simple = selector.trim();
      if (!/^(?:[a-z][a-z0-9]*|(?:[a-z][a-z0-9]*)?[.#][\w-]+)$/i.test(simple)) continue;
      const rule = this.#rules.get(simple) ?? new Map<string, string>();
      for (const [name, value] of found) rule.set(name, value);
      this.#rules.set(simple, rule);
    }
  }

  get isEmpty(): boolean {
    return this.#rules.size === 0;
  }

  /** Declarations for an element, the more special last: its name, its classes, its id. */
  for(tag: string, classes: string, id: string): Declarations {
    const merged: Declarations = new Map();
    const add = (selector: string) => {
      for (const [name, value] of this.#rules.get(selector) ?? []) merged.set(name, value);
    };
    add(tag);
    for (const name of classes.split(/\s+/).filter(Boolean)) {
      add(`.${name}`);
      add(`${tag}.${name}`);
    }
    if (id !== '') {
      add(`#${id}`);
      add(`${tag}#${id}`);
    }
    return merged;
  }
}

/** Behind the brace that closes the one at `open`. */
function blockEnd(sheet: string, open: number): number {
  let depth = 0;
  for (let at = open; at < sheet.length; at++) {
    if (sheet[at] === '{') depth++;
    else if (sheet[at] === '}' && --depth === 0) return at + 1;
  }
  return sheet.length;
}
