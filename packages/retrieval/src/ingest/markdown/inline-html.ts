/** Where a backslash takes a sign's meaning (CommonMark 0.31, 2.4), kept apart while the others are read. */
const ESCAPED = /\\([!-/:-@[-`{-~])/g;
const CODE = /(`+)(?!`)([\s\S]*?[^`])\1(?!`)/g;

/** Kept pieces are written as private characters around a number, which no text of a document can contain afterwards. */
const KEPT = /\ue000(\d+)\ue001/g;

/** Emphasis, code, links and pictures within a line, as HTML. Tags in it stay; a reader of HTML judges them. */
export function inlineHtml(source: string): string {
  const kept: string[] = [];
  const keep = (html: string): string => `\ue000${kept.push(html) - 1}\ue001`;
  const text = source
    .replace(/[\ue000\ue001]/g, '')
    .replace(CODE, (_, _marks, code: string) => keep(escapeText(code.replace(/\n/g, ' ').trim())))
    .replace(ESCAPED, (_, sign: string) => keep(escapeText(sign)))
    .replace(/<(?:https?:\/\/|mailto:)([^\s<>]*)>/g, (whole) => keep(escapeText(whole.slice(1, -1))))
    // A tag keeps its attributes as they are: underscores and stars in them mean nothing.
    .replace(/<\/?[a-z][^<>]*>|<!--[\s\S]*?-->/gi, (tag) => keep(tag))
    .replace(/!\[([^\]]*)\]\(([^()\s]*)(?:\s+"([^"]*)")?\)/g, (_, alt: string, _address, title = '') =>
      keep(`<img alt="${attribute(alt)}" title="${attribute(title)}">`),
    )
    .replace(/!\[([^\]]*)\]\[[^\]]*\]/g, (_, alt: string) => keep(`<img alt="${attribute(alt)}">`))
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
