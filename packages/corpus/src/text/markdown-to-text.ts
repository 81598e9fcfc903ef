import { htmlToText } from './html-to-text.ts';
import { tidyLine } from './text-blocks.ts';

/**
 * Plain text of simple Markdown: emphasis, links, headings and embedded HTML lose their marks; list dashes stay.
 * Links keep their words, lines between fences stay as they are.
 */
export function markdownToText(markdown: string): string {
  const lines: string[] = [];
  let fence = '';
  for (const raw of markdown.split(/\r?\n/)) {
    const mark = /^ {0,3}(`{3,}|~{3,})([^`]*)$/.exec(raw);
    if (mark && (fence ? mark[1]!.startsWith(fence) && !mark[2]!.trim() : true)) {
      fence = fence ? '' : mark[1]!;
      continue;
    }
    if (fence) {
      lines.push(raw);
      continue;
    }
    // The line below a heading that marks it as one.
    if (/^={2,}\s*$/.test(raw) && lines.at(-1)) continue;
    const indent = /^ */.exec(raw)![0].length;
    const bullet = /^\s*(?:[-*+•]|(\d{1,3})[.)])\s+/.exec(raw);
    const body = inline(bullet ? raw.slice(bullet[0].length) : raw.replace(/^\s*(?:#{1,6}\s+|>\s?)/, ''));
    if (bullet && body) {
      lines.push(`${'  '.repeat(Math.min(3, indent >> 1))}${bullet[1] ? `${bullet[1]}.` : '-'} ${body}`);
    } else lines.push(body);
  }
  return lines
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .replace(/(^|\n)( *- [^\n]*)\n\n(?= *- )/g, '$1$2\n')
    .replace(/:\n\n(?= *- )/g, ':\n')
    .trim();
}

/** Nothing is looked for far: a line of nothing but openings takes no longer than its share. */
function inline(text: string): string {
  const unmarked = text
    .replace(/!\[[^\]]{0,500}\]\([^)]{0,2000}\)/g, '')
    .replace(/\[([^\]]{0,500})\]\([^)]{0,2000}\)/g, '$1')
    .replace(/(\*\*|__)(?=\S)(.{1,500}?)(?<=\S)\1/g, '$2')
    .replace(/(?<![\p{L}\p{N}])([*_])(?=\S)(.{1,500}?)(?<=\S)\1(?![\p{L}\p{N}])/gu, '$2')
    // What a slip of the pen has left open.
    .replace(/\*\*/g, '')
    .replace(/`([^`]+)`/g, '$1')
    .replace(/\\([\\`*_{}[\]()#+.!-])/g, '$1');
  return /[<&]/.test(unmarked) ? htmlToText(unmarked).replace(/\n+/g, ' ') : tidyLine(unmarked);
}
