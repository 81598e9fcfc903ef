import { getDomain } from 'tldts';
import { z } from 'zod';

const since = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
const common = { since, reason: z.string().optional() };

/** Someone does not want a text to be trained on: one document, a site, an author, or all below an address. */
export const optOutShape = z.union([
  z.strictObject({ id: z.string().min(1), ...common }),
  z.strictObject({
    domain: z.string().refine((text) => readHost(text) !== undefined, 'a domain, such as example.fr'),
    ...common,
  }),
  z.strictObject({ author: z.string().regex(/[\p{L}\p{N}]/u), ...common }),
  z.strictObject({
    url: z.string().refine((text) => readUrl(text) !== undefined, 'an http address'),
    ...common,
  }),
]);

/** All that have opted out of a corpus, with the day since when. */
export const optOutsShape = z.array(optOutShape).default([]);

export type OptOut = z.infer<typeof optOutShape>;

/**
 * The host that a domain or an address names, without `www.`, in ASCII; undefined for what is no host, or is one that
 * many sites share (`fr`, `co.uk`, `github.io`).
 */
export function readHost(text: string): string | undefined {
  const address = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  const url = URL.canParse(address.trim()) ? new URL(address.trim()) : undefined;
  const host = url?.hostname.replace(/\.$/, '').replace(/^www\./, '');
  return host && getDomain(host, { allowPrivateDomains: true }) !== null ? host : undefined;
}

/** Host and path of an http address in one form, whatever the protocol; undefined for anything else. */
export function readUrl(text: string): string | undefined {
  if (!URL.canParse(text.trim())) return undefined;
  const { protocol, host, pathname, search } = new URL(text.trim());
  if (protocol !== 'http:' && protocol !== 'https:') return undefined;
  return `${host.replace(/^www\./, '')}${pathname}${search}`;
}
