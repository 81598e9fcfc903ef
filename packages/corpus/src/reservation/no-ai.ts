import { type HeaderFields, headerValues } from './header-fields.ts';
import { metaTags } from './meta-tags.ts';

/** Directives that hold a colon of their own, which is no agent's name before it. */
const WITH_VALUE = new Set([
  'unavailable_after',
  'max-snippet',
  'max-image-preview',
  'max-video-preview',
  'indexifembedded',
]);

/**
 * How a page forbids its use in the training of models by the word `noai` (DeviantArt, 2022), or undefined where it does
 * not: in an `X-Robots-Tag` header or a robots meta tag, for everyone or for one of the agents. `noimageai` speaks of
 * pictures and `noindex` of search: neither is meant here.
 */
export function noAi(page: {
  headers?: HeaderFields;
  html?: string;
  agents: readonly string[];
}): string | undefined {
  const agents = new Set(page.agents.map(productToken));
  for (const value of page.headers ? headerValues(page.headers, 'x-robots-tag') : [])
    if (forbids(value, agents)) return `header X-Robots-Tag: ${value.trim().slice(0, 200)}`;
  for (const { name, content } of page.html === undefined ? [] : metaTags(page.html)) {
    if (name !== 'robots' && !agents.has(name)) continue;
    const words = content.toLowerCase().split(/[\s,;]+/);
    if (words.includes('noai')) return `meta ${name}: ${content.trim().slice(0, 200)}`;
  }
  return undefined;
}

/** `otherbot: noindex, noai`: a name rules over all that follows it in the same header. */
function forbids(value: string, agents: ReadonlySet<string>): boolean {
  let concerned = true;
  for (const item of value.split(',')) {
    const colon = item.indexOf(':');
    const key = colon < 0 ? '' : productToken(item.slice(0, colon));
    const named = key !== '' && !WITH_VALUE.has(key);
    if (named) concerned = key === 'robots' || key === '*' || agents.has(key);
    const directive = (named ? item.slice(colon + 1) : item).trim().toLowerCase();
    if (concerned && directive === 'noai') return true;
  }
  return false;
}

/** `CCBot/2.0` is asked for as `ccbot`. */
function productToken(agent: string): string {
  return agent.split('/', 1)[0]!.trim().toLowerCase();
}
