import { copyFile, mkdtemp, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { modelBytes, modelFiles, modelStamp } from '../src/gguf/model-files.ts';
import { readModel } from '../src/gguf/read-model.ts';
import { Engine, ModelPool } from '../src/index.ts';
import { modelHash } from '../src/prefix/model-hash.ts';
import { writeSplitGguf } from './split-model.ts';

let dir: string;
let whole: string;
let parts: string[];

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'lucie-split-'));
  [whole, ...parts] = (await writeSplitGguf(dir, 3)) as [string, ...string[]];
});

afterAll(() => rm(dir, { recursive: true }));

const code = (expected: string) => expect.objectContaining({ code: expected });

test('a model in parts answers as the whole one does, and counts as much', async () => {
  const [together, split] = [readModel(whole), readModel(parts[0]!)];
  const sizes = (header: typeof split) => header.tensors.map(({ name, bytes }) => [name, bytes]);
  expect(sizes(split)).toEqual(sizes(together));
  const said: string[] = [];
  for (const path of [whole, parts[0]!]) {
    await using engine = await Engine.load(path, { threads: 1, prefixDir: false });
    said.push(await engine.generate({ prompt: 'Un', maxTokens: 12, temperature: 0, stopIds: [] }).text());
  }
  expect(said[1]).toBe(said[0]);
  await using pool = new ModelPool([whole, parts[0]!].map((path, i) => ({ name: String(i), path })));
  expect((await pool.info('1')).parameters).toBe((await pool.info('0')).parameters);
  expect((await pool.info('1')).memoryBytes).toBe((await pool.info('0')).memoryBytes);
});

test('all parts count for its size, for its hash, and for what tells that it has changed', async () => {
  expect(modelFiles(parts[0]!)).toEqual(parts);
  expect(modelFiles(whole)).toEqual([whole]);
  expect(modelBytes(parts[0]!)).toBeGreaterThan(modelBytes(whole));
  const [hash, stamp] = [await modelHash(parts[0]!), modelStamp(parts[0]!)];
  await utimes(parts[2]!, 1, 1);
  expect(modelStamp(parts[0]!)).not.toBe(stamp);
  expect(await modelHash(parts[0]!)).toBe(hash);
  expect(modelStamp(join(dir, 'none.gguf'))).toBe('');
});

test('another part than the first, one that is missing, and one in the place of another are told', async () => {
  expect(() => readModel(parts[1]!)).toThrow(code('MODEL_INVALID'));
  const other = await mkdtemp(join(dir, 'other-'));
  const copies = parts.map((part) => join(other, part.slice(dir.length + 1)));
  await copyFile(parts[0]!, copies[0]!);
  await copyFile(parts[1]!, copies[1]!);
  expect(() => readModel(copies[0]!)).toThrow(
    expect.objectContaining({ code: 'MODEL_MISSING', message: expect.stringContaining('00003-of-00003') }),
  );
  await copyFile(parts[1]!, copies[2]!);
  expect(() => readModel(copies[0]!)).toThrow(/00003-of-00003\.gguf that says it is part 1 of 3/);
  await copyFile(parts[0]!, join(other, 'renamed.gguf'));
  expect(() => readModel(join(other, 'renamed.gguf'))).toThrow(code('MODEL_INVALID'));
});
