import type { Random } from '@lucie/ledger';
import { parse } from 'tldts';
import type { PiiMatch } from './kinds.ts';
import { familyNames, givenNames } from './names.ts';
import { isPublicMailbox } from './public-mailboxes.ts';
import { oneOf, randomDigits } from './random-digits.ts';

/** RFC 5321 §4.5.3.1: 64 octets before the sign, 255 behind. */
const LOCAL = 64;
const DOMAIN = 255;
const LOCAL_END = /[\p{L}\p{N}][\p{L}\p{N}._%+~-]*$/u;
const LABEL = /[\p{L}\p{N}-]{1,63}/uy;
const LABELS = 9;
const S = '[ \\u00a0]';
const SIGNS = '[@＠﹫]|&#64;|&#x40;|&commat;';
const WORDS = '(?:at|@|arobase|arroba|chiocciola)';
/**
 * The sign, its twins of other widths and in the notations of HTML and URLs, and what people write in its place. A bare
 * `at` counts in capitals alone, or where the domain is spelled out too: `look at amazon.com` is English.
 */
const SIGN = new RegExp(
  [
    `${S}?(?:\\[${S}?${WORDS}${S}?\\]|\\(${S}?${WORDS}${S}?\\)|\\{${S}?${WORDS}${S}?\\}|<${WORDS}>)${S}?`,
    `${S}(?:arobase|arroba|chiocciola)${S}`,
    '[ \\u00a0_-]at[ \\u00a0_-]',
    `${S}(?:${SIGNS})${S}|${SIGNS}|%40`,
  ].join('|'),
  'gi',
);
const AT = /^[ \u00a0_-]at[ \u00a0_-]$/i;
/** Domains of countries that are words of English, too: `look at the dot in it`. */
const WORD_DOMAINS = /\.(?:am|as|at|be|by|do|in|is|it|me|my|no|so|to|us)$/i;
const DOT = /[.．]/y;
const SPELLED_DOT = new RegExp(
  `${S}?(?:\\[${S}?(?:dot|point|punkt|punto)${S}?\\]|\\(${S}?(?:dot|point|punkt|punto)${S}?\\)|\\{(?:dot|point|punkt|punto)\\})${S}?|${S}(?:dot|point|punkt|punto)${S}`,
  'iy',
);
/** Domains that RFC 2606 and 6761 keep for examples and tests: they belong to nobody. */
const RESERVED = /(?:^|\.)(?:example\.(?:com|net|org)|example|test|invalid|localhost)$/;
const EXAMPLES = ['example.org', 'example.com', 'example.net'];

/** Mail addresses whose domain ends in one that exists. */
export function findEmails(text: string): PiiMatch[] {
  const matches: PiiMatch[] = [];
  let free = 0;
  for (const sign of text.matchAll(SIGN)) {
    const at = sign.index;
    const local = LOCAL_END.exec(text.slice(Math.max(free, at - LOCAL), at))?.[0];
    if (local === undefined) continue;
    const domainStart = at + sign[0].length;
    const domain = domainOf(text.slice(domainStart, domainStart + DOMAIN), sign[0]);
    const start = at - local.length;
    if (!domain || isUserOfUrl(text, start)) continue;
    const end = domainStart + domain.length;
    if (local === 'git' && text[end] === ':') continue;
    if (AT.test(sign[0]) && !isSign(sign[0], { local, domain })) continue;
    const value = `${local}@${domain.name}`.toLowerCase();
    if (RESERVED.test(domain.name.toLowerCase()) || isPublicMailbox(value)) continue;
    free = end;
    matches.push({ kind: 'email', start, end: free, value });
  }
  return matches;
}

/** `jean AT yahoo.fr`, `jean at yahoo dot fr`; not `LOOK AT AMAZON.COM`, `look at amazon.com`, `changed at some point in`. */
function isSign(at: string, { local, domain }: { local: string; domain: Domain }): boolean {
  if (at.includes('AT')) return local !== local.toUpperCase();
  return domain.spelled && !WORD_DOMAINS.test(domain.name);
}

interface Domain {
  name: string;
  /** Characters that it takes in the text. */
  length: number;
  /** Whether a point is written as `dot`. */
  spelled: boolean;
}

/** The longest run of labels that ends in a public suffix: `orange.fr` of `orange.fr.Merci`. */
function domainOf(text: string, sign: string): Domain | undefined {
  const labels = labelsOf(text, sign);
  for (let count = labels.length; count >= 2; count--) {
    const run = labels.slice(0, count);
    const written = run.map(({ label }) => label).join('.');
    const name = written.replace(/-+$/, '');
    const { isIcann, domain } = parse(name, { validateHostname: true });
    if (!(isIcann && domain) && !RESERVED.test(name.toLowerCase())) continue;
    const length = run.at(-1)!.end - (written.length - name.length);
    return { name, length, spelled: run.at(-1)!.spelled };
  }
  return undefined;
}

/** Labels between points; points written as words count where the sign is, too, or is spelled in another way. */
function labelsOf(text: string, sign: string) {
  const labels: { label: string; end: number; spelled: boolean }[] = [];
  let at = 0;
  let spelled = false;
  while (labels.length < LABELS) {
    LABEL.lastIndex = at;
    const label = LABEL.exec(text)?.[0];
    if (!label) break;
    at += label.length;
    labels.push({ label, end: at, spelled });
    DOT.lastIndex = at;
    SPELLED_DOT.lastIndex = at;
    const spelledDot = sign === '@' ? undefined : SPELLED_DOT.exec(text)?.[0];
    const dot = spelledDot ?? DOT.exec(text)?.[0];
    if (!dot) break;
    spelled ||= /dot/i.test(spelledDot ?? '');
    at += dot.length;
  }
  return labels;
}

/** `https://user@host/`: who logs in, not who gets mail. */
function isUserOfUrl(text: string, start: number): boolean {
  const before = text.slice(Math.max(0, start - 100), start);
  return /:\/\/[^\s/?#]*$/.test(before);
}

/** A made-up person at a domain kept for examples, in the style of the original: `a.b`, `a_b`, `ab`, with or without digits. */
export function emailPseudonym(random: Random, original: string): string {
  const sign = original.match(SIGN)?.[0] ?? '@';
  const local = original.slice(0, original.indexOf(sign));
  const separator = /[._-]/.exec(local)?.[0] ?? '';
  const given = oneOf(random, givenNames);
  const name = local.length <= 6 && !separator ? given : `${given}${separator}${oneOf(random, familyNames)}`;
  const digits = randomDigits(random, Math.min(4, local.match(/\d/g)?.length ?? 0));
  return `${name}${digits}${sign}${oneOf(random, EXAMPLES)}`;
}
