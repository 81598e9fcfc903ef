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
import { bodyOf, headerOf, parseResponse } from './http-response.ts';
import { targetUrl, warcRecords } from './warc-records.ts';

/** A robots.txt is read up to 500 KiB (RFC 9309 §2.5), a tdmrep.json likewise. */
const LARGEST = 512 * 1024;
/** A record around them, and no more. */
const LARGEST_RECORD = 4 * LARGEST;
/** Sites whose rules are held in memory at a time; the others wait on the disk. */
const SITES = 2000;
/** RFC 9309 §2.3.1.2. */
const REDIRECTS = 5;

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
 * it is there. A damaged WARC gives what it can: who reads it complains.
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
    database.exec('CREATE TABLE site (host TEXT, kind TEXT, url TEXT, status INT, location TEXT, body TEXT)');
    const insert = database.prepare('INSERT INTO site VALUES (?, ?, ?, ?, ?, ?)');
    database.exec('BEGIN');
    for (const warc of warcs) await collectFrom(warc.path, insert, opts);
    database.exec('CREATE INDEX by_host ON site (host); COMMIT');
    database.close();
    await rename(aside, path);
  } catch (error) {
    if (database.isOpen) database.close();
    await rm(aside, { force: true });
    throw error;
  }
}

async function collectFrom(path: string, insert: StatementSync, opts: ByteOptions): Promise<void> {
  const records = warcRecords(readBytes(path, opts), {
    wants: (record) => record.type === 'response' && siteFileOf(targetUrl(record)) !== undefined,
    maxBytes: LARGEST_RECORD,
    complain: () => {},
  });
  try {
    for await (const record of records) {
      const url = targetUrl(record);
      const kind = siteFileOf(url)!;
      const response = parseResponse(record.block);
      if (!response) continue;
      const { status } = response;
      if (kind === 'tdmrep' && status !== 200) continue;
      const text = status >= 200 && status < 300 ? textOf(response) : '';
      const body = kind === 'robots' ? compact(text) : text;
      insert.run(new URL(url).host, kind, url, status, headerOf(response, 'location'), body);
    }
  } catch (error) {
    if (!(error instanceof Damage)) throw error;
  }
}

function textOf(response: NonNullable<ReturnType<typeof parseResponse>>): string {
  try {
    return decodeHtml(bodyOf(response, LARGEST), headerOf(response, 'content-type')) ?? '';
  } catch (error) {
    if (error instanceof Damage) return '';
    throw error;
  }
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
    'SELECT kind, url, status, location, body FROM site WHERE host = ? ORDER BY rowid',
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
      for (const row of rows) if (row.kind === 'robots') site.robots.add(row);
      if (hop === 0) site.tdmrep = rows.find((row) => row.kind === 'tdmrep')?.body;
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

function redirectHost(row: Row): string {
  const redirects = row.kind === 'robots' && row.status >= 300 && row.status < 400 && row.location !== '';
  return redirects && URL.canParse(row.location, row.url) ? new URL(row.location, row.url).host : '';
}
