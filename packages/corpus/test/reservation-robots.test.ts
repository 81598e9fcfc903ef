import { Random } from '@lucie/ledger';
import { describe, expect, test } from 'vitest';
import { RobotsRules, robotsAllows, robotsRefusal } from '../src/reservation/robots.ts';
import { RobotsRecords } from '../src/reservation/robots-records.ts';

const site = 'https://www.example.fr';
const allows = (robotsTxt: string, path: string, ...agents: string[]) =>
  robotsAllows(robotsTxt, `${site}${path}`, agents.length ? agents : ['CCBot']);

describe('the examples of RFC 9309', () => {
  /** Section 5.1. */
  const simple = `User-Agent: *
Disallow: *.gif$
Disallow: /example/
Allow: /publications/

User-Agent: foobot
Disallow:/
Allow:/example/page.html
Allow:/example/allowed.gif

User-Agent: barbot
User-Agent: bazbot
Disallow: /example/page.html

User-Agent: quxbot
`;
  test.each([
    ['otherbot', '/image.gif', false],
    ['otherbot', '/image.gif?size=2', true],
    ['otherbot', '/example/page.html', false],
    ['otherbot', '/publications/2024', true],
    ['foobot', '/publications/2024', false],
    ['foobot', '/example/page.html', true],
    ['FooBot/2.1', '/example/allowed.gif', true],
    ['foobot', '/example/other.gif', false],
    ['barbot', '/example/page.html', false],
    ['bazbot', '/example/page.html', false],
    ['bazbot', '/example/image.gif', true],
    ['quxbot', '/example/image.gif', true],
  ])('5.1: %s at %s: %s', (agent, path, expected) => {
    expect(allows(simple, path, agent)).toBe(expected);
  });

  test('5.2: the longest match decides', () => {
    const rules = 'User-Agent: foobot\nAllow: /example/page/\nDisallow: /example/page/disallowed.gif\n';
    expect(allows(rules, '/example/page/disallowed.gif', 'foobot')).toBe(false);
    expect(allows(rules, '/example/page/allowed.gif', 'foobot')).toBe(true);
  });

  /** Section 2.2.2, table of encodings: each rule matches each path. */
  test.each([
    ['/foo/bar?baz=quz', '/foo/bar?baz=quz'],
    ['/foo/bar?baz=https%3A%2F%2Ffoo.bar', '/foo/bar?baz=https%3A%2F%2Ffoo.bar'],
    ['/foo/bar/ツ', '/foo/bar/%E3%83%84'],
    ['/foo/bar/%E3%83%84', '/foo/bar/ツ'],
    ['/foo/bar/%62%61%7A', '/foo/bar/baz'],
    ['/foo/bar/baz', '/foo/bar/%62%61%7A'],
    // Section 2.2.3, special characters.
    ['/path/file-with-a-%2A.html', '/path/file-with-a-%2A.html'],
    ['/this/*/exactly', '/this/is/not/exactly'],
    ['/this/path/exactly$', '/this/path/exactly'],
  ])('2.2: %s forbids %s', (rule, path) => {
    expect(allows(`User-agent: *\nDisallow: ${rule}\n`, path)).toBe(false);
    expect(allows(`User-agent: *\nDisallow: ${rule}x\n`, path)).toBe(true);
  });

  test('2.2.2: of equally long matches the one that allows', () => {
    expect(allows('User-agent: *\nDisallow: /a\nAllow: /a\n', '/ab')).toBe(true);
    expect(allows('User-agent: *\nAllow: /a\nDisallow: /a\n', '/ab')).toBe(true);
  });

  test('2.2.1: groups of one agent are one, and a named group hides that of everyone', () => {
    const rules =
      'User-agent: ccbot\nDisallow: /a\n\nUser-agent: *\nDisallow: /\n\nUser-agent: CCBot\nDisallow: /b\n';
    expect(allows(rules, '/a')).toBe(false);
    expect(allows(rules, '/b')).toBe(false);
    expect(allows(rules, '/c')).toBe(true);
    expect(allows(rules, '/c', 'otherbot')).toBe(false);
  });

  test('2.2.4: other records end no group', () => {
    const rules = 'User-agent: CCBot\nSitemap: /map.xml\nUser-agent: other\nCrawl-delay: 3\nDisallow: /a\n';
    expect(allows(rules, '/a', 'CCBot')).toBe(false);
    expect(allows(rules, '/a', 'other')).toBe(false);
  });
});

test('a page is refused by its own path, not by its site', () => {
  const rules = 'User-agent: *\nDisallow: /prive/\n';
  expect(allows(rules, '/public/page')).toBe(true);
  expect(robotsRefusal(rules, `${site}/prive/page?x=1`, ['CCBot'])).toBe(
    'robots.txt for CCBot: Disallow: /prive/',
  );
});

test('all of the agents must be allowed', () => {
  const rules = 'User-agent: GPTBot\nDisallow: /\n';
  expect(allows(rules, '/', 'CCBot')).toBe(true);
  expect(allows(rules, '/', 'CCBot', 'GPTBot')).toBe(false);
  expect(allows(rules, '/')).toBe(true);
});

