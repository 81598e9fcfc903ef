import { inlineHtml } from './inline-html.ts';

const FENCE = /^ {0,3}(`{3,}|~{3,})(.*)$/;
const HEADING = /^ {0,3}(#{1,6})(?=[ \t]|$)/;
const RULE = /^ {0,3}(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})$/;
const ITEM = /^( *)([-*+]|\d{1,9}[.)])(?:[ \t]+(.*)|)$/;
const QUOTE = /^ {0,3}> ?/;
const TABLE_RULE = /^ {0,3}\|?(?:[ \t]*:?-+:?[ \t]*\|)+(?:[ \t]*:?-+:?[ \t]*)?$/;
/** `[name]: address "title"`; with `//` or `#` for a name it is how people hide remarks. */
const REFERENCE = /^ {0,3}\[([^\]\n]{1,200})\]:[ \t]*(\S+)?[ \t]*(.*)$/;
/** Elements whose inside is not Markdown until they end. */
const RAW = /^ {0,3}<(script|style|pre|textarea|!--)/i;
/** Quotes in quotes in lists; deeper ones are text. */
const DEEPEST = 30;

/** Blocks of Markdown (CommonMark 0.31; tables of GitHub's dialect) as HTML. Raw HTML passes through: the reader behind judges it. */
export function markdownToHtml(text: string): string {
  return blocks(text.split('\n'), 0).join('\n');
}

function blocks(lines: readonly string[], depth: number): string[] {
  const out: string[] = [];
  let at = 0;
  while (at < lines.length) {
    const line = lines[at]!;
    const taken = fence(lines, at) ?? raw(lines, at) ?? table(lines, at) ?? nested(lines, at, depth);
    if (taken) {
      out.push(taken.html);
      at = taken.end;
      continue;
    }
    at++;
    const heading = HEADING.exec(line);
    if (heading) {
      const title = line
        .slice(heading[0].length)
        .trim()
        .replace(/(?:^|[ \t])#+$/, '');
      out.push(element(`h${heading[1]!.length}`, title));
    } else if (RULE.test(line)) out.push('<hr>');
    else if (REFERENCE.test(line)) out.push(reference(line));
    else if (line.trim() !== '') {
      const paragraph = [line];
      while (at < lines.length && !startsBlock(lines, at)) paragraph.push(lines[at++]!);
      const under = /^ {0,3}(=+|-+)[ \t]*$/.exec(lines[at] ?? '');
      if (under) at++;
      out.push(
        under
          ? element(under[1]!.startsWith('=') ? 'h1' : 'h2', paragraph.join(' '))
          : paragraphHtml(paragraph),
      );
    }
  }
  return out;
}

interface Taken {
  html: string;
  end: number;
}

function element(tag: string, text: string): string {
  return `<${tag}>${inlineHtml(text.trim())}</${tag}>`;
}

/** A line that begins with a tag is HTML already; a paragraph around it would part it from what it holds. */
function paragraphHtml(lines: string[]): string {
  const text = lines
    .map((line) => (/(?: {2}|\\)$/.test(line) ? `${line.replace(/\\$/, '').trim()}<br>` : line.trim()))
    .join('\n');
  return /^<\/?[a-z]/i.test(text) ? `${inlineHtml(text)}\n` : `<p>${inlineHtml(text)}</p>`;
}

/** True where a paragraph ends. A number begins a list within a paragraph only if it is 1. */
function startsBlock(lines: readonly string[], at: number): boolean {
  const line = lines[at]!;
  if (line.trim() === '' || FENCE.test(line) || RAW.test(line) || QUOTE.test(line)) return true;
  if (/^ {0,3}(?:=+|-+)[ \t]*$/.test(line) || HEADING.test(line) || RULE.test(line)) return true;
  const item = ITEM.exec(line);
  return (
    (item !== null && item[3] !== undefined && !/^(?!1[.)])\d/.test(item[2]!)) ||
    table(lines, at) !== undefined
  );
}

function fence(lines: readonly string[], at: number): Taken | undefined {
  const open = FENCE.exec(lines[at]!);
  if (!open || (open[1]!.startsWith('`') && open[2]!.includes('`'))) return undefined;
  const close = new RegExp(`^ {0,3}${open[1]![0]}{${open[1]!.length},}[ \\t]*$`);
  let end = at + 1;
  while (end < lines.length && !close.test(lines[end]!)) end++;
  return { html: `<pre>\n${escapeHtml(lines.slice(at + 1, end).join('\n'))}</pre>`, end: end + 1 };
}

