import { type Html, html } from '@lucie/ledger';

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
