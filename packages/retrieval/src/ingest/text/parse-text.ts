import { DocumentBuilder, type RawDocument } from '../document-builder.ts';
import type { IngestLimits } from '../ingest-limits.ts';
import { unwrapLines } from './unwrap-lines.ts';

const ITEM = /^\s*(?:[-*•‣–·▪]|(\d{1,3}|[a-z])([.)]))\s+(?=\S)/;
const NAMED_PART =
  /^(?:chapitre|leçon|partie|section|séance|séquence|activité|exercice|document|annexe|unité)\s+[\dIVX]/i;
const NUMBERED_PART = /^(?:[IVX]{1,5}|\d{1,2}(?:\.\d{1,2})*)\s?[.)–—-]\s+\p{Lu}/u;
const HEADING_LENGTH = 90;

/**
 * Plain text: blank lines part paragraphs, form feeds part pages. Lines that were only wrapped are joined; lists are runs of
 * lines with a bullet or number (bullets are left out, numbers stay). A heading is a line alone that is underlined with
 * `=` or `-`, or written in capitals, or begins as a chapter does, or is the first line of all.
 */
export function parseText(text: string, limits: IngestLimits): RawDocument {
  const builder = new DocumentBuilder('text', limits);
  const width = longestLine(text);
  for (const [i, page] of text.trimEnd().split('\f').entries()) {
    if (i > 0) builder.nextPage();
    let group: string[] = [];
    for (const line of [...page.split('\n'), '']) {
      if (line.trim() !== '') group.push(line);
      else if (group.length > 0) {
        addGroup(builder, group, width);
        group = [];
      }
    }
  }
  return builder.finish();
}

function longestLine(text: string): number {
  let longest = 0;
  for (const line of text.split(/[\n\f]/)) longest = Math.max(longest, line.trimEnd().length);
  return longest;
}

function addGroup(builder: DocumentBuilder, lines: string[], width: number): void {
  const [first, second] = lines;
  if (second !== undefined && /^\s*(?:={3,}|-{3,})\s*$/.test(second)) {
    builder.add({ kind: 'heading', level: second.includes('=') ? 1 : 2, text: first!.trim() });
    if (lines.length > 2) addGroup(builder, lines.slice(2), width);
    return;
  }
  const level = lines.length === 1 ? headingLevel(first!.trim(), builder) : 0;
  if (level > 0) {
    builder.add({ kind: 'heading', level, text: first!.trim() });
    return;
  }

  let start = 0;
  while (start < lines.length) {
    const isList = ITEM.test(lines[start]!);
    let end = start + 1;
    // An indented line under an item goes on with it.
    while (
      end < lines.length &&
      (ITEM.test(lines[end]!) || (isList && /^\s{2,}/.test(lines[end]!))) === isList
    )
      end++;
    const part = lines.slice(start, end);
    if (isList) builder.add({ kind: 'list', text: listItems(part).join('\n') });
    else for (const paragraph of unwrapLines(part, width)) builder.add({ kind: 'text', text: paragraph });
    start = end;
  }
}

function headingLevel(line: string, builder: DocumentBuilder): number {
  if (line.length > HEADING_LENGTH || (ITEM.test(line) && !NUMBERED_PART.test(line))) return 0;
  if (/[.;,…]$/.test(line) || !/\p{L}{2}/u.test(line)) return 0;
  if (builder.empty) return 1;
  const capitals = line === line.toLocaleUpperCase('fr') && /\p{Lu}{3}/u.test(line);
  return capitals || NAMED_PART.test(line) || NUMBERED_PART.test(line) ? 2 : 0;
}

function listItems(lines: string[]): string[] {
  const items: string[] = [];
  for (const line of lines) {
    const marker = ITEM.exec(line);
    if (!marker) items[items.length - 1] += ` ${line.trim()}`;
    else items.push(`${marker[1] ? `${marker[1]}${marker[2]} ` : ''}${line.slice(marker[0].length).trim()}`);
  }
  return items;
}
