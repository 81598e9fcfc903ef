import { getDomain } from 'tldts';

export interface Address {
  /** Lower case, without port; international names in their ASCII form. */
  host: string;
  /** Path and query in lower case, from the first slash. */
  path: string;
}

/** Host and path of an address, also of one without `https://`; undefined for what is none. */
export function addressOf(url: string): Address | undefined {
  if (url === '' || url.length > 10_000) return undefined;
  const parsed = URL.parse(url.includes('://') ? url : `http://${url}`);
  if (!parsed?.hostname.includes('.')) return undefined;
  return {
    host: parsed.hostname.toLowerCase().replace(/\.$/, ''),
    path: (parsed.pathname + parsed.search).toLowerCase(),
  };
}

/**
 * A host and the hosts above it, down to the registered domain: `a.b.example.co.uk`, `b.example.co.uk`,
 * `example.co.uk`. Numbers (`192.0.2.1`) have none above.
 */
export function hostSuffixes(host: string): string[] {
  const domain = getDomain(host, { validateHostname: false }) ?? host;
  const suffixes = [host];
  for (let at = host; at.length > domain.length; ) {
    at = at.slice(at.indexOf('.') + 1);
    suffixes.push(at);
  }
  return suffixes;
}
