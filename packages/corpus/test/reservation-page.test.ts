import { Random } from '@lucie/ledger';
import { describe, expect, test } from 'vitest';
import { metaTags } from '../src/reservation/meta-tags.ts';
import { noAi } from '../src/reservation/no-ai.ts';
import { pageReservation } from '../src/reservation/page-reservation.ts';
import { matchesPath } from '../src/reservation/path-pattern.ts';
import { RobotsRules } from '../src/reservation/robots.ts';
import { tdmReserved } from '../src/reservation/tdm-reservation.ts';

const provider = 'https://provider.com';
const meta = (name: string, content: string) =>
  `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta name="${name}" content="${content}"></head><body>…</body></html>`;

/** The examples of the protocol, https://www.w3.org/community/reports/tdmrep/CG-FINAL-tdmrep-20240202/ */
describe('TDM Reservation Protocol', () => {
  const threeGroups = JSON.stringify([
    { location: '/directory-a/', 'tdm-reservation': 1 },
    {
      location: '/directory-b/html/',
      'tdm-reservation': 1,
      'tdm-policy': 'https://provider.com/policies/policy.json',
    },
    { location: '/directory-b/images/*.jpg', 'tdm-reservation': 0 },
  ]);

  test.each([
    ['/directory-a/book.pdf', 'tdmrep.json: /directory-a/'],
    ['/directory-b/html/page.html', 'tdmrep.json: /directory-b/html/'],
    ['/directory-b/images/one.jpg', undefined],
    ['/directory-c/', undefined],
    ['/Directory-A/book.pdf', undefined],
  ])('a file of three groups, %s', (path, expected) => {
    expect(tdmReserved({ url: provider + path, tdmrep: threeGroups })).toBe(expected);
  });

  test('a file for the whole server', () => {
    const tdmrep = '[{ "location": "/", "tdm-reservation": 1 }]';
    expect(tdmReserved({ url: `${provider}/any/page`, tdmrep })).toBe('tdmrep.json: /');
  });

  test('the first rule that matches is the most specific one', () => {
    const tdmrep = JSON.stringify([
      { location: '/open/', 'tdm-reservation': 0 },
      { location: '/', 'tdm-reservation': 1 },
    ]);
    expect(tdmReserved({ url: `${provider}/open/page`, tdmrep })).toBeUndefined();
    expect(tdmReserved({ url: `${provider}/page`, tdmrep })).toBeDefined();
  });

  test('header and page', () => {
    const url = `${provider}/page`;
    const headers = new Headers({ 'content-type': 'image/jpg', 'TDM-Reservation': '1' });
    expect(tdmReserved({ url, headers })).toBe('header tdm-reservation: 1');
    expect(tdmReserved({ url, html: meta('tdm-reservation', '1') })).toBe('meta tdm-reservation: 1');
    expect(tdmReserved({ url, html: meta('tdm-reservation', '0') })).toBeUndefined();
    expect(tdmReserved({ url, html: meta('tdm-policy', 'https://provider.com/p.json') })).toBeUndefined();
  });

  test('the page goes before the header, the header before the file', () => {
    const url = `${provider}/page`;
    const tdmrep = '[{ "location": "/", "tdm-reservation": 1 }]';
    const no: [string, string][] = [['tdm-reservation', '0']];
    const yes: [string, string][] = [['tdm-reservation', '1']];
    expect(tdmReserved({ url, tdmrep, headers: no })).toBeUndefined();
    expect(tdmReserved({ url, tdmrep, headers: yes, html: meta('tdm-reservation', '0') })).toBeUndefined();
    expect(tdmReserved({ url, headers: no, html: meta('tdm-reservation', '1') })).toBeDefined();
  });

  test('values that are neither 0 nor 1 are as if not there', () => {
    const url = `${provider}/page`;
    const tdmrep = '[{ "location": "/", "tdm-reservation": 1 }]';
    expect(tdmReserved({ url, headers: [['tdm-reservation', 'yes']] })).toBeUndefined();
    expect(tdmReserved({ url, headers: [['tdm-reservation', '2']], tdmrep })).toBeDefined();
  });

  test.each([
    '',
    'null',
    '{',
    '<html>',
    '[1, null, {"location": 3}]',
    '[{"location":"","tdm-reservation":1}]',
  ])('a file that says nothing: %s', (tdmrep) => {
    expect(tdmReserved({ url: `${provider}/page`, tdmrep })).toBeUndefined();
  });

  test.each([
    ['/this/path/exactly$', '/this/path/exactly', true],
    ['/this/path/exactly$', '/this/path/exactly/not', false],
    ['/this/*/then', '/this/is/then/more', true],
    ['/this/*/then', '/this/then', false],
    ['/path/foo-%24', '/path/foo-%24', true],
    ['*.pdf$', '/a.pdf/b.pdf', true],
    ['*.pdf$', '/a.pdf?x', false],
    ['/a*a$', '/a', false],
    ['/%61bc', '/abc', true],
    ['/a%2fb', '/a%2Fb', true],
    ['/a%2fb', '/a/b', false],
    ['/*', '/', true],
  ])('pattern %s on %s: %s', (pattern, path, expected) => {
    expect(matchesPath(pattern, path)).toBe(expected);
  });
});

