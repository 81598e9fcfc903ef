import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { documentText } from '@lucie/corpus';
import { readManifest } from '@lucie/ledger';
import { Tokenizer } from '@lucie/tokenizer';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Shard } from '../src/shards/reader.ts';
import type { SourceTokens } from '../src/tokens-stage.ts';
import { runTiny, tinyBase, tinyDocuments, tinyStages, tinyText } from './tiny-run.ts';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'tokens-'));
  await runTiny(dir, tinyStages(tinyBase).slice(0, 3));
});
afterAll(() => rm(dir, { recursive: true }));

test('every document can be read back from its shard, followed by its end token', async () => {
  const tokenizer = await Tokenizer.fromFile(join(dir, '02-tokenizer', 'tokenizer.json'));
  for (const source of ['textes', 'fiches', 'pays']) {
    const documents = tinyDocuments().filter((document) => document.source === source);
    using shard = Shard.open(join(dir, '03-tokens', source));
    expect(shard.documentIds()).toEqual(documents.map(({ id }) => id));
    for (const [i, document] of documents.entries()) {
      const start = shard.starts[i]!;
      const ids = shard.read(start, shard.starts[i + 1]! - start);
      expect(ids.at(-1)).toBe(1);
      expect(ids.subarray(0, -1).includes(1)).toBe(false);
      expect(tokenizer.decode(ids.subarray(0, -1))).toBe(documentText(document));
    }
  }
});

test('held-out documents lie apart and are not trained on', async () => {
  using shard = Shard.open(join(dir, '03-tokens', 'heldout', 'textes'));
  expect(shard.documentIds()).toEqual(['textes/held']);
  using train = Shard.open(join(dir, '03-tokens', 'textes'));
  expect(train.documentIds()).not.toContain('textes/held');
  const tokenizer = await Tokenizer.fromFile(join(dir, '02-tokenizer', 'tokenizer.json'));
  expect(tokenizer.decode(shard.read(0, shard.tokenCount))).toContain(tinyText(999));
});

test('the manifest tells documents, tokens, bytes and licences', async () => {
  const { facts, licences, outputs } = await readManifest(join(dir, '03-tokens'));
  const train = facts.train as Record<string, SourceTokens>;
  const documents = tinyDocuments().filter(({ source }) => source === 'fiches');
  const bytes = documents.reduce((sum, document) => sum + Buffer.byteLength(documentText(document)), 0);
  using shard = Shard.open(join(dir, '03-tokens', 'fiches'));
  expect(train.fiches).toEqual({
    documents: 12,
    tokens: shard.tokenCount,
    bytes,
    bytes_per_token: Number((bytes / shard.tokenCount).toFixed(3)),
  });
  expect(Object.keys(train)).toEqual(['fiches', 'pays', 'textes']);
  expect(licences).toEqual(['CC0-1.0']);
  expect(Object.keys(outputs).some((name) => name.endsWith('.tmp'))).toBe(false);
  expect((await readFile(join(dir, '03-tokens', 'pays.idx'))).subarray(0, 7).toString()).toBe('MMIDIDX');
});