test.each([
  ['an empty file', ''],
  ['an error page', '<!DOCTYPE html><html><head><title>404</title></head><body>Disallow: /</body></html>'],
  ['rules before any agent', 'Disallow: /\nAllow: /a\n'],
  ['bytes', '\u0000\u0001\ufffd\ufffd:\ufffd\nuser-agent\n:::\n'],
  ['an empty rule', 'User-agent: *\nDisallow:\n'],
])('%s allows', (_, robotsTxt) => {
  expect(allows(robotsTxt, '/page')).toBe(true);
});

test.each([
  ['a byte order mark', '\ufeffUser-agent: *\nDisallow: /'],
  ['carriage returns', 'User-agent: *\r\rDisallow: /\r'],
  ['comments', 'User-agent: * # everyone\nDisallow: / # everything'],
  ['a known misspelling', 'Useragent: *\nDissallow: /'],
  ['a version', 'User-agent: CCBot/2.0\nDisallow: /'],
  ['names of prototypes', 'User-agent: __proto__\nDisallow: /x\nUser-agent: *\nDisallow: /'],
])('%s does not hide a rule', (_, robotsTxt) => {
  expect(allows(robotsTxt, '/page')).toBe(false);
});

test('what is no URL is refused, and said', () => {
  for (const url of ['', 'page', 'mailto:a@b.fr', 'http://'])
    expect(robotsRefusal('User-agent: *\nAllow: /', url, ['CCBot'])).toContain('cannot be held against');
});

test('a huge file is read as far as the standard asks', () => {
  const filler = `# ${'x'.repeat(97)}\n`;
  const early = `User-agent: *\nDisallow: /a\n${filler.repeat(200_000)}Disallow: /b\n`;
  expect(allows(early, '/a')).toBe(false);
  expect(allows(early, '/b')).toBe(true);
  expect(allows(`User-agent: *\n${filler.repeat(4900)}Disallow: /b\n`, '/b')).toBe(false);
});

test('rules made to be slow are cut', () => {
  const attack = `User-agent: *\nDisallow: /${'*a'.repeat(5000)}\nDisallow: /${'*'.repeat(9000)}b$\n`;
  const rules = new RobotsRules(attack);
  expect(rules.refusal(`${site}/${'a'.repeat(100_000)}`, ['CCBot'])).toBeUndefined();
  expect(rules.lines).toEqual(['User-agent: *', 'Disallow: /*b$']);
});

test('nothing throws on noise', () => {
  const random = new Random(5);
  const alphabet = [
    'User-agent:',
    'Disallow:',
    'Allow:',
    '*',
    '$',
    '/',
    '%',
    '%zz',
    '\n',
    '\r',
    ' ',
    '\ud800',
    'é',
    '#',
    '?',
  ];
  for (let i = 0; i < 500; i++) {
    const noise = Array.from({ length: 40 }, () => alphabet[random.below(alphabet.length)]).join('');
    expect(typeof robotsAllows(noise, `${site}/${noise}`, [noise, 'CCBot'])).toBe('boolean');
  }
});

describe('the records of a crawl', () => {
  const closed = 'User-agent: *\nDisallow: /prive\n';
  function records(unseen: 'allow' | 'refuse' = 'refuse') {
    const all = new RobotsRecords(['CCBot'], { unseen });
    all.add({ url: 'http://a.fr/robots.txt', status: 301, location: 'https://a.fr/robots.txt', body: '' });
    all.add({ url: 'https://a.fr/robots.txt', status: 200, body: closed });
    all.add({ url: 'https://a.fr/robots.txt', status: 404, body: '' });
    all.add({ url: 'https://none.fr/robots.txt', status: 404, body: closed });
    all.add({ url: 'https://broken.fr/robots.txt', status: 503, body: '' });
    all.add({
      url: 'https://moved.fr/robots.txt',
      status: 302,
      location: 'https://www.moved.fr/robots.txt',
      body: '',
    });
    all.add({ url: 'https://www.moved.fr/robots.txt', status: 200, body: closed });
    all.add({ url: 'https://circle.fr/robots.txt', status: 302, location: '/a.txt', body: '' });
    all.add({ url: 'https://circle.fr/a.txt', status: 302, location: '/robots.txt', body: '' });
    all.add({ url: 'https://port.fr:8080/robots.txt', status: 200, body: closed });
    return all;
  }
  test.each([
    ['https://a.fr/prive/1', 'robots.txt for CCBot: Disallow: /prive'],
    ['http://a.fr/prive/1', 'robots.txt for CCBot: Disallow: /prive'],
    ['https://a.fr/', undefined],
    ['https://none.fr/prive', undefined],
    ['https://broken.fr/', 'robots.txt: the server failed to give it'],
    ['https://moved.fr/prive', 'robots.txt for CCBot: Disallow: /prive'],
    ['https://moved.fr/page', undefined],
    ['https://circle.fr/page', undefined],
    ['https://port.fr:8080/prive', 'robots.txt for CCBot: Disallow: /prive'],
    ['https://port.fr/page', 'robots.txt: no record of this site'],
    ['https://unseen.fr/page', 'robots.txt: no record of this site'],
    ['nowhere', 'robots.txt cannot be held against "nowhere"'],
  ])('%s: %s', (url, expected) => {
    expect(records().refusal(url)).toBe(expected);
  });
  test('sites without a record are allowed where one says so', () => {
    expect(records('allow').refusal('https://unseen.fr/page')).toBeUndefined();
    expect(records('allow').refusal('https://broken.fr/page')).toBeDefined();
  });
});
