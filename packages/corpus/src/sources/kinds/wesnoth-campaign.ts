import { tidyLine } from '../../text/text-blocks.ts';
import type { Draft, Entry } from '../adapter.ts';
import { messagesOf, readableMessage } from './gettext-messages.ts';
import { dateOf, type Kind } from './kind.ts';

/** One thing said or told in a scenario, in English. */
interface Line {
  key: 'name' | 'story' | 'message';
  /** Who speaks, where that is a person with a name. */
  speaker: string;
  text: string;
}

/** Scripts without proper names. */
const NOBODY = /^(narrator|unit|second_unit|\$.*|.*[_{].*)$/i;

/**
 * A campaign of the game Battle for Wesnoth: the scripts of its scenarios give the order of what is told and said, the
 * `.mo` files beside them the words in other languages. A document per scenario and language.
 */
export function wesnothCampaign(languages: readonly string[]): Kind {
  return {
    wants: (path) => /\/scenarios\/.+\.cfg$/.test(path) || languages.includes(moLanguage(path)),
    async *read(entries, complain) {
      const scenarios: { key: string; lines: Line[]; entry: Entry }[] = [];
      for await (const entry of entries) {
        if (entry.path.endsWith('.cfg')) {
          if (entry.text === undefined) complain(entry.path, 'not UTF-8');
          else {
            const key = entry.path.replace(/^.*\/([^/]+)\/scenarios\/(.+)\.cfg$/, '$1/$2');
            scenarios.push({ key, lines: linesOf(entry.text), entry });
          }
          continue;
        }
        const messages = messagesOf(entry, complain);
        const language = moLanguage(entry.path);
        for (const scenario of scenarios) {
          const draft = tell(scenario, { language, translate: (text) => messages.get(text) });
          if (draft) yield draft;
        }
      }
      if (!languages.includes('en')) return;
      for (const scenario of scenarios) {
        const draft = tell(scenario, { language: 'en', translate: (text) => text });
        if (draft) yield draft;
      }
    },
  };
}

function moLanguage(path: string): string {
  return /\/locale\/([a-z]{2})\/LC_MESSAGES\/wesnoth-(?!anl)[\w-]+\.mo$/.exec(path)?.[1] ?? '';
}

/** The scenario in a language, or nothing where less than half of it is translated. */
function tell(
  scenario: { key: string; lines: Line[]; entry: Entry },
  opts: { language: string; translate: (text: string) => string | undefined },
): Draft | undefined {
  let title = '';
  let missing = 0;
  const told: string[] = [];
  for (const line of scenario.lines) {
    const translated = opts.translate(line.text);
    if (translated === undefined) {
      missing++;
      continue;
    }
    const text = readableMessage(translated);
    if (line.key === 'name') title ||= text;
    else if (line.speaker) told.push(`${line.speaker}${opts.language === 'fr' ? '\u00a0' : ''}: ${text}`);
    else told.push(text);
  }
  if (told.length === 0 || missing > scenario.lines.length / 2) return undefined;
  return {
    key: `${scenario.key}/${opts.language}`,
    title,
    text: told.filter((text, index) => told.indexOf(text) === index).join('\n\n'),
    language: opts.language,
    date: dateOf(scenario.entry),
    url: '',
  };
}

/** What a scenario script tells, in its order. */
function linesOf(script: string): Line[] {
  const lines: Line[] = [];
  let speaker = '';
  const source = script.replace(/^\s*#(?!textdomain).*$/gm, '');
  for (const match of source.matchAll(
    /^\s*\[(\/?)(\w+)\]|(\w+)\s*=\s*(_\s*)?(?:"((?:[^"]|"")*)"|([^"\n]*))/gm,
  )) {
    const [, , tag, key, translatable, quoted, bare] = match;
    if (tag) speaker = '';
    else if (key === 'speaker') speaker = tidyLine(quoted ?? bare ?? '');
    else if (translatable && quoted && (key === 'name' || key === 'story' || key === 'message'))
      lines.push({
        key,
        speaker: key === 'message' && !NOBODY.test(speaker) ? speaker : '',
        text: quoted.replaceAll('""', '"'),
      });
  }
  // Units and sides have names too: the first is the scenario's.
  return lines.filter(
    (line, index) => line.key !== 'name' || lines.findIndex(({ key }) => key === 'name') === index,
  );
}