describe('noai', () => {
  const agents = ['CCBot'];
  const header = (value: string) => noAi({ headers: [['X-Robots-Tag', value]], agents });
  test.each([
    ['noai', true],
    ['noai, noimageai', true],
    ['noindex, NoAI', true],
    ['ccbot: noai', true],
    ['CCBot/2.0: noai', true],
    ['otherbot: noindex, ccbot: noai', true],
    ['unavailable_after: 25 Jun 2030 15:00:00 PST, noai', true],
    ['max-snippet: 20, noai', true],
    ['noimageai', false],
    ['noindex, nofollow', false],
    ['none', false],
    ['otherbot: noai', false],
    ['otherbot: noindex, noai', false],
    ['noairplane', false],
    ['', false],
  ])('X-Robots-Tag: %s: %s', (value, expected) => {
    expect(header(value)).toBe(expected ? `header X-Robots-Tag: ${value}` : undefined);
  });
  test('any of several headers', () => {
    const headers: [string, string][] = [
      ['x-robots-tag', 'otherbot: noindex'],
      ['x-robots-tag', 'noai'],
    ];
    expect(noAi({ headers, agents })).toBe('header X-Robots-Tag: noai');
  });
  test.each([
    [meta('robots', 'noai, noimageai'), 'meta robots: noai, noimageai'],
    [meta('ROBOTS', 'index,NOAI'), 'meta robots: index,NOAI'],
    [meta('ccbot', 'noai'), 'meta ccbot: noai'],
    [`<META CONTENT='noai' NAME=robots>`, 'meta robots: noai'],
    [meta('otherbot', 'noai'), undefined],
    [meta('robots', 'noimageai'), undefined],
    [meta('description', 'noai'), undefined],
    [`<!-- ${meta('robots', 'noai')} -->`, undefined],
    [`<script>document.write('${meta('robots', 'noai')}')</script>`, undefined],
    [`<!-- never closed ${meta('robots', 'noai')}`, 'meta robots: noai'],
    [`<title>İ</title>${meta('robots', 'noai')}`, 'meta robots: noai'],
    [`<meta name="robots" content="a > b, noai">`, 'meta robots: a > b, noai'],
  ])('%s', (html, expected) => {
    expect(noAi({ html, agents })).toBe(expected);
  });
});

test('robots, reservation and noai in one question', () => {
  const page = { url: `${provider}/a/page`, agents: ['CCBot'] };
  const rules = new RobotsRules('User-agent: *\nDisallow: /a/\n');
  const robots = (url: string) => rules.refusal(url, page.agents);
  expect(pageReservation({ ...page, robots })).toEqual({
    rule: 'robots',
    why: 'robots.txt for CCBot: Disallow: /a/',
  });
  expect(pageReservation({ ...page, html: meta('tdm-reservation', '1') })?.rule).toBe('tdm-reservation');
  expect(pageReservation({ ...page, html: meta('robots', 'noai') })?.rule).toBe('noai');
  expect(pageReservation({ ...page, html: meta('robots', 'index') })).toBeUndefined();
});

test('markup that never ends is read in linear time, and noise throws nothing', () => {
  for (const piece of ['<!--', '<script', '<meta ', '<meta name="', "<meta content='", '<title>'])
    expect(metaTags(piece.repeat(200_000))).toBeDefined();
  const random = new Random(3);
  const alphabet = [
    '<meta',
    ' name=',
    'robots',
    '"',
    "'",
    '>',
    '<!--',
    '-->',
    '<script>',
    '</script>',
    '&#0;',
    '\ud800',
    ' content=',
    'noai',
  ];
  for (let i = 0; i < 500; i++) {
    const html = Array.from({ length: 60 }, () => alphabet[random.below(alphabet.length)]).join('');
    noAi({ html, agents: ['CCBot'], headers: [['X-Robots-Tag', html]] });
    tdmReserved({ url: html, html, tdmrep: html, headers: [['tdm-reservation', html]] });
  }
});
