import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Random } from '@lucie/ledger';
import { afterAll, expect, test } from 'vitest';
import { parseE5, readE5 } from '../../src/read/e5-file.ts';
import { quantizeQ4 } from '../../src/read/q4.ts';
import { madeE5, TINY, TINY_PIECES } from './made-e5.ts';

const dir = mkdtempSync(join(tmpdir(), 'lucie-e5-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
const path = join(dir, 'base.bin');
writeFileSync(path, madeE5());

test('sizes, pieces, normalisation and tensors under Hugging Face’s names', async () => {
  const { config, vocabulary, tensors } = await readE5(path);
  expect(config).toEqual({ ...TINY, layer_norm_eps: Math.fround(TINY.layer_norm_eps) });
  const { offsets, blob, scores } = vocabulary;
  const pieces = TINY_PIECES.map((_, i) =>
    new TextDecoder().decode(blob.subarray(offsets[i], offsets[i + 1])),
  );
  expect(pieces).toEqual(TINY_PIECES);
  expect([...scores.subarray(0, 6)]).toEqual([0, 0, 0, 0, Math.fround(-1.4), Math.fround(-1.5)]);
  expect([...vocabulary.normalisation]).toEqual([
    [1, []],
    [0xa0, [0x20]],
  ]);
  expect(vocabulary).toMatchObject({ bos: 0, eos: 2, pad: 1, unk: 3 });
  expect(tensors.size).toBe(5 + 16 * TINY.num_hidden_layers);
  expect(tensors.get('l1.fo.w')).toMatchObject({
    huggingFaceName: 'encoder.layer.1.output.dense.weight',
    shape: [32, 64],
    dtype: 'Q4_0',
  });
  expect(tensors.get('l0.fi.b')).toMatchObject({ shape: [64], dtype: 'F32' });
  const word = tensors.get('emb.word')!;
  expect(quantizeQ4(word.values())).toEqual(new Uint8Array(word.bytes));
  expect(tensors.get('emb.pos')!.values()).toHaveLength(64 * 32);
});

test('a file that ends anywhere before its end: READER_BROKEN', () => {
  const whole = madeE5();
  for (let length = 0; length < whole.length; length += length < 4000 ? 13 : 997)
    expect(() => parseE5(whole.subarray(0, length), 'x')).toThrow(
      expect.objectContaining({ code: 'READER_BROKEN' }),
    );
});

test('what the engine would follow out of the file or crash on: READER_BROKEN', () => {
  const damage: [string, (view: DataView, file: Uint8Array) => void][] = [
    ['mark', (view) => view.setUint8(0, 0x46)],
    ['version', (view) => view.setUint32(4, 2, true)],
    ['no heads', (view) => view.setInt32(16, 0, true)],
    ['heads that do not divide', (view) => view.setInt32(16, 5, true)],
    ['negative layers', (view) => view.setInt32(12, -1, true)],
    ['a billion layers', (view) => view.setInt32(12, 1 << 30, true)],
    ['another number of layers', (view) => view.setInt32(12, 3, true)],
    ['rows of half a block', (view) => view.setInt32(8, 48, true)],
    ['eps', (view) => view.setFloat32(36, Number.NaN, true)],
    ['size of block', (view) => view.setInt32(40, 64, true)],
    ['end mark beyond the pieces', (view) => view.setInt32(52, 4000, true)],
    ['more pieces than rows', (view) => view.setInt32(24, 8, true)],
    ['offsets that fall', (view) => view.setUint32(72 + 4 * 3, 0xffff, true)],
    [
      'no tensor of a name',
      (_, file) => file.set(new TextEncoder().encode('x'), Buffer.from(file).indexOf('l1.oln.w')),
    ],
    [
      'a tensor twice',
      (_, file) => file.set(new TextEncoder().encode('l1.k'), Buffer.from(file).indexOf('l1.q.w')),
    ],
    ['type', (view, file) => view.setUint8(Buffer.from(file).indexOf('l1.q.w') + 6, 0)],
    ['count', (view, file) => view.setUint32(Buffer.from(file).indexOf('l1.q.w') + 7, 64, true)],
    ['place', (view, file) => view.setBigUint64(Buffer.from(file).indexOf('l1.q.w') + 11, 1n << 40n, true)],
    [
      'crooked place',
      (view, file) => {
        const at = Buffer.from(file).indexOf('l1.q.w') + 11;
        view.setBigUint64(at, view.getBigUint64(at, true) + 2n, true);
      },
    ],
    ['length', (view, file) => view.setBigUint64(Buffer.from(file).indexOf('l1.q.w') + 19, 5n, true)],
  ];
  for (const [what, break_] of damage) {
    const file = madeE5();
    break_(new DataView(file.buffer), file);
    expect(() => parseE5(file, 'x'), what).toThrow(expect.objectContaining({ code: 'READER_BROKEN' }));
  }
});

test('any few bytes changed: read or READER_BROKEN, nothing else', () => {
  const random = new Random(3);
  const whole = madeE5();
  const header = Buffer.from(whole).indexOf('l1.oln.b') + 40;
  let broken = 0;
  for (let trial = 0; trial < 2000; trial++) {
    const file = whole.slice();
    for (let i = 0; i < 3; i++) file[random.below(header)] = random.below(256);
    try {
      parseE5(file, 'x');
    } catch (error) {
      expect(error).toMatchObject({ code: 'READER_BROKEN' });
      broken++;
    }
  }
  expect(broken).toBeGreaterThan(1000);
});

test('a normalisation out of order, which is looked for by halves: READER_BROKEN', () => {
  const file = madeE5({
    normalisation: [
      [0xa0, [0x20]],
      [0x01, []],
    ],
  });
  expect(() => parseE5(file, 'x')).toThrow(expect.objectContaining({ code: 'READER_BROKEN' }));
});

test('no file: READER_BROKEN', async () => {
  await expect(readE5(join(dir, 'none'))).rejects.toMatchObject({ code: 'READER_BROKEN' });
});
