import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { documentBytes } from '../src/document.ts';
import { compose } from '../src/mix/composition.ts';
import { epochsOf, temperatureFactors } from '../src/mix/epochs.ts';
import { bytesPerToken, estimateTokens } from '../src/mix/estimate-tokens.ts';
import { languageGroup } from '../src/mix/language-group.ts';
import { readMix } from '../src/mix/mix-file.ts';
import { mixShape } from '../src/mix/options.ts';
import { made, mixed } from './mix-units.ts';

describe('estimated tokens', () => {
  test('are bytes by what the language was measured to need', () => {
    expect(estimateTokens(42_600, 'fr')).toBe(10_000);
    expect(estimateTokens(39_100, 'en')).toBe(10_000);
    expect(estimateTokens(2900, 'code:go')).toBe(1000);
    expect(estimateTokens(2900, 'code')).toBe(1000);
    expect(estimateTokens(2630, 'en', 'math')).toBe(1000);
    expect(estimateTokens(3440, 'br')).toBe(1000);
    expect(estimateTokens(0, 'constructor')).toBe(0);
    expect(estimateTokens(3440, 'constructor')).toBe(1000);
    // Half of the bytes at 4.26, half at 3.91.
    expect(estimateTokens(2_000_000, 'fr-en')).toBeCloseTo(1e6 / 4.26 + 1e6 / 3.91, 6);
    expect(Object.keys(bytesPerToken)).toEqual(['fr', 'en', 'it', 'de', 'es', 'code', 'math']);
  });

  test('languages in groups', () => {
    expect(['fr', 'code', 'code:c++', 'fr-en', 'de,fr', 'und'].map(languageGroup)).toEqual([
      'fr',
      'code',
      'code',
      'parallel',
      'parallel',
      'und',
    ]);
  });
});

describe('epochs', () => {
  const source = (name: string, language: string, category: string, bytes = 100, epochs?: number) => ({
    source: name,
    language,
    category,
    bytes,
    epochs,
  });

  test('the first rule that fits; a source of its own mind goes before; 1 where none fits', () => {
    const rules = [
      { language: 'code', epochs: 2 },
      { category: 'wiki', epochs: 3 },
      { language: 'en', category: 'web', epochs: 1.5 },
      { language: 'en', epochs: 2.5 },
      { category: 'never', epochs: 0 },
    ];
    const sources = [
      source('a', 'code:go', 'programming'),
      source('b', 'en', 'wiki'),
      source('c', 'en', 'web'),
      source('d', 'en', 'book'),
      source('e', 'fr', 'web'),
      source('f', 'fr', 'never'),
      source('g', 'en', 'wiki', 100, 0.25),
    ];
    expect(epochsOf(sources, { epochs: rules, temperature: 1 })).toEqual([2, 3, 1.5, 2.5, 1, 0, 0.25]);
  });

  test('temperature: the share of a language is w^(1/τ) ÷ Σ w^(1/τ), all together stay as much', () => {
    const parts = [
      { language: 'fr', weight: 600 },
      { language: 'en', weight: 250 },
      { language: 'fr', weight: 100 },
      { language: 'it', weight: 50 },
      { language: 'de', weight: 0 },
    ];
    const weights = { fr: 700, en: 250, it: 50 };
    for (const temperature of [1, 1.5, 2, 5, 100]) {
      const factors = temperatureFactors(parts, temperature);
      expect([...factors.keys()]).toEqual(['fr', 'en', 'it']);
      const trained = Object.entries(weights).map(([language, weight]) => weight * factors.get(language)!);
      expect(trained.reduce((a, b) => a + b)).toBeCloseTo(1000, 9);
      const powers = Object.values(weights).map((weight) => weight ** (1 / temperature));
      const sum = powers.reduce((a, b) => a + b);
      for (const [i, power] of powers.entries()) expect(trained[i]! / 1000).toBeCloseTo(power / sum, 12);
    }
    // By hand: √7 ÷ (√7 + √2.5 + √0.5) of 1,000 is 536.2, from 700.
    expect(temperatureFactors(parts, 2).get('fr')).toBeCloseTo(0.766, 4);
  });

  test('temperature leaves sources with their own epochs alone, and counts epochs of rules', () => {
    const sources = [
      source('a', 'fr', 'web', 400),
      source('b', 'en', 'web', 50),
      source('c', 'en', 'web', 1e9, 7),
    ];
    const epochs = epochsOf(sources, { epochs: [{ language: 'en', epochs: 2 }], temperature: 2 });
    // French 400, English 2 × 50: shares 2/3 and 1/3 of 500 after the square root.
    expect(epochs[0]).toBeCloseTo((500 * 2) / 3 / 400, 12);
    expect(epochs[1]).toBeCloseTo(500 / 3 / 50, 12);
    expect(epochs[2]).toBe(7);
  });

  test.each([
    { temperature: 0.5 },
    { epochs: [{ epochs: -1 }] },
    { order: { by: 'date', window: 0 } },
    { tau: 2 },
  ])('refused: %j', (input) => expect(mixShape.safeParse(input).success).toBe(false));
});

