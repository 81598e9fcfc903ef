import { type HeaderFields, headerValues } from './header-fields.ts';
import { metaTags } from './meta-tags.ts';
import { matchesPath } from './path-pattern.ts';
import { pathOf } from './robots.ts';

/** More text in a tdmrep.json, or more rules, are not read. */
const CHARACTERS = 500 * 1024;
const RULES = 1000;

/** What is known of a page; parts that nobody has are left out. */
export interface TdmEvidence {
  url: string;
  headers?: HeaderFields;
  html?: string;
  /** Content of `/.well-known/tdmrep.json` of the page's server. */
  tdmrep?: string;
}

/**
 * How a page reserves text and data mining (W3C community group, TDM Reservation Protocol, 2024), or undefined where it
 * does not. What the page says goes before its HTTP header, and that before the file of the server; of the file's
 * rules the first that matches counts. Values other than 0 and 1, and files that are no JSON, are as if not there.
 */
export function tdmReserved({ url, headers, html, tdmrep }: TdmEvidence): string | undefined {
  const meta = (html === undefined ? [] : metaTags(html))
    .filter(({ name }) => name === 'tdm-reservation')
    .map(({ content }) => content);
  const inPage = verdict(meta);
  if (inPage !== undefined) return inPage ? 'meta tdm-reservation: 1' : undefined;
  const inHeader = verdict(headers ? headerValues(headers, 'tdm-reservation') : []);
  if (inHeader !== undefined) return inHeader ? 'header tdm-reservation: 1' : undefined;
  const rule = tdmrep === undefined ? undefined : matchingRule(tdmrep, url);
  return rule?.reserved ? `tdmrep.json: ${rule.location.slice(0, 200)}` : undefined;
}

/** Whether the values reserve; undefined where none is valid. Of contradicting ones, the one that reserves. */
function verdict(values: readonly string[]): boolean | undefined {
  const valid = values
    .flatMap((value) => value.split(','))
    .map((value) => value.trim())
    .filter((value) => value === '0' || value === '1');
  return valid.length === 0 ? undefined : valid.includes('1');
}

function matchingRule(tdmrep: string, url: string): { location: string; reserved: boolean } | undefined {
  const path = pathOf(url);
  if (path === undefined || tdmrep.length > CHARACTERS) return undefined;
  for (const entry of rulesOf(tdmrep)) {
    const { location, 'tdm-reservation': value } = entry as Record<string, unknown>;
    if (typeof location !== 'string' || location === '') continue;
    const reserved = verdict([String(value)]);
    if (reserved !== undefined && matchesPath(location, path)) return { location, reserved };
  }
  return undefined;
}

/** The objects of the file; a single rule without the brackets that the protocol asks for is taken for what it means. */
function rulesOf(tdmrep: string): object[] {
  try {
    const parsed: unknown = JSON.parse(tdmrep.replace(/^\uFEFF/, ''));
    const list: unknown[] = Array.isArray(parsed) ? parsed.slice(0, RULES) : [parsed];
    return list.filter((entry): entry is object => typeof entry === 'object' && entry !== null);
  } catch {
    return [];
  }
}
