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
const DOMAIN_START = /^[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){1,8}/u;
/** The sign and what people write in its place. */
const SIGN = /@|[ \u00a0]?(?:\[(?:at|arobase|arroba)\]|\((?:at|arobase|arroba)\))[ \u00a0]?/gi;
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
    const domain = domainOf(text.slice(domainStart, domainStart + DOMAIN));
    const start = at - local.length;
    if (
      domain === '' ||
      isUserOfUrl(text, start) ||
      (local === 'git' && text[domainStart + domain.length] === ':')
    )
      continue;
    const value = `${local}@${domain}`.toLowerCase();
    if (RESERVED.test(domain.toLowerCase()) || isPublicMailbox(value)) continue;
    free = domainStart + domain.length;
    matches.push({ kind: 'email', start, end: free, value });
  }
  return matches;
}

/** The longest run of labels that ends in a public suffix: `orange.fr` of `orange.fr.Merci`. */
function domainOf(text: string): string {
  let domain = DOMAIN_START.exec(text)?.[0] ?? '';
  while (domain.includes('.')) {
    const bare = domain.replace(/-+$/, '');
    const { isIcann, domain: registered } = parse(bare, { validateHostname: true });
    if (isIcann && registered) return bare;
    if (RESERVED.test(bare.toLowerCase())) return bare;
    domain = domain.slice(0, domain.lastIndexOf('.'));
  }
  return '';
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