function raw(lines: readonly string[], at: number): Taken | undefined {
  const open = RAW.exec(lines[at]!);
  if (!open) return undefined;
  const close = open[1] === '!--' ? '-->' : `</${open[1]!.toLowerCase()}`;
  let end = at;
  while (end < lines.length - 1 && !lines[end]!.toLowerCase().includes(close)) end++;
  return { html: lines.slice(at, end + 1).join('\n'), end: end + 1 };
}

function table(lines: readonly string[], at: number): Taken | undefined {
  const [head, rule] = [lines[at]!, lines[at + 1]];
  if (rule === undefined || !head.includes('|') || !TABLE_RULE.test(rule)) return undefined;
  const width = cells(head).length;
  if (cells(rule).length !== width) return undefined;
  const rows = [cells(head)];
  let end = at + 2;
  while (end < lines.length && lines[end]!.includes('|') && lines[end]!.trim() !== '') {
    const row = cells(lines[end++]!).slice(0, width);
    while (row.length < width) row.push('');
    rows.push(row);
  }
  const html = rows.map((row) => `<tr>${row.map((cell) => element('td', cell)).join('')}</tr>`).join('\n');
  return { html: `<table>${html}</table>`, end };
}

function cells(line: string): string[] {
  const inner = line
    .trim()
    .replace(/^\|/, '')
    .replace(/(?<!\\)\|$/, '');
  return inner.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll('\\|', '|'));
}

/** Quotes and lists, whose inside is Markdown again. */
function nested(lines: readonly string[], at: number, depth: number): Taken | undefined {
  if (depth > DEEPEST) return undefined;
  if (QUOTE.test(lines[at]!)) {
    let end = at;
    while (
      end < lines.length &&
      lines[end]!.trim() !== '' &&
      (QUOTE.test(lines[end]!) || !startsBlock(lines, end))
    )
      end++;
    const inner = lines.slice(at, end).map((line) => line.replace(QUOTE, ''));
    return { html: `<blockquote>${blocks(inner, depth + 1).join('\n')}</blockquote>`, end };
  }
  return list(lines, at, depth);
}

function list(lines: readonly string[], at: number, depth: number): Taken | undefined {
  const first = ITEM.exec(lines[at]!);
  if (!first || RULE.test(lines[at]!)) return undefined;
  const numbered = /\d/.test(first[2]!);
  const start = numbered ? Number.parseInt(first[2]!, 10) : 1;
  const items: string[] = [];
  let end = at;
  while (end < lines.length) {
    const item = ITEM.exec(lines[end]!);
    if (!item || RULE.test(lines[end]!) || /\d/.test(item[2]!) !== numbered) break;
    if (item[1]!.length >= first[1]!.length + first[2]!.length + 1) break;
    const indent = item[1]!.length + item[2]!.length + 1;
    const inner = [item[3] ?? ''];
    end = itemEnd(lines, end + 1, indent, inner);
    items.push(`<li>${blocks(inner, depth + 1).join('\n')}</li>`);
  }
  const tag = numbered ? 'ol' : 'ul';
  return { html: `<${tag}${numbered ? ` start="${start}"` : ''}>${items.join('\n')}</${tag}>`, end };
}

/** Takes the lines of an item: indented ones, and those that go on with its text. Returns where the next one begins. */
function itemEnd(lines: readonly string[], from: number, indent: number, inner: string[]): number {
  let end = from;
  while (end < lines.length) {
    const line = lines[end]!;
    const own = line.length - line.trimStart().length >= indent;
    if (line.trim() === '') {
      const next = lines.slice(end, end + 20).find((ahead) => ahead.trim() !== '') ?? '';
      if (next.length - next.trimStart().length < indent && !ITEM.test(next)) break;
      inner.push('');
    } else if (own) inner.push(line.slice(indent));
    else if (ITEM.test(line) || startsBlock(lines, end) || inner.at(-1) === '') break;
    else inner.push(line.trimStart());
    end++;
  }
  return end;
}

/** What such a line says besides an address: nobody sees it. */
function reference(line: string): string {
  const remark = (REFERENCE.exec(line)?.[3] ?? '').trim().replace(/^["'(]|["')]$/g, '');
  return remark === '' ? '' : `<!--${remark.replaceAll('--', '- -')}-->`;
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
