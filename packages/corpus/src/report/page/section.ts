import { type Html, type HtmlPart, html } from '@lucie/ledger';

export interface Section {
  id: string;
  title: Html;
  body: Html;
}

interface Row {
  name: HtmlPart;
  /** Stands under the name, so that a narrow screen has room for the figures beside. */
  bar?: Html;
  cells: readonly HtmlPart[];
  /** Set off as a total. */
  sum?: boolean;
}

/**
 * A table whose first column names the rows. Columns are figures, set to the right, unless `text` says otherwise.
 * @param opts - `wide`: more columns than a narrow screen holds, so it scrolls
 */
export function dataTable(
  head: readonly (HtmlPart | { text: HtmlPart })[],
  rows: readonly Row[],
  opts: { labelledBy: string; wide?: boolean },
): Html {
  const isText = (i: number) => typeof head[i] === 'object' && 'text' in head[i];
  const kind = (i: number) => (i === 0 || isText(i) ? '' : html` class="number"`);
  const columns = head.map((name, i) => {
    const shown = typeof name === 'object' && 'text' in name ? name.text : (name as HtmlPart);
    return html`<th scope="col"${kind(i)}>${shown}</th>`;
  });
  const body = rows.map(
    ({ name, bar, cells, sum }) =>
      html`<tr${sum ? html` class="sum"` : ''}><th scope="row">${name}${bar ?? ''}</th>${cells.map((cell, i) => html`<td${kind(i + 1)}>${cell}</td>`)}</tr>`,
  );
  return html`<div class="${opts.wide ? 'scroll wide' : 'scroll'}" tabindex="0" role="group" aria-labelledby="${opts.labelledBy}"><table${columns.length < 4 ? html` class="narrow"` : columns.length === 4 ? html` class="few"` : ''}><thead><tr>${columns}</tr></thead><tbody>${body}</tbody></table></div>`;
}
