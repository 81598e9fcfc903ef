import type { Rule } from '../clean/rule.ts';
import type { Document } from '../document.ts';
import { findPii } from './find-pii.ts';
import { type PiiKind, type PiiMatch, piiKinds } from './kinds.ts';
import { kindsOf, type PiiOptions } from './options.ts';
import { Pseudonyms } from './pseudonyms.ts';

/** Times that one text is looked through at most. */
const ROUNDS = 20;

/**
 * The rule `pii`: personal data in text, title and the strings of `extra` give way to pseudonyms or tags. It refuses no
 * document. Applied twice it changes nothing more.
 */
export function createPii(options: PiiOptions): Rule {
  const kinds = kindsOf(options);
  const counts = new Map<PiiKind, number>(piiKinds.map((kind) => [kind, 0]));

  return {
    name: 'pii',
    apply(document: Document): Document {
      const pseudonyms = new Pseudonyms(options.seed, document);
      const replace = (text: string) => replaceIn(text, document.language, pseudonyms);
      const title = replace(document.title);
      const text = replace(document.text);
      const extra = replaceInJson(document.extra, replace);
      if (title === document.title && text === document.text && extra === document.extra) return document;
      return { ...document, title, text, extra };
    },
    counts: () => Object.fromEntries(counts),
  };

  function replaceIn(text: string, language: string, pseudonyms: Pseudonyms): string {
    let replaced = text;
    // What stood glued to a number may stand free beside what replaced it.
    for (let round = 0; round < ROUNDS; round++) {
      const matches = findPii(replaced, { kinds, language });
      if (matches.length === 0) break;
      replaced = replaceMatches(replaced, matches, pseudonyms);
    }
    return replaced;
  }

  function replaceMatches(text: string, matches: readonly PiiMatch[], pseudonyms: Pseudonyms): string {
    const parts: string[] = [];
    let at = 0;
    for (const match of matches) {
      const { kind, start, end } = match;
      const tag = options.replaceWith === 'tag' ? `[${kind.toUpperCase()}]` : undefined;
      parts.push(text.slice(at, start), tag ?? pseudonyms.of(match, text.slice(start, end)));
      at = end;
      counts.set(kind, counts.get(kind)! + 1);
    }
    return parts.join('') + text.slice(at);
  }
}

/** The strings of a JSON object; numbers and keys stay, and what is no JSON stays whole. */
function replaceInJson(json: string, replace: (text: string) => string): string {
  if (!/[@\d]/.test(json)) return json;
  try {
    let changed = false;
    const value: unknown = JSON.parse(json, (_, item: unknown) => {
      if (typeof item !== 'string') return item;
      const replaced = replace(item);
      changed ||= replaced !== item;
      return replaced;
    });
    return changed ? JSON.stringify(value) : json;
  } catch {
    return json;
  }
}
