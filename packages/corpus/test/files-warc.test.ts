import { brotliCompressSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { WARCParser } from 'warcio';
import { decodeHtml } from '../src/sources/files/html/decode-html.ts';
import { readHtmlPage } from '../src/sources/files/html/html-page.ts';
import { warcRecords } from '../src/sources/files/warc/warc-records.ts';
import {
  htmlPage,
  type MadeResponse,
  openFolder,
  responseRecord,
  sentence,
  warcBytes,
  warcRecord,
} from './make-files.ts';
import { readSource } from './source-conformance.ts';

const site = 'https://site.example';
const page = (n: number, more: Partial<MadeResponse> = {}) =>
  responseRecord({ url: `${site}/p/${n}`, body: htmlPage(n), ...more });
const robots = (body: string, more: Partial<MadeResponse> = {}) =>
  responseRecord({ url: `${site}/robots.txt`, body, headers: { 'Content-Type': 'text/plain' }, ...more });

/** Numbers of the pages that became documents, and what was complained of. */
async function outcome(files: Record<string, Buffer[]>, opts: Parameters<typeof openFolder>[1] = {}) {
  const packed = Object.entries(files).map(([name, records]) => [
    name,
    warcBytes(records, { gzip: name.endsWith('gz') }),
  ]);
  const { documents, complaints } = await readSource(openFolder(Object.fromEntries(packed), opts));
  return {
    pages: documents.map(({ text }) => Number(/numéro (\d+)/.exec(text)?.[1])),
    complaints,
    documents,
  };
}

describe('pages', () => {
  test('title, main text, date, address, id; what is no page passes without a word', async () => {
    const { documents, complaints } = await outcome({
      'a.warc.gz': [
        warcRecord('warcinfo', 'software: test\r\n'),
        warcRecord('request', 'GET / HTTP/1.1\r\n\r\n', { 'WARC-Target-URI': `${site}/p/1` }),
        page(1, { id: '1f' }),
        warcRecord('metadata', 'x: y', { 'WARC-Target-URI': `${site}/p/1` }),
        page(2, { status: '404 Not Found' }),
        page(3, { headers: { 'Content-Type': 'image/png' } }),
        page(4, { status: '301 Moved', headers: { Location: '/p/5' } }),
        warcRecord('response', '20240305 93.184.216.34', {
          'WARC-Target-URI': 'dns:site.example',
          'Content-Type': 'text/dns',
        }),
        page(5, {
          body: htmlPage(5, {
            head: '<meta property="article:published_time" content="2019-03-01T08:00:00Z"><meta name="Author" content="A.&nbsp;Dupont">',
          }),
          headers: { 'Content-Type': 'application/xhtml+xml' },
        }),
      ],
    });
    expect(complaints).toEqual([]);
    expect(documents).toEqual([
      {
        id: 'own/00000000-0000-4000-8000-00000000001f',
        text: `Titre 1\n\n${sentence(1)}`,
        source: 'own',
        licence: 'CC0-1.0',
        language: 'fr',
        date: '2024-03-05',
        url: `${site}/p/1`,
        title: 'Page 1',
        extra: '{}',
      },
      expect.objectContaining({ id: 'own/a/9', date: '2019-03-01', extra: '{"author":"A.\u00a0Dupont"}' }),
    ]);
  });

  test('records are those that warcio reads', async () => {
    const bytes = warcBytes(
      [warcRecord('warcinfo', 'a: b\r\n'), page(1), page(2), warcRecord('metadata', 'x')],
      { gzip: true },
    );
    const theirs: [string, string, number][] = [];
    for await (const record of new WARCParser(chunked(bytes, 100), { parseHttp: false })) {
      const payload = await record.readFully(false);
      theirs.push([record.warcType ?? '', record.warcTargetURI ?? '', payload.length]);
    }
    const plain = warcBytes([
      warcRecord('warcinfo', 'a: b\r\n'),
      page(1),
      page(2),
      warcRecord('metadata', 'x'),
    ]);
    const ours: [string, string, number][] = [];
    for (const size of [1, 7, 1000, 1e6]) {
      ours.length = 0;
      const opts = { wants: () => true, maxBytes: 1e6, complain: () => expect.fail('a complaint') };
      for await (const record of warcRecords(chunked(plain, size), opts))
        ours.push([record.type, record.headers.get('warc-target-uri') ?? '', record.block.length]);
      expect(ours).toEqual(theirs);
    }
    expect(theirs).toHaveLength(4);
  });

  test('texts of WET files, with the rules of sites that stand beside', async () => {
    const text = (n: number, url: string) =>
      warcRecord('conversion', sentence(n), {
        'WARC-Target-URI': url,
        'Content-Type': 'text/plain',
        'WARC-Date': '2023-04-05T06:07:08Z',
      });
    const { documents, complaints } = await outcome({
      'a.warc.wet.gz': [
        text(1, `${site}/a`),
        text(2, `${site}/private/b`),
        text(3, 'https://other.example/private/c'),
      ],
      'robots.warc.gz': [robots('User-agent: *\nDisallow: /private/')],
    });
    expect(documents.map(({ text, url, date }) => [text, url, date])).toEqual([
      [sentence(1), `${site}/a`, '2023-04-05'],
      [sentence(3), 'https://other.example/private/c', '2023-04-05'],
    ]);
    expect(complaints).toEqual([
      { key: 'a/2', rule: 'robots', why: expect.any(String), url: `${site}/private/b` },
    ]);
  });
});

describe('reservations', () => {
  test('robots rules per path, from whatever file and place in the folder', async () => {
    const rules =
      'User-agent: *\nDisallow: /p/2\n\nUser-agent: CCBot\nDisallow: /p/\nAllow: /p/3$\nAllow: /p/4';
    for (const files of [
      { 'a.warc.gz': [page(1), page(2), page(3), page(33), page(4), robots(rules)] },
      { 'b.warc.gz': [page(1), page(2), page(3), page(33), page(4)], 'a/robotstxt.warc': [robots(rules)] },
      {
        'b.warc': [page(1), page(2), page(3), page(33), page(4)],
        'z.warc.gz': [robots(rules, { url: 'http://site.example/robots.txt' })],
      },
    ]) {
      const { pages, complaints } = await outcome(files as Record<string, Buffer[]>);
      expect(pages).toEqual([3, 4]);
      expect(complaints.map(({ rule, url }) => [rule, url])).toEqual(
        [1, 2, 33].map((n) => ['robots', `${site}/p/${n}`]),
      );
    }
    const others = await outcome({ 'a.warc': [page(1), page(2), robots(rules)] }, { agents: ['OtherBot'] });
    expect(others.pages).toEqual([1]);
  });

  test('a site that failed to give its rules allows nothing; one without allows all; redirects are followed', async () => {
    const hosts = ['https://a.example', 'https://b.example', 'https://c.example'];
    const pages = hosts.map((host, n) => page(n + 1, { url: `${host}/x` }));
    const answer = (host: string, status: string, more: Partial<MadeResponse> = {}) =>
      robots('', { url: `${host}/robots.txt`, status, ...more });
    const { pages: kept } = await outcome({
      'a.warc': [
        ...pages,
        answer(hosts[0]!, '503 Busy'),
        answer(hosts[1]!, '404 Not Found'),
        answer(hosts[2]!, '301 Moved', { headers: { Location: 'https://www.c.example/robots.txt' } }),
        robots('User-agent: *\nDisallow: /', { url: 'https://www.c.example/robots.txt' }),
      ],
    });
    expect(kept).toEqual([2]);
  });

  test('a packed robots.txt, one that is a page, one that is huge', async () => {
    const rules = 'User-agent: *\nDisallow: /p/2\n';
    const packed = robots('', { headers: { 'Content-Encoding': 'gzip' }, body: gzipSync(rules) });
    expect((await outcome({ 'a.warc': [packed, page(1), page(2)] })).pages).toEqual([1]);
    const html = robots(htmlPage(9));
    expect((await outcome({ 'a.warc': [html, page(1), page(2)] })).pages).toEqual([1, 2]);
    const huge = robots(`${rules}${'# nothing\n'.repeat(100_000)}Disallow: /p/1\n`);
    expect((await outcome({ 'a.warc': [huge, page(1), page(2)] })).pages).toEqual([1]);
  });

  const rules = 'User-agent: *\nDisallow: /p/2\n';
  const gz = { 'Content-Encoding': 'gzip' };
  const plain = { 'Content-Type': 'text/plain; charset=utf-8' };

  test.each<[string, Partial<MadeResponse>]>([
    ['of other letters', { body: Buffer.from(`# Règles\n${rules}`, 'latin1'), headers: plain }],
    ['of UTF-16', { body: Buffer.from(`\ufeff${rules}`, 'utf16le') }],
    ['of three megabytes', { body: `${rules}${'# é\n'.repeat(600_000)}` }],
    ['packed, of a megabyte', { body: gzipSync(`${rules}${'# é\n'.repeat(200_000)}`), headers: gz }],
    [
      'packed, whose end is lost',
      { body: gzipSync(`${rules}Disallow: /p/1 ${Math.PI}`).subarray(0, -20), headers: gz },
    ],
    ['of brotli by name only', { body: rules, headers: { 'Content-Encoding': 'br' } }],
    ['of brotli', { body: brotliCompressSync(rules), headers: { 'Content-Encoding': 'br' } }],
    [
      'packed, with damage behind its rules',
      { body: gzipSync(`${rules}# ${noise(20_000)}`).fill(0xff, 6000, 6100), headers: gz },
    ],
  ])('a robots.txt %s is heeded', async (_, answer) => {
    const { pages } = await outcome({ 'a.warc': [robots('', answer), page(1), page(2)] });
    expect(pages).not.toContain(2);
    expect(pages).toContain(1);
  });

  test('a site whose rules cannot be read is closed, and the reason is told', async () => {
    const lost = { body: gzipSync(rules).subarray(0, 8), headers: gz };
    const robotsLost = await outcome({ 'a.warc': [robots('', lost), page(1)] });
    expect(robotsLost.pages).toEqual([]);
    expect(robotsLost.complaints).toMatchObject([{ rule: 'robots', why: 'robots.txt: it cannot be read' }]);
    const tdmrep = responseRecord({ url: `${site}/.well-known/tdmrep.json`, ...lost });
    const tdmLost = await outcome({ 'a.warc': [tdmrep, page(1)] });
    expect(tdmLost.pages).toEqual([]);
    expect(tdmLost.complaints).toMatchObject([
      { rule: 'tdm-reservation', why: 'tdmrep.json cannot be read' },
    ]);
    // Another answer of the site that can be read goes before.
    expect((await outcome({ 'a.warc': [robots('', lost), robots(rules), page(1), page(2)] })).pages).toEqual([
      1,
    ]);
  });

  test('a tdmrep.json of other letters, one that is too long', async () => {
    const file = (body: string | Uint8Array) =>
      responseRecord({ url: `${site}/.well-known/tdmrep.json`, body, headers: plain });
    const rule = { location: '/p/2', 'tdm-reservation': 1, 'tdm-policy': 'é' };
    const latin = file(Buffer.from(JSON.stringify([rule]), 'latin1'));
    const long = JSON.stringify([
      rule,
      ...Array.from({ length: 20_000 }, (_, n) => ({ ...rule, location: `/q/${n}` })),
    ]);
    for (const tdmrep of [latin, file(long)])
      expect((await outcome({ 'a.warc': [tdmrep, page(1), page(2)] })).pages).toEqual([1]);
  });

  test('a robots.txt that redirects to another path: same host, another, in a chain, whatever stands first', async () => {
    const to = (location: string, url = `${site}/robots.txt`) =>
      robots('', { url, status: '301 Moved', headers: { Location: location } });
    const there = (url: string) => robots(rules, { url });
    const pages = [page(1), page(2)];
    for (const records of [
      [to('/r.txt'), there(`${site}/r.txt`)],
      [there(`${site}/r.txt`), to('/r.txt')],
      [to('https://other.example/r?x=1'), there('http://other.example/r?x=1')],
      [there(`${site}/c`), to('/c', `${site}/b`), to('/b', `${site}/a`), to('/a')],
    ]) {
      expect((await outcome({ 'a.warc': [...pages, ...records] })).pages).toEqual([1]);
      expect((await outcome({ 'a.warc': pages, 'b.warc.gz': records })).pages).toEqual([1]);
    }
    // A page to which it leads is a page all the same; one that is not there allows.
    expect((await outcome({ 'a.warc': [to('/p/1'), ...pages] })).pages).toEqual([1, 2]);
    expect((await outcome({ 'a.warc': [to('/nowhere'), ...pages] })).pages).toEqual([1, 2]);
  });

  test('the TDM reservation protocol: header, meta, tdmrep.json', async () => {
    const tdmrep = responseRecord({
      url: `${site}/.well-known/tdmrep.json`,
      body: JSON.stringify([{ location: '/p/4', 'tdm-reservation': 1 }]),
      headers: { 'Content-Type': 'application/json' },
    });
    const { pages, complaints } = await outcome({
      'a.warc': [
        page(1, { headers: { 'TDM-Reservation': '1' } }),
        page(2, { body: htmlPage(2, { head: '<meta name="tdm-reservation" content="1">' }) }),
        page(3, { headers: { 'tdm-reservation': '0' } }),
        page(4),
        page(5),
      ],
      'b.warc': [tdmrep],
    });
    expect(pages).toEqual([3, 5]);
    expect(complaints.map(({ key, rule }) => [key, rule])).toEqual(
      [1, 2, 4].map((n) => [`a/${n}`, 'tdm-reservation']),
    );
  });

  test('noai in header and page; the text is kept nowhere', async () => {
    const { pages, complaints } = await outcome({
      'a.warc': [
        page(1, { headers: { 'X-Robots-Tag': 'noindex, noai' } }),
        page(2, { headers: { 'X-Robots-Tag': 'otherbot: noai' } }),
        page(3, { body: htmlPage(3, { head: '<meta name="robots" content="noai, noimageai">' }) }),
        page(4, { body: htmlPage(4, { head: '<meta name="robots" content="noindex">' }) }),
      ],
    });
    expect(pages).toEqual([2, 4]);
    expect(complaints.map(({ key, rule }) => [key, rule])).toEqual([1, 3].map((n) => [`a/${n}`, 'noai']));
    expect(JSON.stringify(complaints)).not.toContain('phrase');
  });

  test('another robots.txt in the folder is another input', async () => {
    const integrity = async (rules: string) => {
      const source = openFolder({
        'a.warc': warcBytes([page(1)]),
        'b.warc': warcBytes([robots(rules)]),
        'c.txt': 'x',
      });
      return (await source.inputs()).map((input) => input.integrity);
    };
    const [a, b] = [await integrity('User-agent: *'), await integrity('User-agent: x')];
    expect(a[0]).not.toBe(b[0]);
    expect(a[2]).toBe(b[2]);
  });
});

describe('encodings', () => {
  const html = '<html><head><meta charset="CHARSET"></head><p>été à l’œuvre</p>';
  const latin = (text: string) => Buffer.from(text.replace('’', '\x92').replace('œ', '\x9c'), 'latin1');
  test.each([
    ['the header', latin(html), 'text/html; charset=windows-1252'],
    ['the page', latin(html.replace('CHARSET', 'iso-8859-1')), 'text/html'],
    ['nobody, Windows-1252', latin(html), 'text/html; charset=none-such'],
    ['nobody, UTF-8', Buffer.from(html), 'text/html'],
    ['a lie: UTF-8 that is said to be Latin', Buffer.from(html), 'text/html; charset=iso-8859-1'],
    ['a byte order mark', Buffer.from(`\ufeff${html}`, 'utf16le'), 'text/html; charset=utf-8'],
    ['the page, wrongly UTF-16', Buffer.from(html.replace('CHARSET', 'utf-16')), ''],
  ])('declared by %s', (_, bytes, contentType) => {
    expect(decodeHtml(bytes, contentType)).toContain('été à l’œuvre');
  });

  test('bytes that are not what they are said to be', () => {
    expect(decodeHtml(latin(html), 'text/html; charset=utf-8')).toBeUndefined();
    const mostly = Buffer.concat([Buffer.from('é'.repeat(5000)), Buffer.from([0xff])]);
    expect(decodeHtml(mostly, 'text/html; charset=utf-8')).toBe(`${'é'.repeat(5000)}\ufffd`);
  });
});

describe('the text of a page', () => {
  const body = (html: string) =>
    readHtmlPage(`<html><head><title>T &amp; t</title></head><body>${html}</body></html>`);

  test('navigation, footers, forms, hidden parts, scripts and comments are no text', () => {
    const { text, title } = body(
      `<header><a href=/>Site</a></header><nav>menu</nav><div role="navigation">menu</div><p>Le texte.</p><div hidden>caché</div>
      <script>var a = "<p>non</p>";</script><!-- <p>non</p> --><aside>pub</aside><form>champ</form><footer>pied</footer><p>La fin.`,
    );
    expect([title, text]).toEqual(['T & t', 'Le texte.\n\nLa fin.']);
  });

  test('main, or articles that hold most of the text, or everything', () => {
    const long = sentence(1);
    expect(body(`<div>avant</div><main><p>${long}</p></main><div>après</div>`).text).toBe(long);
    expect(
      body(`<div>avant</div><article><header><h1>Titre</h1></header><p>${long}</p></article>`).text,
    ).toBe(`Titre\n\n${long}`);
    expect(body(`<p>${long}</p><article>bref</article>`).text).toBe(`${long}\n\nbref`);
    expect(body(`<p>${long}</p><main></main>`).text).toBe(long);
  });

  test('three lines of links are a menu, two are sources', () => {
    const links = (n: number) => `<ul>${'<li><a href="/x">Un lien</a></li>'.repeat(n)}</ul>`;
    expect(body(`<p>Un texte.</p>${links(3)}<p>La fin.</p>`).text).toBe('Un texte.\n\nLa fin.');
    expect(body(`<p>Un texte.</p>${links(2)}<p>La fin.</p>`).text).toBe(
      'Un texte.\n\n- Un lien\n- Un lien\n\nLa fin.',
    );
    expect(body(`<p>Voir <a href="/a">un</a>, <a href="/b">deux</a>.</p>`).text).toBe('Voir un, deux.');
  });

  test('broken HTML is text', () => {
    expect(body('<p>1 < 2 et 3 > 2 <b>gras</p><nav>jamais fermé<p>La fin.').text).toBe(
      '1 < 2 et 3 > 2 gras\n\njamais fermé\n\nLa fin.',
    );
    expect(body('<p title="a>b">Oui</p>').text).toBe('Oui');
    expect(body(`<p>Oui<img alt=x src="data:image/png;base64,${'A'.repeat(300_000)}">.</p>`).text).toBe(
      'Oui.',
    );
    expect(body('<p title="jamais fermé>Oui</p>').text).toContain('Oui');
  });

  test.each([
    ['<', '<'],
    ['openings', '<a'],
    ['quotes', '<a b="'],
    ['scripts', '<script>'],
    ['comments', '<!--'],
    ['unclosed elements', '<nav>'],
    ['nested elements', '<div hidden>'],
    ['closings', '</article>'],
    ['articles with headers', '<article><header>x</header></article>'],
    ['bars', '</title'],
  ])('a megabyte of %s takes no more than its share of time', (_, part) => {
    const html = part.repeat(1_000_000 / part.length);
    expect(readHtmlPage(html).text.length).toBeLessThanOrEqual(html.length);
  });
});

async function* chunked(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** Text that does not pack. */
function noise(length: number): string {
  let state = 1;
  return Array.from({ length }, () => {
    state = (state * 48_271) % 2_147_483_647;
    return String.fromCharCode(33 + (state % 90));
  }).join('');
}
