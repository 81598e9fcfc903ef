import robotsParser from 'robots-parser';
import { normalPath } from './path-pattern.ts';

/** Its declarations promise a default export inside what is the function itself. */
const parse = robotsParser as unknown as typeof robotsParser.default;

/** RFC 9309 §2.5 asks that at least 500 KiB be read; what stands behind is left, as Google's parser does. */
const BYTES = 500 * 1024;
/** Longest line and longest path looked at (Google's parser: 2083 × 8 and the length that browsers agree on). */
const LINE = 16_664;
const PATH = 2083;
/** More wildcards in one rule mean an attack on the reader. */
const WILDCARDS = 32;

/** Spellings that Google's parser takes for the words meant, since sites do write them. */
const keys = new Map([
  ['user-agent', 'User-agent'],
  ['useragent', 'User-agent'],
  ['user agent', 'User-agent'],
  ['allow', 'Allow'],
  ['disallow', 'Disallow'],
  ['dissallow', 'Disallow'],
  ['dissalow', 'Disallow'],
  ['disalow', 'Disallow'],
  ['diasllow', 'Disallow'],
  ['disallaw', 'Disallow'],
]);

/**
 * A robots.txt (RFC 9309) parsed once and asked for many pages of its site. What is no rule is skipped, so an error page
 * in its place allows everything.
 */
export class RobotsRules {
  /** The lines that matter, in order: small enough to be kept for each of many sites. */
  readonly lines: readonly string[];
  readonly #parsed: ReturnType<typeof parse>;

  constructor(robotsTxt: string) {
    this.lines = ruleLines(robotsTxt);
    this.#parsed = parse('http://site.invalid/robots.txt', this.lines.join('\n'));
  }

  /**
   * Why one of the agents may not fetch the page, or undefined where all may. Of the rules of an agent's group (`*`
   * where no group names it) the longest match decides; of equals, the one that allows.
   */
  refusal(url: string, agents: readonly string[]): string | undefined {
    const path = pathOf(url);
    if (path === undefined) return `robots.txt cannot be held against ${JSON.stringify(url.slice(0, 200))}`;
    const page = `http://site.invalid${normalPath(path).slice(0, PATH)}`;
    for (const agent of agents) {
      if (this.#parsed.isAllowed(page, agent) !== false) continue;
      const line = this.lines[this.#parsed.getMatchingLineNumber(page, agent) - 1];
      return `robots.txt for ${agent}: ${(line ?? 'Disallow').slice(0, 200)}`;
    }
    return undefined;
  }
}

/** Why a robots.txt keeps one of the agents from a page, or undefined. Many pages of a site: `RobotsRules`. */
export function robotsRefusal(robotsTxt: string, url: string, agents: readonly string[]): string | undefined {
  return new RobotsRules(robotsTxt).refusal(url, agents);
}

/** Whether a robots.txt lets all of the agents fetch a page. */
export function robotsAllows(robotsTxt: string, url: string, agents: readonly string[]): boolean {
  return robotsRefusal(robotsTxt, url, agents) === undefined;
}

/** Path and query of a URL, or undefined where it is none. */
export function pathOf(url: string): string | undefined {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  return parsed?.hostname ? `${parsed.pathname}${parsed.search}` : undefined;
}

/**
 * User-agent, Allow and Disallow alone: RFC 9309 §2.2.4 lets no other record end a group of user-agent lines, which the
 * parser below would do.
 */
function ruleLines(robotsTxt: string): string[] {
  const lines: string[] = [];
  for (const line of robotsTxt
    .replace(/^\uFEFF/, '')
    .slice(0, BYTES)
    .split(/\r\n|\r|\n/)) {
    const bare = line.slice(0, LINE).split('#', 1)[0]!;
    const colon = bare.indexOf(':');
    const key = colon < 0 ? undefined : keys.get(bare.slice(0, colon).trim().toLowerCase());
    if (!key) continue;
    const value = bare
      .slice(colon + 1)
      .trim()
      .replace(/\*{2,}/g, '*');
    if (value.split('*').length > WILDCARDS) continue;
    lines.push(`${key}: ${key === 'User-agent' ? value : normalPath(value)}`);
  }
  // A last group without rules allows everything; the parser would hand its agents to the group of `*`.
  if (lines.at(-1)?.startsWith('User-agent')) lines.push('Disallow: ');
  return lines;
}
