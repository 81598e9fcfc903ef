import { TextBlocks, tidyLine } from './text-blocks.ts';

/** A manual page: title and section of its `.TH`, its date as written there, its text. */
export interface ManPage {
  title: string;
  section: string;
  date: string;
  text: string;
}

/** Requests whose arguments are the line's text. */
const TEXT = new Set('B I R BI BR IB IR RB RI SM SB'.split(' '));
/** Requests that begin a paragraph. */
const PARAGRAPHS = new Set('PP P LP HP sp RS RE br'.split(' '));

/**
 * Plain text of a page in the `man` macros (groff_man(7)); tables of tbl(1) lose their frames, program text keeps its
 * lines. Undefined for pages that only point to another one (`.so`), are in the `mdoc` macros, or have no `.TH`.
 */
export function manToText(roff: string): ManPage | undefined {
  const out = new TextBlocks();
  let head: string[] | undefined;
  /** `TP`: the next line is the term, what follows its explanation. */
  let term = false;
  let verbatim: string[] | undefined;
  let table = false;
  const lines = roff.replace(/\\\n/g, '').split('\n');
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at]!.replace(/(^|[^\\])\\".*$/, '$1').replace(/\s+$/, '');
    const request = /^[.']\s*([A-Za-z]{1,3})(?=\s|$)\s*(.*)$/.exec(line);
    if (!request) {
      if (/^[.']/.test(line) || table) {
        if (table && !/^[.']|;$|^[lcrn| .\d()w]+$/i.test(line))
          out.write(
            withoutEscapes(line)
              .split('\t')
              .map(tidyLine)
              .filter((cell) => cell && !/^T[{}]$/.test(cell))
              .join(' | '),
          );
        if (table) out.line();
        continue;
      }
      if (verbatim) verbatim.push(withoutEscapes(line));
      else if (line === '') out.paragraph();
      else out.write(`${withoutEscapes(line)} `);
      if (term && line !== '') {
        out.line();
        term = false;
      }
      continue;
    }
    const [, name, rest] = request as unknown as [string, string, string];
    if (name === 'so' || name === 'Dd') return undefined;
    if (name === 'de' || name === 'ig' || name === 'if' || name === 'ie') {
      // A definition or condition of the typesetter: nothing that a reader sees.
      if (name === 'de' || name === 'ig' || /\\\{/.test(rest))
        while (
          at + 1 < lines.length &&
          !(name === 'de' || name === 'ig' ? /^\.\.?$/ : /\\\}/).test(lines[at + 1]!)
        )
          at++;
      if (name === 'de' || name === 'ig' || /\\\{/.test(rest)) at++;
    } else if (name === 'TH') head = argumentsOf(rest);
    else if (name === 'SH' || name === 'SS') {
      out.paragraph();
      // The heading may stand on the next line.
      out.write(withoutEscapes(rest ? argumentsOf(rest).join(' ') : (lines[++at] ?? '')));
      out.paragraph();
    } else if (name === 'TP' || name === 'TQ') {
      out.paragraph();
      term = true;
    } else if (name === 'IP') {
      out.paragraph();
      const mark = withoutEscapes(argumentsOf(rest)[0] ?? '');
      if (/^[•*·o-]$/.test(mark)) out.write('- ');
      else if (mark) {
        out.write(mark);
        out.line();
      }
    } else if (PARAGRAPHS.has(name)) name === 'br' ? out.line() : out.paragraph();
    else if (TEXT.has(name)) {
      const joined = argumentsOf(rest).join(name.length === 1 || name === 'SM' || name === 'SB' ? ' ' : '');
      if (verbatim) verbatim.push(withoutEscapes(joined));
      else out.write(`${withoutEscapes(joined)} `);
      if (term) {
        out.line();
        term = false;
      }
    } else if (name === 'nf' || name === 'EX') verbatim = verbatim ?? [];
    else if (name === 'fi' || name === 'EE') {
      if (verbatim) out.preformatted(verbatim.join('\n'));
      verbatim = undefined;
    } else if (name === 'TS' || name === 'TE') {
      out.paragraph();
      table = name === 'TS';
    } else if (name === 'UR' || name === 'MT') out.write(withoutEscapes(argumentsOf(rest)[0] ?? ''));
    else if (name === 'UE' || name === 'ME') out.write(`${withoutEscapes(rest)} `);
  }
  if (verbatim) out.preformatted(verbatim.join('\n'));
  if (!head?.[0]) return undefined;
  return {
    title: tidyLine(withoutEscapes(head[0])),
    section: tidyLine(withoutEscapes(head[1] ?? '')),
    date: tidyLine(withoutEscapes(head[2] ?? '')),
    text: out
      .toString()
      .replace(/ +([,.;:)\]])(?=\s|$)/g, '$1')
      .replace(/([([]) +/g, '$1'),
  };
}

/** Arguments of a request: words, or `"quoted text"`, in which two quotes are one. */
function argumentsOf(rest: string): string[] {
  const found: string[] = [];
  for (const match of rest.matchAll(/"((?:[^"]|"")*)"?|((?:\\.|\S)+)/g))
    found.push(match[1] === undefined ? match[2]! : match[1].replaceAll('""', '"'));
  return found;
}

const GLYPHS = new Map(
  'aq=\';dq=";lq=“;rq=”;oq=‘;cq=’;Fo=«;Fc=»;fo=‹;fc=›;bu=•;em=—;en=–;hy=-;mi=−;ti=~;ha=^;ga=`;rs=\\;co=©;rg=®;tm=™;mu=×;di=÷;pl=+;ss=ß;+-=±;<==≤;>==≥;!==≠;->=→;<-=←;de=°;mc=µ;sc=§;12=½;14=¼;34=¾;at=@;sh=#;Do=$;Eu=€;lB=[;rB=];lC={;rC=};la=⟨;ra=⟩;sl=/;or=|;ba=|;br=│;ul=_;..=…'
    .split(';')
    .map((pair) => [pair.slice(0, 2), pair.slice(3)] as const),
);

/** Text without the escapes of troff: fonts, sizes, small movements go, named characters are themselves. */
function withoutEscapes(text: string): string {
  if (!text.includes('\\')) return text;
  return text
    .replace(/\\f(?:\[[^\]]*\]|\(..|.)/g, '')
    .replace(/\\s(?:[-+]?\d|\[[^\]]*\])/g, '')
    .replace(/\\[hvwl]'[^']*'/g, '')
    .replace(/\\m\[[^\]]*\]|\\[*n](?:\[[^\]]*\]|\(..|.)/g, '')
    .replace(/\\\[u([0-9A-F]{4,6})\]/g, (_, hex: string) =>
      String.fromCodePoint(Math.min(0x10ffff, Number.parseInt(hex, 16))),
    )
    .replace(
      /\\(?:\[([^\]]*)\]|\((..))/g,
      (_, long?: string, short?: string) => GLYPHS.get(long ?? short ?? '') ?? '',
    )
    .replace(/\\-/g, '-')
    .replace(/\\[ ~0]/g, '\u00a0')
    .replace(/\\([.'`])/g, '$1')
    .replace(/\\e|\\\\/g, '\\')
    .replace(/\\[&,/|^:%{}cd!)tpu]/g, '');
}
