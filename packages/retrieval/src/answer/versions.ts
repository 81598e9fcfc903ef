import type { Superseded } from '../citation.ts';
import type { Hit } from '../passage.ts';
import { termsOf } from './candidate.ts';
import { unmask } from './unmask.ts';

const MONTHS = [
  'janvier',
  'fevrier',
  'mars',
  'avril',
  'mai',
  'juin',
  'juillet',
  'aout',
  'septembre',
  'octobre',
  'novembre',
  'decembre',
];
const DATE = new RegExp(`\\b(1er|\\d{1,2}) (${MONTHS.join('|')})(?: (\\d{4}))?`, 'g');
const REPLACES =
  /\b(?:annule|remplace|annulent|remplacent|abroge|modifie|met a jour|met fin a)\b|\ba la place d|\bne vaut plus|\bn'est plus valable|\ba jeter\b/;
const VERSION =
  /\s*[([][^)\]]*(?:version|maj|mise a jour|mise à jour|du \d|v\d)[^)\]]*[)\]]|\bversion (?:du )?.*$|\b(?:v|rev)\.? ?\d+\b/giu;
/** Two documents are versions of one when this share of the shorter title's words is in the other. */
const SAME_TITLE = 0.75;

interface Version {
  document: number;
  title: string;
  own: Set<string>;
  dates: string[];
  texts: string[];
}

/**
 * Which documents among the hits another hit's document replaces: titles agree but for their version, and one says that
 * it replaces the other's date, or is dated later. `dates` without a year are read as of one school year (September to
 * August), since such notes belong to one.
 */
export function supersededAmong(hits: readonly Hit[]): Superseded[] {
  const versions = new Map<number, Version>();
  for (const hit of hits) {
    const version = versions.get(hit.document);
    if (version) version.texts.push(unmask(hit.text));
    else versions.set(hit.document, describe(hit));
  }
  const list = [...versions.values()].sort((a, b) => a.document - b.document);
  const found: Superseded[] = [];
  for (const old of list) {
    const newer = list.filter((other) => other !== old && sameTitle(old, other) && replaces(other, old));
    const by = newer.find((one) => newer.every((other) => other === one || replaces(one, other))) ?? newer[0];
    if (by) found.push({ document: old.document, title: old.title, by: by.document });
  }
  return found;
}

/** The question is about how it was before: the older version is what it asks for. */
export function asksForOld(question: string, old: Superseded): boolean {
  const plain = unmask(question);
  if (
    /\b(?:ancienne?s?|premiere) (?:version|note|fiche|date|regle|consigne|horaire|programme|reglement)|\bversion (?:d'avant|precedente)|\bd'abord (?:prevu|fixe|annonce)|\bau depart\b|\bprevu (?:avant|au debut)/.test(
      plain,
    )
  )
    return true;
  return datesOf(unmask(old.title)).some((date) => plain.includes(date));
}

function describe(hit: Hit): Version {
  const own = termsOf(hit.title.replace(VERSION, ' '));
  return {
    document: hit.document,
    title: hit.title,
    own,
    dates: datesOf(unmask(hit.title)),
    texts: [unmask(hit.text)],
  };
}

function sameTitle(a: Version, b: Version): boolean {
  const [less, more] = a.own.size <= b.own.size ? [a, b] : [b, a];
  if (less.own.size === 0 || a.title === b.title) return false;
  const shared = [...less.own].filter((term) => more.own.has(term)).length;
  return shared / less.own.size >= SAME_TITLE && shared / more.own.size >= SAME_TITLE / 1.5;
}

function replaces(newer: Version, old: Version): boolean {
  const says = (one: Version, other: Version) =>
    one.texts.some((text) => REPLACES.test(text) && other.dates.some((date) => text.includes(date)));
  if (says(newer, old)) return true;
  if (says(old, newer)) return false;
  const [a, b] = [newer.dates[0], old.dates[0]];
  if (a === undefined || b === undefined || /\d{4}$/.test(a) !== /\d{4}$/.test(b)) return false;
  return day(a) > day(b);
}

function datesOf(plain: string): string[] {
  return [...plain.matchAll(DATE)].map((match) => match[0]);
}

/** A number that grows with the day; without a year, of the school year that begins in September. */
function day(date: string): number {
  const [, number, month, year] = new RegExp(DATE.source).exec(date)!;
  const of = MONTHS.indexOf(month!);
  const within = (of + (year ? 0 : 4)) % 12;
  return (year ? Number(year) : 0) * 400 + within * 31 + Number.parseInt(number!, 10);
}