describe('mix.json', () => {
  const units = {
    loi: Array.from({ length: 20 }, (_, i) =>
      made({ id: `loi/${i}`, text: `Article ${i}. ${'mot '.repeat(200)}` }),
    ),
    code: Array.from({ length: 10 }, (_, i) =>
      made({ id: `code/${i}`, text: `x = ${i}\n`.repeat(90), language: 'code:python', licence: 'MIT' }),
    ),
    mixte: [
      made({ id: 'mixte/0', text: `Hello ${'word '.repeat(100)}`, language: 'en' }),
      made({ id: 'mixte/1', text: `Bonjour ${'mot '.repeat(300)}`, licence: 'etalab-2.0' }),
    ],
    rien: [made({ id: 'rien/0', text: `Rien ${'mot '.repeat(30)}` })],
  };
  const input = {
    sources: { rien: { epochs: 0 }, loi: { category: 'legislative-texts', heldOutFraction: 0.2 } },
    mix: {
      epochs: [
        { language: 'code', epochs: 2 },
        { category: 'legislative-texts', epochs: 3 },
      ],
    },
  };

  test('adds up, from what was written', async () => {
    const { mixPath, outputs } = await mixed(units, input);
    const mix = await readMix(mixPath);
    expect(mix.sources.map(({ source, epochs, category }) => [source, epochs, category])).toEqual([
      ['loi', 3, 'legislative-texts'],
      ['code', 2, 'other'],
      ['mixte', 1, 'other'],
      ['rien', 0, 'other'],
    ]);
    for (const { source, documents, bytes, heldOutDocuments, heldOutBytes } of mix.sources) {
      const of = (list: (typeof units)['loi']) =>
        list.reduce((sum, document) => sum + documentBytes(document), 0);
      const written = outputs[source]!;
      expect([documents, bytes]).toEqual([written.documents.length, of(written.documents)]);
      expect([heldOutDocuments, heldOutBytes]).toEqual([written.heldOut.length, of(written.heldOut)]);
    }
    expect(mix.sources[0]!.heldOutDocuments).toBeGreaterThan(0);
    const [loi, code, mixte, rien] = mix.sources as [Source, Source, Source, Source];
    type Source = (typeof mix.sources)[number];
    const [loiTokens, codeTokens] = [estimateTokens(loi.bytes, 'fr'), estimateTokens(code.bytes, 'code')];
    expect([loi.tokens, code.tokens]).toEqual([loiTokens, codeTokens].map(Math.round));
    expect(mixte.languages).toEqual(['fr', 'en']);
    expect(mixte.licences).toEqual(['etalab-2.0', 'CC0-1.0']);
    expect(mixte.tokens).toBe(
      Math.round(
        estimateTokens(documentBytes(units.mixte[0]!), 'en') +
          estimateTokens(documentBytes(units.mixte[1]!), 'fr'),
      ),
    );
    expect(rien.trainedShare).toBe(0);
    const trained = 3 * loi.tokens + 2 * code.tokens + mixte.tokens;
    expect(mix.trainedTokens).toBe(trained);
    expect(mix.tokens).toBe(loi.tokens + code.tokens + mixte.tokens + rien.tokens);
    expect(loi.trainedShare).toBeCloseTo((3 * loi.tokens) / trained, 4);
    expect(loi.share).toBeCloseTo(loi.tokens / mix.tokens, 4);
    for (const table of [mix.languages, mix.categories])
      expect(Object.values(table).reduce((sum, row) => sum + row.trainedShare, 0)).toBeCloseTo(1, 5);
    expect(Object.keys(mix.languages)).toEqual(['fr', 'code', 'en']);
    expect(mix.languages.code!.trainedTokens).toBe(2 * code.tokens);
    expect(mix.categories['legislative-texts']!.trainedTokens).toBe(3 * loi.tokens);
  });

  test('a damaged one is refused', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'mix-file-'));
    onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
    const path = join(dir, 'mix.json');
    for (const text of ['', '{}', '{"format":2}']) {
      writeFileSync(path, text);
      await expect(readMix(path)).rejects.toMatchObject({ code: 'MIX_DAMAGED' });
    }
  });

  test('nothing of nothing is nothing', () => {
    expect(
      compose([{ source: 'a', category: 'b', epochs: 0, parts: [{ language: 'fr', tokens: 5 }] }]),
    ).toMatchObject({
      tokens: 5,
      trainedTokens: 0,
      sources: { a: { share: 1, trainedShare: 0 } },
    });
  });
});
