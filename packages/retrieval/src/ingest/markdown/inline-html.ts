/** Where a backslash takes a sign's meaning (CommonMark 0.31, 2.4), kept apart while the others are read. */
const ESCAPED = /\\([!-/:-@[-`{-~])/g;

/** Kept pieces are written as private characters around a number, which no text of a document can contain afterwards. */
const KEPT = /\ue000(\d+)\ue001/g;

/** Emphasis, code, links and pictures within a line, as HTML. Tags in it stay; a reader of HTML judges them. */
export function inlineHtml(source: string): string {
  const kept: string[] = [];
  const keep = (html: string): string => `\ue000${kept.push(html) - 1}\ue001`;
  const code = withCode(source.replace(/[\ue000\ue001]/g, ''), (span) =>
    keep(escapeText(span.replace(/\n/g, ' ').trim())),
  );
  const text = withComments(code, keep)
    .replace(ESCAPED, (_, sign: string) => keep(escapeText(sign)))
    .replace(/<(?:https?:\/\/|mailto:)([^\s<>]*)>/g, (whole) => keep(escapeText(whole.slice(1, -1))))
    // A tag keeps its attributes as they are: underscores and stars in them mean nothing.
    .replace(/<\/?[a-z][^<>]*>/gi, (tag) => keep(tag))
    .replace(/!\[([^[\]]*)\]\(([^()\s]*)(?:\s+"([^"]*)")?\)/g, (_, alt: string, _address, title = '') =>
      keep(`<img alt="${attribute(alt)}" title="${attribute(title)}">`),
    )
    .replace(/!\[([^[\]]*)\]\[[^[\]]*\]/g, (_, alt: string) => keep(`<img alt="${attribute(alt)}">`))
    .replace(
      /\[([^[\]]*)\]\((?:[^()\s]|\([^()\s]*\))*(?:\s+"([^"]*)")?\)/g,
      (_, words: string, title = '') =>
        title ? `${words}${keep(`<a title="${attribute(title)}"></a>`)}` : words,
    )
    .replace(/\[([^[\]]+)\]\[[^[\]]*\]/g, '$1')
    .replace(/(\*{1,3})(?=\S)([^*]*[^*\s])\1/g, '$2')
    .replace(/(?<![\p{L}\p{N}_])(_{1,3})(?=\S)([^_]*[^_\s])\1(?![\p{L}\p{N}_])/gu, '$2')
    .replace(/~~(?=\S)([^~]*[^~\s])~~/g, '$1');
  return restore(escapeLone(text), kept);
}

/** Code stands between runs of as many backticks (6.1). */
function withCode(text: string, replace: (code: string) => string): string {
  const runs = [...text.matchAll(/`+/g)];
  const byLength = new Map<number, number[]>();
  for (const [i, run] of [...runs.entries()].reverse()) {
    const places = byLength.get(run[0].length);
    if (places) places.push(i);
    else byLength.set(run[0].length, [i]);
  }
  let out = '';
  let from = 0;
  for (let i = 0; i < runs.length; i++) {
    const open = runs[i]!;
    const places = byLength.get(open[0].length)!;
    while (places.length > 0 && places.at(-1)! <= i) places.pop();
    const close = places.at(-1);
    if (close === undefined || text[open.index - 1] === '\\') continue;
    out += text.slice(from, open.index);
    out += replace(text.slice(open.index + open[0].length, runs[close]!.index));
    from = runs[close]!.index + open[0].length;
    i = close;
  }
  return out + text.slice(from);
}

function withComments(text: string, replace: (comment: string) => string): string {
  let out = '';
  let from = 0;
  for (;;) {
    const open = text.indexOf('<!--', from);
    const close = open < 0 ? -1 : text.indexOf('-->', open + 4);
    if (close < 0) return out + text.slice(from);
    out += text.slice(from, open) + replace(text.slice(open, close + 3));
    from = close + 3;
  }
}

/** A kept piece may hold others, which were kept before it. */
function restore(text: string, kept: readonly string[]): string {
  return text.replace(KEPT, (_, index: string) => {
    const piece = kept[Number(index)] ?? '';
    return piece.includes('\ue000') ? restore(piece, kept.slice(0, Number(index))) : piece;
  });
}

/** What is left of `<` begins no tag. */
function escapeLone(text: string): string {
  return text.replaceAll('<', '&lt;');
}

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function attribute(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}
