import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Random } from '@lucie/ledger';
import { describe, expect, onTestFinished, test } from 'vitest';
import { AddressSet } from '../src/clean/rules/url/address-set.ts';
import { verdict } from './rules-helpers.ts';

/** A folder in UT1's format. */
function lists(categories: Record<string, { domains?: string; urls?: string }>): string {
  const folder = mkdtempSync(join(tmpdir(), 'lucie-lists-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [name, files] of Object.entries(categories)) {
    mkdirSync(join(folder, name));
    for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, name, file), text);
  }
  return folder;
}

describe('lists of hosts and addresses', () => {
  const make = () =>
    lists({
      games: { domains: 'jeux.example\nexample.co.uk\r\n192.0.2.7\n# a comment\n\nmünchen.example\n' },
      bets: {
        domains: 'pari.example.org\n',
        urls: 'www.portail.example/paris\nforum.example/a/b/c?x=1\nseul.example/\n',
      },
      usage: {},
    });

  test.each([
    ['the host', 'https://jeux.example/', 'games jeux.example'],
    ['a host below it', 'http://www.de.jeux.example/x?y#z', 'games jeux.example'],
    ['no host that merely ends alike', 'http://mesjeux.example/', 'kept'],
    ['no host that merely begins alike', 'http://jeux.example.net/', 'kept'],
    ['a domain under two labels', 'https://a.example.co.uk/', 'games example.co.uk'],
    ['not its neighbour', 'https://other.co.uk/', 'kept'],
    ['a number', 'http://192.0.2.7:8080/', 'games 192.0.2.7'],
    ['no number that ends alike', 'http://2.7.0.2/', 'kept'],
    ['upper case and a port', 'HTTPS://JEUX.EXAMPLE:8443/', 'games jeux.example'],
    ['an international name', 'http://www.münchen.example/', 'games xn--mnchen-3ya.example'],
    ['an address without its scheme', 'jeux.example/partie', 'games jeux.example'],
    ['a listed subdomain', 'https://x.pari.example.org/', 'bets pari.example.org'],
    ['no subdomain that merely ends alike', 'https://mapari.example.org/', 'kept'],
    ['not the domain above it', 'https://example.org/', 'kept'],
    ['a path', 'https://portail.example/paris', 'bets portail.example/paris'],
    ['what lies below the path', 'https://www2.portail.example/Paris/2020?x=1', 'bets portail.example/paris'],
    ['no path that begins alike', 'https://portail.example/parisien', 'kept'],
    ['another path', 'https://portail.example/meteo', 'kept'],
    ['a question in a path', 'https://forum.example/a/b/c?x=1', 'bets forum.example/a/b/c?x=1'],
    ['another question', 'https://forum.example/a/b/c?x=2', 'kept'],
    ['an address that is only a host', 'https://seul.example/ici', 'bets seul.example'],
    ['no address', '', 'kept'],
    ['what is no address', 'urn:isbn:2070360423', 'kept'],
    ['nonsense', 'http://[:::', 'kept'],
  ])('%s', (_name, url, expected) => {
    const result = verdict({ blocklists: [{ folder: make() }] }, 'texte', { url });
    expect(result).toBe(expected === 'kept' ? 'kept' : `url/blocklist: ${expected}`);
  });

  test('categories can be chosen', () => {
    const folder = make();
    const of = (categories: string[]) =>
      verdict({ blocklists: [{ folder, categories }] }, 'x', { url: 'http://jeux.example' });
    expect(of(['bets'])).toBe('kept');
    expect(of(['bets', 'games'])).toBe('url/blocklist: games jeux.example');
  });

  test('a list that is not there is an error, not an empty list', () => {
    const folder = make();
    expect(() => verdict({ blocklists: [{ folder: join(folder, 'none') }] }, 'x')).toThrow(/no list in/);
    expect(() => verdict({ blocklists: [{ folder, categories: ['usage'] }] }, 'x')).toThrow(/no list in/);
    expect(() => verdict({ blocklists: [{ folder: lists({}) }] }, 'x')).toThrow(/no list in/);
  });

  test('a hundred thousand addresses are all found, and nothing else', () => {
    const random = new Random(3, 'addresses');
    const set = new AddressSet();
    const name = (i: number) => `${i.toString(36)}-${i % 7}.example`;
    for (let i = 0; i < 100_000; i++) set.add(name(i), i % 250);
    for (let i = 0; i < 100_000; i++) set.add(name(i), 251);
    expect(set.size).toBe(100_000);
    for (let i = 0; i < 100_000; i++) if (set.get(name(i)) !== i % 250) expect.fail(name(i));
    for (let i = 0; i < 100_000; i++) {
      const other = name(100_000 + random.below(1e9));
      if (set.get(other) !== undefined) expect.fail(other);
    }
  });
});

test('words of an address', () => {
  const urlWords = { words: ['casino', 'sex'], maximum: 1 };
  expect(verdict({ urlWords }, 'x', { url: 'https://casino.example/' })).toBe('kept');
  expect(verdict({ urlWords }, 'x', { url: 'https://Casino.example/best-casino' })).toBe(
    'url/words: 2 > 1, e.g. "casino"',
  );
  expect(verdict({ urlWords }, 'x', { url: 'https://essex.example/casinos/sexton' })).toBe('kept');
});

describe('sites that another source covers', () => {
  const overlap = { keywords: { fr: ['fr.wikipedia', 'theses.fr'], '*': ['wikipedia', 'europarl'] } };

  test.each([
    ['fr', 'https://fr.wikipedia.org/wiki/Lucie', 'url/overlap: fr.wikipedia'],
    ['fr', 'https://proxy.example/?u=HTTPS://FR.WIKIPEDIA.ORG', 'url/overlap: fr.wikipedia'],
    ['fr', 'https://de.wikipedia.org/', 'kept'],
    ['fr', 'https://www.europarl.europa.eu/', 'kept'],
    ['de', 'https://de.wikipedia.org/', 'url/overlap: wikipedia'],
    ['de', 'https://www.theses.fr/', 'kept'],
    ['de', '', 'kept'],
  ])('%s %s', (language, url, expected) => {
    expect(verdict({ overlap }, 'texte', { language, url })).toBe(expected);
  });

  test('a language that nobody names has no keywords', () => {
    expect(
      verdict({ overlap: { keywords: { fr: ['a'] } } }, 'x', { language: 'en', url: 'http://a.b' }),
    ).toBe('kept');
  });
});
