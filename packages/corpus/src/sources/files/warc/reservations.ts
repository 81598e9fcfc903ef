import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { RobotsRules } from '../../../reservation/robots.ts';
import { RobotsRecords } from '../../../reservation/robots-records.ts';
import { Damage } from '../damage.ts';
import { decodeHtml } from '../html/decode-html.ts';
import { type ByteOptions, readBytes } from '../read-bytes.ts';
import { type HttpResponse, headerOf, parseResponse, startOfBody } from './http-response.ts';
import { targetUrl, warcRecords } from './warc-records.ts';

/** A robots.txt is read up to 500 KiB (RFC 9309 §2.5), a tdmrep.json likewise. */
const LARGEST = 500 * 1024;
/** As much of a record around them; what follows is left. */
const LARGEST_RECORD = 4 * LARGEST;
/** Sites whose rules are held in memory at a time; the others wait on the disk. */
const SITES = 2000;
/** RFC 9309 §2.3.1.2. */
const REDIRECTS = 5;
/** In place of a tdmrep.json that cannot be read: nobody knows what it allows. */
export const UNREADABLE_TDMREP = '[{"location":"/","tdm-reservation":1}]';

/** What the sites of a folder's WARC files reserve: their robots.txt and tdmrep.json, by site. */
export interface SiteRules {
  /** Why a page may not be fetched, or undefined; for `pageReservation`. */
  robots(url: string): string | undefined;
  /** The text of the site's `/.well-known/tdmrep.json`. */
  tdmrep(url: string): string | undefined;
  close(): void;
}

interface Row {
  kind: string;
  url: string;
  status: number;
  location: string;
  body: string;
  unreadable: number;
}

/** Which of the files of a site that speak for it a URL is, if any. */
export function siteFileOf(url: string): 'robots' | 'tdmrep' | undefined {
  if (!URL.canParse(url)) return undefined;
  const { pathname } = new URL(url);
  if (pathname === '/robots.txt') return 'robots';
  return pathname === '/.well-known/tdmrep.json' ? 'tdmrep' : undefined;
}

/**
 * Goes through WARC files once and keeps what sites say of themselves in an SQLite file at `path`, so that memory does not
 * grow with the number of sites and no other unit has to look again. Written aside and renamed; does nothing where
 * it is there. A damaged WARC gives what it can: who reads it complains. Answers elsewhere to which a robots.txt
 * redirects count for it; those that stand before what points to them need another pass, made where there are any.
 */
export async function collectSiteRules(
  path: string,
  warcs: readonly { path: string; bytes: number }[],
  opts: ByteOptions,
): Promise<void> {
  if (existsSync(path)) return;
  await mkdir(dirname(path), { recursive: true });
  const aside = `${path}.${process.pid}-${randomBytes(4).toString('hex')}.tmp`;
  const database = new DatabaseSync(aside);
  try {
    database.exec('PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;');
    database.exec(
      'CREATE TABLE site (host TEXT, kind TEXT, url TEXT, status INT, location TEXT, body TEXT, unreadable INT)',
    );
    const insert = database.prepare('INSERT INTO site VALUES (?, ?, ?, ?, ?, ?, ?)');
    const targets = new RedirectTargets(database);
    database.exec('BEGIN');
    do for (const warc of warcs) await collectFrom(warc.path, { insert, targets }, opts);
    while (targets.nextPass());
    database.exec('CREATE INDEX by_host ON site (host); COMMIT');
    database.close();
    await rename(aside, path);
  } catch (error) {
    if (database.isOpen) database.close();
    await rm(aside, { force: true });
    throw error;
  }
}

async function collectFrom(
  path: string,
  into: { insert: StatementSync; targets: RedirectTargets },
  opts: ByteOptions,
): Promise<void> {
  const { insert, targets } = into;
  const records = warcRecords(readBytes(path, opts), {
    wants: (record) => record.type === 'response' && targets.wants(targetUrl(record)),
    maxBytes: LARGEST_RECORD,
    cut: true,
    complain: () => {},
  });
  try {
    for await (const record of records) {
      const url = targetUrl(record);
      // What a robots.txt redirects to speaks in its place.
      const own = siteFileOf(url);
      const kind = own ?? 'robots';
      const response = parseResponse(record.block);
      if (!response) continue;
      const { status } = response;
      if (kind === 'tdmrep' && status !== 200) continue;
      const location = headerOf(response, 'location');
      const redirect = kind === 'robots' ? redirectOf({ url, status, location }) : undefined;
      if (redirect !== undefined) targets.note(redirect);
      const text = status >= 200 && status < 300 ? await textOf(response) : '';
      const body = kind === 'robots' ? compact(text ?? '') : wholeRules(text ?? '');
      insert.run(new URL(url).host, kind, url, status, location, body, text === undefined ? 1 : 0);
      if (own === undefined) targets.took(url);
    }
  } catch (error) {
    if (!(error instanceof Damage)) throw error;
  }
}

/**
 * The text of a file that speaks for a site, as far as it can be read: one letter in another encoding, or an end that
 * is lost, does not take the rules away. Undefined where nothing can be read.
 */
