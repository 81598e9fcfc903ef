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

  /** Adds the rules of a `<style>`; what stands in `@media print` and the like is left out, `@media screen` is not. */
  add(text: string): void {
    let sheet = withoutComments(text);
    sheet = sheet.replace(
      /@media\s+(?:only\s+)?(?:screen|all)[^{}]{0,200}\{((?:[^{}]*\{[^{}]*\})*)[^{}]*\}/gi,
      '$1',
    );
    sheet = sheet.replace(/@[\w-]+[^{};]{0,500}\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}/g, '');
    for (const [, selectors, body] of sheet.matchAll(/([^{}]+)\{([^{}]*)\}/g)) {
      const found = declarations(body!);
      for (const selector of selectors!.split(',')) {
        const simple = /^(?:[a-z][a-z0-9]*|(?:[a-z][a-z0-9]*)?[.#][\w-]+)$/i.exec(selector.trim())?.[0];
        if (!simple) continue;
        this.#rules.set(simple, new Map([...(this.#rules.get(simple) ?? []), ...found]));
      }
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
