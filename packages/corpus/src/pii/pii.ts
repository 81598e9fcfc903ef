import type { Rule } from '../clean/rule.ts';
import type { Document } from '../document.ts';
import { findPii } from './find-pii.ts';
import { type PiiKind, type PiiMatch, piiKinds } from './kinds.ts';
import { kindsOf, type PiiOptions } from './options.ts';
import { Pseudonyms } from './pseudonyms.ts';

/** Times that one text is looked through at most. */
const ROUNDS = 20;

/** Keys of `extra` whose numbers are to be called. */
const PHONE_KEY =
  /(?:^|[^a-zé])(?:t[ée]l(?:[ée]phones?)?|phones?|mobiles?|portables?|fax|gsm|whatsapp|tel[ée]fono|telefon)(?:[^a-z]|$)/i;

/**
 * The rule `pii`: personal data in text, title and the keys, strings and phone numbers of `extra`, and mail addresses in
 * the URL, give way to pseudonyms or tags. The id stays. It refuses no document. Applied twice it changes nothing more.
 */
export function createPii(options: PiiOptions): Rule {
  const kinds = kindsOf(options);
  const counts = new Map<PiiKind, number>(piiKinds.map((kind) => [kind, 0]));

  return {
    name: 'pii',
    apply(document: Document): Document {
      const pseudonyms = new Pseudonyms(options.seed, document);
      const { language } = document;
      const replace = (text: string) => replaceIn(text, { language, kinds }, pseudonyms);
      const title = replace(document.title);
      const text = replace(document.text);
      const extra = replaceInJson(document.extra, replace);
      // Other numbers in a URL are those of pages.
      const url = replaceIn(
        document.url,
        { language, kinds: kinds.filter((kind) => kind === 'email') },
        pseudonyms,
      );
      const same =
        title === document.title &&
        text === document.text &&
        extra === document.extra &&
        url === document.url;
      return same ? document : { ...document, title, text, extra, url };
    },
    counts: () => Object.fromEntries(counts),
  };

  function replaceIn(text: string, opts: Parameters<typeof findPii>[1], pseudonyms: Pseudonyms): string {
    let replaced = text;
    // What stood glued to a number may stand free beside what replaced it.
    for (let round = 0; round < ROUNDS; round++) {
      const matches = findPii(replaced, opts);
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

/** Keys, strings and phone numbers of a JSON object; other numbers stay, and what is no JSON stays whole. */
function replaceInJson(json: string, replace: (text: string) => string): string {
  if (!/[@\d]/.test(json)) return json;
  try {
    let changed = false;
    const value: unknown = JSON.parse(json, (key, item: unknown) => {
      const replaced =
        isPhoneKey(key) && isDigits(item) ? replacePhone(item, replace) : replaceValue(item, replace);
      changed ||= replaced !== item;
      return replaced;
    });
    return changed ? JSON.stringify(value) : json;
  } catch {
    return json;
  }
}

function replaceValue(item: unknown, replace: (text: string) => string): unknown {
  if (typeof item === 'string') return replace(item);
  if (typeof item !== 'object' || item === null || Array.isArray(item)) return item;
  const entries = Object.entries(item);
  const replaced = entries.map(([key, value]): [string, unknown] => [replace(key), value]);
  return replaced.some(([key], i) => key !== entries[i]![0]) ? Object.fromEntries(replaced) : item;
}

/** `tel`, `phone_number`, `telMobile`; not `hotel`. */
function isPhoneKey(key: string): boolean {
  return PHONE_KEY.test(key.replace(/([a-z])([A-Z])/g, '$1_$2'));
}

function isDigits(item: unknown): item is number | string {
  return (typeof item === 'number' || typeof item === 'string') && /^\d{8,15}$/.test(`${item}`);
}

/** `612345678` has lost its 0, as in a table of numbers; the key is what speaks of calling. */
function replacePhone(item: number | string, replace: (text: string) => string): number | string {
  const digits = `${item}`;
  const lost = /^[1-9]\d{8}$/.test(digits) ? '0' : '';
  const called = `tel: ${lost}${digits}`;
  const replaced = replace(called).slice('tel: '.length);
  if (replaced === lost + digits) return item;
  if (!/^\d+$/.test(replaced)) return replaced;
  return typeof item === 'number' ? Number(replaced) : replaced.slice(lost.length);
}
