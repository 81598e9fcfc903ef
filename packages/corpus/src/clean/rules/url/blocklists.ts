import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { domainToASCII } from 'node:url';
import { LucieError } from '@lucie/ledger';
import { Refusal, type Rule } from '../../rule.ts';
import type { RulesOptions } from '../rules-shape.ts';
import { AddressSet } from './address-set.ts';
import { addressOf, hostSuffixes } from './hosts.ts';

type List = Exclude<RulesOptions['blocklists'], false>[number];

/** UT1's hosts and addresses with the categories that they stand in. */
interface Blocklist {
  addresses: AddressSet;
  categories: string[];
  /** Most segments that the path of any address has. */
  depth: number;
}

/** Lists are read once per process: UT1's hold five million lines. */
const read = new Map<string, Blocklist>();

/**
 * Refuses documents from listed sites: the host or one above it stands in a category's `domains`, or host and
 * beginning of the path in its `urls` (whole segments; a leading `www.` does not count). Format and meaning as in the
 * lists of the University of Toulouse (UT1) and squidGuard.
 *
 * @throws LucieError `BLOCKLIST_MISSING` when a folder or category is not there
 */
export function blocklists(lists: readonly List[]): Rule {
  const loaded = lists.map(load);
  return {
    name: 'url/blocklist',
    apply(document) {
      const address = addressOf(document.url);
      if (!address) return document;
      for (const list of loaded) {
        const found = lookUp(list, address);
        if (found) return new Refusal(found);
      }
      return document;
    },
  };
}

function lookUp(list: Blocklist, { host, path }: { host: string; path: string }): string | undefined {
  const suffixes = hostSuffixes(host);
  const named = (entry: string) => {
    const category = list.addresses.get(entry);
    return category === undefined ? undefined : `${list.categories[category]} ${entry}`;
  };
  for (const suffix of suffixes) {
    const found = named(suffix);
    if (found) return found;
  }
  const prefixes = pathPrefixes(path, list.depth);
  for (const suffix of suffixes) {
    const bare = suffix.replace(/^www\d*\./, '');
    for (const prefix of prefixes) {
      const found = named(bare + prefix);
      if (found) return found;
    }
  }
  return undefined;
}

/** `/a/b?c` → `/a`, `/a/b`, `/a/b?c`, as far as any entry goes. */
function pathPrefixes(path: string, depth: number): string[] {
  const prefixes: string[] = [];
  for (let at = 0; prefixes.length < depth; ) {
    const next = path.slice(at + 1).search(/[/?]/);
    const end = next < 0 ? path.length : at + 1 + next;
    if (end > 1 && end > at + 1) prefixes.push(path.slice(0, end));
    if (end >= path.length) break;
    at = end;
  }
  return prefixes;
}

function load(list: List): Blocklist {
  const folder = resolve(list.folder);
  const categories = list.categories?.toSorted() ?? categoriesIn(folder);
  const key = JSON.stringify([folder, categories]);
  let loaded = read.get(key);
  if (!loaded) read.set(key, (loaded = readLists(folder, categories)));
  return loaded;
}

function categoriesIn(folder: string): string[] {
  if (!existsSync(folder)) throw missing(folder);
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .filter((name) => ['domains', 'urls'].some((file) => existsSync(join(folder, name, file))))
    .sort();
}

function readLists(folder: string, categories: string[]): Blocklist {
  if (categories.length === 0 || categories.length > 256) throw missing(folder);
  const list: Blocklist = { addresses: new AddressSet(), categories, depth: 0 };
  for (const [index, category] of categories.entries()) {
    const files = ['domains', 'urls']
      .map((file) => join(folder, category, file))
      .filter((f) => existsSync(f));
    if (files.length === 0) throw missing(join(folder, category));
    for (const file of files) readFile(file, (line) => addLine(list, line, index));
  }
  return list;
}

function readFile(path: string, onLine: (line: string) => void): void {
  const text = readFileSync(path, 'utf8');
  for (let start = 0; start < text.length; ) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline;
    onLine(text.slice(start, end).trim());
    start = end + 1;
  }
}

/** As nearly all of five million lines are: nothing to tidy. */
const PLAIN_HOST = /^[a-z0-9][a-z0-9.-]*$/;

function addLine(list: Blocklist, line: string, category: number): void {
  if (line === '' || line.startsWith('#')) return;
  if (PLAIN_HOST.test(line)) {
    list.addresses.add(line, category);
    return;
  }
  const bare = line
    .toLowerCase()
    .replace(/^[a-z]+:\/\//, '')
    .replace(/^\*?\./, '')
    .replace(/\/+$/, '');
  const slash = bare.indexOf('/');
  const host = asciiHost(slash < 0 ? bare : bare.slice(0, slash).replace(/^www\d*\./, ''));
  if (host === '') return;
  const path = slash < 0 ? '' : bare.slice(slash);
  list.addresses.add(host + path, category);
  list.depth = Math.max(list.depth, path.split(/[/?]/).length - 1);
}

function asciiHost(host: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the range of ASCII
  return /^[\u0000-\u007f]*$/.test(host) ? host.replace(/:\d+$/, '') : domainToASCII(host);
}

function missing(folder: string): LucieError {
  return new LucieError({
    code: 'BLOCKLIST_MISSING',
    found: `no list in ${folder}`,
    expected: 'a folder per category, at most 256, each with a file `domains` or `urls`',
    todo: 'fetch the lists or correct the path in blocklists',
  });
}
