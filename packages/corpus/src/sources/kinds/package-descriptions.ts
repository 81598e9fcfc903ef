import { tidyLine } from '../../text/text-blocks.ts';
import type { Draft } from '../adapter.ts';

/**
 * The descriptions of Debian packages in an index of translations, by stanza: a first line, then paragraphs between
 * lines of a dot. Lines that begin with two spaces are as they are: lists.
 */
export async function* readDescriptions(
  lines: AsyncIterable<string>,
  opts: { language: string; date: string },
): AsyncGenerator<Draft> {
  let stanza: string[] = [];
  const seen = new Set<string>();
  const take = (): Draft | undefined => {
    const draft = descriptionOf(stanza, opts);
    stanza = [];
    if (!draft || seen.has(draft.key)) return undefined;
    seen.add(draft.key);
    return draft;
  };
  for await (const line of lines) {
    if (line !== '') {
      stanza.push(line);
      continue;
    }
    const draft = take();
    if (draft) yield draft;
  }
  const last = take();
  if (last) yield last;
}

/** Undefined where nothing but a first line is told. */
export function descriptionOf(
  stanza: readonly string[],
  opts: { language: string; date: string },
): Draft | undefined {
  const value = (name: string) => stanza.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
  const name = value('Package');
  const short = value(`Description-${opts.language}`);
  const digest = value('Description-md5');
  if (!name || short === undefined || !digest) return undefined;
  const long = stanza.slice(
    stanza.findIndex((line) => line.startsWith(`Description-${opts.language}: `)) + 1,
  );
  const text = longDescription(long.filter((line) => line.startsWith(' ')));
  if (!text) return undefined;
  // Packages of one description share its digest: the first is its name.
  return {
    key: digest,
    title: `${name}${opts.language === 'fr' ? '\u00a0' : ''}: ${tidyLine(short)}`,
    text,
    language: opts.language,
    date: opts.date,
    url: '',
    extra: { package: name },
  };
}

function longDescription(lines: readonly string[]): string {
  const out: string[] = [];
  let runsOn = false;
  for (const raw of lines) {
    const line = raw.slice(1);
    if (line.trim() === '.') {
      out.push('');
      runsOn = false;
    } else if (/^\s*[-*+•o]\s+/.test(line)) {
      out.push(`- ${tidyLine(line.replace(/^\s*[-*+•o]\s+/, ''))}`);
      runsOn = true;
    } else if (runsOn) out.push(`${out.pop()} ${tidyLine(line)}`);
    else {
      out.push(tidyLine(line));
      runsOn = true;
    }
  }
  return out
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}
