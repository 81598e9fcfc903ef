import { RobotsRules } from './robots.ts';

/** What a crawl stored of one attempt to fetch a robots.txt: Common Crawl's `robotstxt` WARC files hold such responses. */
export interface RobotsRecord {
  /** `WARC-Target-URI`. */
  url: string;
  /** HTTP status. */
  status: number;
  /** The `Location` header of a redirect. */
  location?: string;
  body: string;
  /** It gave rules, but none of their bytes can be made out: nobody knows what they allow. */
  unreadable?: boolean;
}

/** RFC 9309 §2.3.1.2: at least five redirects are followed. */
const REDIRECTS = 5;

/**
 * The robots.txt of many sites, as a crawl found them. By RFC 9309 §2.3.1 a site that answers 4xx has none (everything is
 * allowed), one that answers 5xx allows nothing; nor does one whose answer cannot be read.
 */
export class RobotsRecords {
  readonly #agents: readonly string[];
  readonly #unseen: 'allow' | 'refuse';
  readonly #answers = new Map<
    string,
    RobotsRules | { redirect: string } | 'none' | 'closed' | 'unreadable'
  >();

  /** @param opts.unseen - what to say of a site without a record; `refuse` keeps only pages whose consent was seen. */
  constructor(agents: readonly string[], opts: { unseen: 'allow' | 'refuse' }) {
    this.#agents = agents;
    this.#unseen = opts.unseen;
  }

  /** Takes one record; of several for one URL the first readable one counts. */
  add(record: RobotsRecord): void {
    const key = keyOf(record.url);
    if (key === undefined || this.#answers.get(key) instanceof RobotsRules) return;
    const answer = answerOf(record);
    // From http to https of the same host: the answer itself is another record.
    if (typeof answer === 'object' && 'redirect' in answer && keyOf(answer.redirect) === key) return;
    this.#answers.set(key, answer);
  }

  /** Sites and redirect targets known. */
  get size(): number {
    return this.#answers.size;
  }

  /** Why the page may not be taken, or undefined. */
  refusal(url: string): string | undefined {
    const site = URL.canParse(url) ? new URL('/robots.txt', url) : undefined;
    if (!site?.hostname) return `robots.txt cannot be held against ${JSON.stringify(url.slice(0, 200))}`;
    const answer = this.#find(site.href);
    if (answer instanceof RobotsRules) return answer.refusal(url, this.#agents);
    if (answer === 'closed') return 'robots.txt: the server failed to give it';
    if (answer === 'unreadable') return 'robots.txt: it cannot be read';
    if (answer === 'none' || this.#unseen === 'allow') return undefined;
    return 'robots.txt: no record of this site';
  }

  #find(url: string): RobotsRules | 'none' | 'closed' | 'unreadable' | undefined {
    let key = keyOf(url);
    for (let hop = 0; hop <= REDIRECTS && key !== undefined; hop++) {
      const answer = this.#answers.get(key);
      if (typeof answer !== 'object' || answer instanceof RobotsRules) return answer;
      key = keyOf(answer.redirect);
    }
    return 'none';
  }
}

function answerOf({ url, status, location, body, unreadable }: RobotsRecord) {
  if (unreadable) return 'unreadable';
  if (status >= 200 && status < 300) return new RobotsRules(body);
  if (status >= 300 && status < 400)
    return location && URL.canParse(location, url) ? { redirect: new URL(location, url).href } : 'none';
  return status >= 500 ? 'closed' : 'none';
}

/** The address without scheme: http and https of one host give the same file, and crawls fetch but one of them. */
function keyOf(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined;
  const { hostname, port, pathname, search } = new URL(url);
  return hostname ? `${hostname}:${port}${pathname}${search}` : undefined;
}
