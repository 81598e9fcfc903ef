import type { Document } from '../../../document.ts';
import { pageReservation } from '../../../reservation/page-reservation.ts';
import { Damage } from '../damage.ts';
import { decodeUtf8 } from '../decode-text.ts';
import type { FileReading } from '../file-reading.ts';
import { decodeHtml } from '../html/decode-html.ts';
import { readHtmlPage } from '../html/html-page.ts';
import { makeDocument } from '../make-document.ts';
import { normaliseDate } from '../normalise-date.ts';
import { readBytes } from '../read-bytes.ts';
import { bodyOf, headerOf, parseResponse } from './http-response.ts';
import { type SiteRules, siteFileOf, UNREADABLE_TDMREP } from './reservations.ts';
import { targetUrl, type WarcRecord, warcRecords } from './warc-records.ts';

export interface WarcReading extends FileReading {
  agents: readonly string[];
  sites: SiteRules;
}

const HTML = /^(text\/html|application\/xhtml\+xml)\b/i;

/**
 * The web pages of a WARC file: responses of status 200 in HTML, their main text. Requests, redirects, pictures and the
 * like are no documents and pass without a word; a page that its owner keeps from us is a complaint that names the
 * rule, its text is kept nowhere.
 */
export function readWarc(file: WarcReading): AsyncGenerator<Document> {
  return readRecords(file, { type: 'response', read: readResponse });
}

/** The texts of a WET file, which Common Crawl took out of its pages. Headers and HTML are gone: only the rules of sites are left to honour. */
export function readWet(file: WarcReading): AsyncGenerator<Document> {
  return readRecords(file, { type: 'conversion', read: readConversion });
}

async function* readRecords(
  file: WarcReading,
  opts: { type: string; read(record: WarcRecord, file: WarcReading): Promise<Document | undefined> },
): AsyncGenerator<Document> {
  const complain = (number: number, why: string) => file.complain({ key: `${file.key}/${number}`, why });
  const records = warcRecords(readBytes(file.path, file), {
    // Some crawlers keep answers of name servers as responses too.
    wants: (record) =>
      record.type === opts.type &&
      !targetUrl(record).startsWith('dns:') &&
      siteFileOf(targetUrl(record)) === undefined,
    maxBytes: file.limits.recordBytes,
    complain,
  });
  for await (const record of records) {
    file.signal.throwIfAborted();
    try {
      const document = await opts.read(record, file);
      if (document) yield document;
    } catch (error) {
      if (!(error instanceof Damage)) throw error;
      await complain(record.number, error.message);
    }
  }
}

async function readResponse(record: WarcRecord, file: WarcReading): Promise<Document | undefined> {
  const response = parseResponse(record.block);
  if (!response) throw new Damage('no HTTP response in its record');
  const contentType = headerOf(response, 'content-type');
  if (response.status !== 200 || !HTML.test(contentType)) return undefined;
  const html = decodeHtml(bodyOf(response, file.limits.recordBytes), contentType);
  const url = webUrl(record);
  const asked = { url, headers: response.headers, ...(html === undefined ? {} : { html }) };
  if (await isReserved(record, file, asked)) return undefined;
  if (html === undefined) throw new Damage('not in the encoding that it declares');
  const page = readHtmlPage(html);
  return makeDocument(
    {
      key: keyOf(record, file),
      text: page.text,
      title: page.title,
      // When it was crawled where it does not say when it was written.
      date: page.date || normaliseDate(record.headers.get('warc-date')),
      url,
      extra: JSON.stringify(page.author ? { author: page.author } : {}),
    },
    file.source,
  );
}

async function readConversion(record: WarcRecord, file: WarcReading): Promise<Document | undefined> {
  if (!/^text\/plain\b/i.test(record.headers.get('content-type') ?? '')) return undefined;
  const url = webUrl(record);
  if (await isReserved(record, file, { url })) return undefined;
  const text = decodeUtf8(record.block);
  if (text === undefined) throw new Damage('not UTF-8');
  const date = normaliseDate(record.headers.get('warc-date'));
  return makeDocument({ key: keyOf(record, file), text, date, url }, file.source);
}

/** Without an address nobody can say whether its site keeps the page from us. */
function webUrl(record: WarcRecord): string {
  const url = targetUrl(record);
  if (/^https?:\/\//i.test(url) && URL.canParse(url)) return url;
  throw new Damage(`no address of the web: ${JSON.stringify(url.slice(0, 200))}`);
}

async function isReserved(
  record: WarcRecord,
  file: WarcReading,
  page: { url: string; headers?: [string, string][]; html?: string },
): Promise<boolean> {
  const tdmrep = file.sites.tdmrep(page.url);
  const reservation = pageReservation({
    ...page,
    agents: file.agents,
    robots: file.sites.robots,
    ...(tdmrep === undefined ? {} : { tdmrep }),
  });
  if (reservation) {
    const unreadable = tdmrep === UNREADABLE_TDMREP && reservation.why.startsWith('tdmrep.json');
    const { rule } = reservation;
    const why = unreadable ? 'tdmrep.json cannot be read' : reservation.why;
    await file.complain({ key: `${file.key}/${record.number}`, rule, why, url: page.url });
  }
  return reservation !== undefined;
}

/** The record's own id, which no other record has; its place in the file where it has none. */
function keyOf(record: WarcRecord, file: WarcReading): string {
  const uuid = /^<?urn:uuid:([0-9a-f-]{36})>?$/i.exec(record.headers.get('warc-record-id') ?? '')?.[1];
  return uuid?.toLowerCase() ?? `${file.key}/${record.number}`;
}