async function textOf(response: HttpResponse): Promise<string | undefined> {
  let body = await startOfBody(response, LARGEST);
  if (body.length === 0 && response.payload.length > 0) return undefined;
  // A letter of several bytes must not be cut.
  if (body.length === LARGEST && body.includes(10)) body = body.subarray(0, body.lastIndexOf(10));
  return decodeHtml(body, headerOf(response, 'content-type')) ?? new TextDecoder().decode(body);
}

/** A list that breaks off, up to its last whole rule. */
function wholeRules(json: string): string {
  return /[\]}]\s*$/.test(json) ? json : `${json.slice(0, json.lastIndexOf('}') + 1)}]`;
}

/** Where robots.txt files redirect to, by address; on the disk, since there may be one per site. */
class RedirectTargets {
  readonly #note: StatementSync;
  readonly #find: StatementSync;
  readonly #found: StatementSync;
  readonly #open: StatementSync;
  #pass = 0;
  #any = false;

  constructor(database: DatabaseSync) {
    database.exec('CREATE TEMP TABLE target (address TEXT PRIMARY KEY, noted INT, found INT)');
    this.#note = database.prepare('INSERT OR IGNORE INTO target VALUES (?, ?, NULL)');
    this.#find = database.prepare(
      'SELECT 1 FROM target WHERE address = ?1 AND (found IS NULL OR found = ?2)',
    );
    this.#found = database.prepare('UPDATE target SET found = ?2 WHERE address = ?1');
    this.#open = database.prepare('SELECT 1 FROM target WHERE noted = ? AND found IS NULL LIMIT 1');
  }

  /** Notes the target of a redirect, unless its own name says that it is collected. */
  note(url: string): void {
    if (!/^https?:/.test(url) || siteFileOf(url) === 'robots') return;
    this.#note.run(addressOf(url), this.#pass);
    this.#any = true;
  }

  /** Whether a record is to be read in this pass. */
  wants(url: string): boolean {
    if (siteFileOf(url) !== undefined) return this.#pass === 0;
    return this.#any && URL.canParse(url) && this.#find.get(addressOf(url), this.#pass) !== undefined;
  }

  took(url: string): void {
    this.#found.run(addressOf(url), this.#pass);
  }

  /** Begins another pass; false where none is due. */
  nextPass(): boolean {
    const open = this.#any && this.#open.get(this.#pass) !== undefined;
    return open && ++this.#pass <= REDIRECTS;
  }
}

/** http and https of one host give the same file, as for `RobotsRecords`. */
function addressOf(url: string): string {
  const { host, pathname, search } = new URL(url);
  return `${host}${pathname}${search}`;
}

/** The rules alone; nothing where they forbid nobody anything. */
function compact(robotsTxt: string): string {
  const { lines } = new RobotsRules(robotsTxt);
  return lines.some((line) => /^Disallow: \S/.test(line)) ? lines.join('\n') : '';
}

/** Opens what `collectSiteRules` wrote. */
export function openSiteRules(path: string, agents: readonly string[]): SiteRules {
  const database = new DatabaseSync(path, { readOnly: true });
  const select = database.prepare(
    'SELECT kind, url, status, location, body, unreadable FROM site WHERE host = ? ORDER BY rowid',
  );
  const sites = new Map<string, { robots: RobotsRecords; tdmrep: string | undefined }>();
  const rowsOf = (host: string) => select.all(host) as unknown as Row[];
  const siteOf = (url: string) => {
    const host = URL.canParse(url) ? new URL(url).host : '';
    const known = sites.get(host);
    if (known) return known;
    const site = {
      robots: new RobotsRecords(agents, { unseen: 'allow' }),
      tdmrep: undefined as string | undefined,
    };
    const seen = new Set<string>();
    for (let hosts = [host], hop = 0; hosts.length > 0 && hop <= REDIRECTS; hop++) {
      const rows = hosts.flatMap(rowsOf);
      for (const row of rows)
        if (row.kind === 'robots') site.robots.add({ ...row, unreadable: row.unreadable === 1 });
      if (hop === 0) site.tdmrep = tdmrepOf(rows);
      for (const each of hosts) seen.add(each);
      hosts = [...new Set(rows.map(redirectHost))].filter((next) => next !== '' && !seen.has(next));
    }
    if (sites.size >= SITES) sites.clear();
    sites.set(host, site);
    return site;
  };
  return {
    robots: (url) => siteOf(url).robots.refusal(url),
    tdmrep: (url) => siteOf(url).tdmrep,
    close: () => database.close(),
  };
}

/** Of several the first that can be read. */
function tdmrepOf(rows: readonly Row[]): string | undefined {
  const files = rows.filter((row) => row.kind === 'tdmrep');
  const readable = files.find((row) => row.unreadable === 0);
  return readable?.body ?? (files.length > 0 ? UNREADABLE_TDMREP : undefined);
}

function redirectHost(row: Row): string {
  const target = row.kind === 'robots' ? redirectOf(row) : undefined;
  return target === undefined ? '' : new URL(target).host;
}

/** Where a response redirects to, if anywhere. */
function redirectOf(answer: { url: string; status: number; location: string }): string | undefined {
  const { url, status, location } = answer;
  const redirects = status >= 300 && status < 400 && location !== '' && URL.canParse(location, url);
  return redirects ? new URL(location, url).href : undefined;
}
