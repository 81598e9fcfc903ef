import { type Document, parseExtra } from '../document.ts';
import { type OptOut, readHost, readUrl } from './options.ts';

/** What of a document an opt-out can name. */
export type Traced = Pick<Document, 'id' | 'url' | 'extra'>;

/**
 * Makes the function that finds the first opt-out of a list that names a document. It takes as long for a list of
 * millions as for one of ten, addresses aside, which are compared one by one within a host.
 */
export function optOutMatcher(optOuts: readonly OptOut[]): (document: Traced) => OptOut | undefined {
  const ids = new Map<string, number>();
  const hosts = new Map<string, number>();
  const authors = new Map<string, number>();
  const urls = new Map<string, { prefix: string; at: number }[]>();
  const first = (map: Map<string, number>, key: string, at: number) => map.has(key) || map.set(key, at);
  for (const [at, optOut] of optOuts.entries()) {
    if ('id' in optOut) first(ids, optOut.id, at);
    else if ('domain' in optOut) first(hosts, readHost(optOut.domain)!, at);
    else if ('author' in optOut) first(authors, foldAuthor(optOut.author), at);
    else {
      const prefix = readUrl(optOut.url)!;
      const host = hostOf(prefix);
      urls.set(host, [...(urls.get(host) ?? []), { prefix, at }]);
    }
  }
  return (document) => {
    const places = [ids.get(document.id)];
    if (hosts.size > 0) places.push(...above(readHost(document.url)).map((host) => hosts.get(host)));
    if (urls.size > 0) {
      const url = readUrl(document.url);
      const own = url === undefined ? [] : (urls.get(hostOf(url)) ?? []);
      places.push(...own.filter(({ prefix }) => url!.startsWith(prefix)).map(({ at }) => at));
    }
    if (authors.size > 0) places.push(...authorsOf(document).map((author) => authors.get(author)));
    const known = places.filter((at) => at !== undefined);
    return known.length === 0 ? undefined : optOuts[Math.min(...known)];
  };
}

/** A person's name in one form: `HUGO,  Victor (1802-1885)` and `Victor Hugo` are one. */
export function foldAuthor(name: string): string {
  const [family, given, ...rest] = name.replace(/\([^)]*\)/g, '').split(',');
  const ordered = given?.trim() && rest.length === 0 ? `${given} ${family}` : name.replace(/\([^)]*\)/g, '');
  return ordered
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}+/gu, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/** How an opt-out is shown: `domain example.fr since 2026-03-01`. */
export function describeOptOut(optOut: OptOut): string {
  const { since, reason: _, ...named } = optOut;
  const [[kind, value]] = Object.entries(named) as [[string, string]];
  return `${kind} ${value} since ${since}`;
}

/** A host and those that it is part of: `a.example.fr`, `example.fr`, `fr`. */
function above(host: string | undefined): string[] {
  if (host === undefined) return [];
  const labels = host.split('.');
  return labels.map((_, at) => labels.slice(at).join('.'));
}

function hostOf(url: string): string {
  return url.slice(0, url.indexOf('/'));
}

/** `extra.author`, one name, several with semicolons, or a list. */
function authorsOf(document: Traced): string[] {
  if (!document.extra.includes('"author"')) return [];
  const { author } = parseExtra(document);
  const names = Array.isArray(author) ? author : [author];
  return names
    .filter((name) => typeof name === 'string')
    .flatMap((name) => name.split(';'))
    .map(foldAuthor)
    .filter((name) => name !== '');
}
