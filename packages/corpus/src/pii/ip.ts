import { isIPv6 } from 'node:net';
import type { Random } from '@lucie/ledger';
import type { PiiMatch } from './kinds.ts';
import { oneOf } from './random-digits.ts';

/** A dash before or behind makes it an identifier, but between two addresses a range. */
const IPV4 =
  /(?<![\p{L}\p{N}_.+)])(?:(?<!-)|(?<=\d\.\d{1,3}-))\d{1,3}(?:\.\d{1,3}){3}(?![\p{L}\p{N}_]|\.\p{N}|-(?!\d{1,3}(?:\.\d{1,3}){3}(?![\p{L}\p{N}_]))\p{N})/gu;
/** Global unicast addresses begin with the bits 001 (RFC 4291 §2.4): what does not identifies nobody. */
const IPV6 = /(?<![\p{L}\p{N}_:.])[23][0-9a-f]{3}:[0-9a-f:]{2,35}(?![\p{L}\p{N}_])/giu;
/** Four numbers that a word before declares to be something else. */
const NOT_ADDRESS =
  /(?:versions?|versión|versione|release|révision|revision|rev|build|articles?|art\.|alin[ée]as?|al\.|absatz|items?|linux|kernel|noyau|sections?|§|chapitres?|chapters?|paragraphe?s?|annexes?|rubriques?|figures?|fig\.|tableaux?|tables?|abschnitt|kapitel|ziffer|sección|capítulo|sezione|capitolo|points?|n°|nº|no\.|oid)[\s:]{0,3}$/i;
/** From so many numbers under twenty on it is rather a heading or a version than an address. */
const SMALL = 3;
/** A word right before that says what follows is an address: in manuals headings speak of networks, too. */
const NETWORK =
  /(?:\bips?(?:v4)?|adresses?|address(?:es)?|adressen?|h[oô]te|host|serveurs?|(?:name)?servers?|dns|ping|r[eé]seau|routeur|router|gateway|passerelle|direcci[oó]n|indirizzo|proxy)["']?[\s:=("'<]{1,4}(?:(?:is|est|ist|es|è)\s)?$/i;
/** Resolvers that the whole world is told to use. */
const PUBLIC = new Set(['8.8.8.8', '8.8.4.4', '1.1.1.1', '1.0.0.1', '9.9.9.9', '149.112.112.112']);

/** Public IPv4 and IPv6 addresses. Private, local, multicast and documentation addresses name nobody. */
export function findIps(text: string): PiiMatch[] {
  const matches: PiiMatch[] = [];
  for (const { 0: found, index } of text.matchAll(IPV4))
    if (isPublicIpv4(found) && !isNumbering(text, index, found))
      matches.push({ kind: 'ip', start: index, end: index + found.length, value: found });
  for (const { 0: found, index } of text.matchAll(IPV6)) {
    const address = found.endsWith('::') ? found : found.replace(/:$/, '');
    if (isIPv6(address) && !isDocumentation(address))
      matches.push({ kind: 'ip', start: index, end: index + address.length, value: canonical(address) });
  }
  return matches;
}

function isPublicIpv4(address: string): boolean {
  const parts = address.split('.');
  if (parts.some((part) => Number(part) > 255 || (part.length > 1 && part.startsWith('0')))) return false;
  const [a, b, c] = parts.map(Number) as [number, number, number, number];
  // RFC 6890's special purposes; from 224 on multicast and reserved.
  if (a === 0 || a === 10 || a === 127 || a >= 224) return false;
  if ((a === 100 && b >= 64 && b < 128) || (a === 169 && b === 254) || (a === 172 && b >= 16 && b < 32))
    return false;
  if (a === 192 && (b === 168 || (b === 0 && (c === 0 || c === 2)) || (b === 88 && c === 99))) return false;
  if ((a === 198 && (b === 18 || b === 19 || (b === 51 && c === 100))) || (a === 203 && b === 0 && c === 113))
    return false;
  return !PUBLIC.has(address);
}

/** Versions, and headings such as `2.1.5.0`: small numbers everywhere where nothing speaks of a network. */
function isNumbering(text: string, start: number, address: string): boolean {
  const before = text.slice(Math.max(0, start - 60), start);
  if (NOT_ADDRESS.test(before)) return true;
  const parts = address.split('.').map(Number);
  const small = parts.filter((part) => part < 20).length;
  // Linux 2.6 is the version with four numbers that manuals speak of most.
  const looksLikeOne = small >= SMALL || (parts[0] === 2 && parts[1] === 6 && parts[2]! < 40);
  return looksLikeOne && !NETWORK.test(before);
}

/** RFC 3849 and RFC 9637. */
function isDocumentation(address: string): boolean {
  return /^(?:2001:0?db8:|3fff:0?[0-9a-f]{0,3}:)/i.test(address);
}

function canonical(address: string): string {
  return new URL(`http://[${address}]/`).hostname;
}

/** An address of the blocks that RFC 5737 and RFC 3849 keep for documentation; after those RFC 2544's. */
export function ipPseudonym(
  random: Random,
  original: string,
  opts: { value: string; attempt: number },
): string {
  if (original.includes(':')) {
    const address = ipv6Pseudonym(random, opts.value);
    return /[A-F]/.test(original) ? address.toUpperCase() : address;
  }
  if (opts.attempt > 20) return `198.${18 + random.below(2)}.${random.below(256)}.${random.below(256)}`;
  return `${oneOf(random, ['192.0.2', '198.51.100', '203.0.113'])}.${1 + random.below(254)}`;
}

/** As many groups as the original, and as compressed. */
function ipv6Pseudonym(random: Random, original: string): string {
  const hex = () => (1 + random.below(0xffff)).toString(16);
  const compressed = original.includes('::');
  const groups = original.split(/:+/).filter(Boolean).length;
  const rest = Array.from({ length: Math.max(2, (compressed ? Math.min(groups, 6) : 8) - 2) }, hex);
  return compressed
    ? `2001:db8:${rest.slice(0, -1).join(':')}::${original.endsWith('::') ? '' : rest.at(-1)}`
    : `2001:db8:${rest.join(':')}`;
}
