import { zstdCompressSync } from 'node:zlib';
import { Random } from '@lucie/ledger';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { compressorBits } from '../src/compressors.ts';

afterEach(() => vi.unstubAllEnvs());

const words =
  'le la les un une de du des et à en pour dans sur salarié commune demande dossier école enfant loi durée travail année droit mairie contrat conseil'.split(
    ' ',
  );
const random = new Random(1, 'compressors');
const text = Array.from(
  { length: 20_000 },
  (_, i) => words[Math.floor(words.length * random.float() ** 2)] + (i % 13 === 12 ? '.\n' : ' '),
).join('');
const data = Buffer.from(text);

describe('compressorBits', () => {
  it('is what the programs give', async () => {
    // 2026-11-22, Debian 12: `xz -9e` 5.4.1 gives 18,324 bytes and `zstd --ultra -22 --no-check` 1.5.4 gives 18,228
    // for these 92,100; other versions may differ by a few.
    const { xz, zstd } = await compressorBits(data);
    expect(data).toHaveLength(92_100);
    expect((xz * data.length) / 8 / 18_324).toBeCloseTo(1, 2);
    expect((zstd * data.length) / 8 / 18_228).toBeCloseTo(1, 2);
  });

  it('is worse at settings that are not the strongest', async () => {
    const { zstd } = await compressorBits(data);
    expect((8 * zstdCompressSync(data).length) / data.length).toBeGreaterThan(zstd * 1.05);
  });

  it('refuses an empty file', async () => {
    await expect(compressorBits(new Uint8Array())).rejects.toThrow(RangeError);
  });

  it('names xz-utils when xz is missing', async () => {
    vi.stubEnv('PATH', '/nowhere');
    await expect(compressorBits(data)).rejects.toMatchObject({
      code: 'XZ_MISSING',
      message: expect.stringContaining('xz-utils'),
    });
  });
});
