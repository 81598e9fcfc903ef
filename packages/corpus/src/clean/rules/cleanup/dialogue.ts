import type { Rule } from '../../rule.ts';

/** `[speaker001:] Bonjour`, `<Marie> Bonjour`: nobody writes anything else so. */
const TAGGED = [/^\[([^[\]:]{1,60}):\]:?(.*)$/, /^<([^<>]{1,60})>:?(.*)$/];
/** `MARIE : Bonjour`, which may also be an item of a list. */
const NAMED = /^(\p{Lu}[^:.!?()[\]<>\d]{0,40}?)[ \u00a0\u202f]?:(?=\s|$)(.*)$/u;

/** A speaker without a name. */
const ANONYMOUS =
  /^(?:speaker|spk|locuteur|intervenant|participant|interlocuteur|interlocutor|interlocutore|sprecher|hablante|parlante)[ _-]?0*(\d{1,6})$/i;
const TITLES = new Map([
  ['fr', 'Intervenant'],
  ['de', 'Sprecher'],
  ['es', 'Interlocutor'],
  ['it', 'Interlocutore'],
]);

interface Turn {
  speaker: string;
  words: string;
}

/**
 * Conversations in one form, that of Claire: a line per turn, `[Marie:] Bonjour.`; speakers without a name are
 * `[Intervenant 1:]` (or the word of the language), names in capitals are written as names, turns of one speaker in
 * a row are one, empty ones none. A text is a conversation when it has `minimumTurns` and they are half of its lines.
 */
export function dialogue(options: { minimumTurns: number }): Rule {
  return {
    name: 'dialogue',
    apply(document) {
      const lines = document.text.split('\n').filter((line) => line.trim() !== '');
      const parsed = turnsOf(lines);
      const found = parsed.filter((turn) => turn !== undefined).length;
      if (found < options.minimumTurns || 2 * found < lines.length) return document;
      const preamble: string[] = [];
      const turns: Turn[] = [];
      for (const [i, turn] of parsed.entries()) {
        if (turn) turns.push({ speaker: nameOf(turn.speaker, document.language), words: turn.words });
        else if (turns.length === 0) preamble.push(lines[i]!);
        else turns.at(-1)!.words += ` ${lines[i]!.trim()}`;
      }
      const text = [...preamble, ...joinTurns(turns)].join('\n');
      return text === document.text ? document : { ...document, text };
    },
  };
}

/** For each line the turn that begins there. Names without a tag count where none has one and each speaks twice on average. */
function turnsOf(lines: readonly string[]): (Turn | undefined)[] {
  const tagged = lines.map((line) => turnOf(line, TAGGED));
  if (tagged.some(Boolean)) return tagged;
  const named = lines.map((line) => turnOf(line, [NAMED]));
  const turns = named.filter((turn) => turn !== undefined);
  const speakers = new Set(turns.map(({ speaker }) => speaker));
  return speakers.size > 1 && 2 * speakers.size <= turns.length ? named : tagged;
}

function turnOf(line: string, forms: readonly RegExp[]): Turn | undefined {
  // No name is longer; what follows does not matter for the form.
  const head = line.slice(0, 80);
  for (const form of forms) {
    const match = form.exec(head);
    if (match) return { speaker: match[1]!.trim(), words: (match[2]! + line.slice(80)).trim() };
  }
  return undefined;
}

function nameOf(speaker: string, language: string): string {
  const number = ANONYMOUS.exec(speaker)?.[1];
  if (number !== undefined) return `${TITLES.get(language) ?? 'Speaker'} ${number}`;
  return speaker
    .replace(/\s+/g, ' ')
    .replace(/\p{Lu}{3,}/gu, (capitals) => capitals[0]! + capitals.slice(1).toLowerCase());
}

function joinTurns(turns: readonly Turn[]): string[] {
  const joined: Turn[] = [];
  for (const { speaker, words } of turns) {
    const spoken = words.trim();
    if (spoken === '') continue;
    const last = joined.at(-1);
    if (last?.speaker === speaker) last.words += ` ${spoken}`;
    else joined.push({ speaker, words: spoken });
  }
  return joined.map(({ speaker, words }) => `[${speaker}:] ${words}`);
}
