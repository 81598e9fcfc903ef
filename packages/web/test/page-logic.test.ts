import { taskName } from '@lucie/evaluation';
import { describe, expect, it } from 'vitest';
import type { Message } from '../src/page/api.ts';
import { formatsFor } from '../src/page/formats.ts';
import { smooth, spread } from '../src/page/smooth.ts';
import { LANGUAGES } from '../src/page/texts.ts';
import { askWithinContext } from '../src/page/within-context.ts';

describe('smooth', () => {
  it('is the mean of as many neighbours before as after', () => {
    expect(smooth([1, 2, 6, 4, 10], 1)).toEqual([1, 3, 4, 20 / 3, 10]);
    expect(smooth([1, 2, 6, 4, 10], 9)).toEqual([1, 3, 23 / 5, 20 / 3, 10]);
    expect(smooth([], 3)).toEqual([]);
  });

  it('leaves a straight line as it is', () => {
    const line = Array.from({ length: 50 }, (_, i) => 3 - i / 10);
    for (const [i, value] of smooth(line, 4).entries()) expect(value).toBeCloseTo(line[i]!, 10);
  });
});

describe('spread', () => {
  it('goes from first to last, each once', () => {
    expect(spread(3, 12)).toEqual([0, 1, 2]);
    expect(spread(100, 3)).toEqual([0, 50, 99]);
    const rows = spread(1100, 12);
    expect([rows.length, rows[0], rows.at(-1), new Set(rows).size]).toEqual([12, 0, 1099, 12]);
  });
});

describe('askWithinContext', () => {
  const talk: Message[] = Array.from({ length: 7 }, (_, i) => ({
    role: i % 2 === 0 ? 'user' : 'assistant',
    content: String(i),
  }));
  const tooLong = () => Object.assign(new Error('too long'), { code: 'context_length_exceeded' });
  const holding = (most: number) => async (messages: Message[]) => {
    if (messages.length > most) throw tooLong();
    return messages.map(({ content }) => content).join('');
  };

  it('leaves out whole exchanges, the oldest first, and only as many as it must', async () => {
    expect(await askWithinContext(talk, holding(7))).toEqual({ answer: '0123456', left: 0 });
    expect(await askWithinContext(talk, holding(6))).toEqual({ answer: '23456', left: 2 });
    expect(await askWithinContext(talk, holding(1))).toEqual({ answer: '6', left: 6 });
  });

  it('gives up when the last message alone is too long', async () => {
    await expect(askWithinContext(talk, holding(0))).rejects.toThrow('too long');
  });

  it('passes on any other error at once', async () => {
    let asked = 0;
    const failing = async () => {
      asked++;
      throw new Error('broken');
    };
    await expect(askWithinContext(talk, failing)).rejects.toThrow('broken');
    expect(asked).toBe(1);
  });
});

describe('formats', () => {
  /** Readers see no difference between the kinds of narrow space. */
  const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ');
  const fr = formatsFor('fr');
  const en = formatsFor('en');

  it.each([
    [fr.compact(1_260_000), '1,26 M'],
    [en.compact(1_260_000), '1.26M'],
    [fr.whole(12345), '12 345'],
    [fr.decimal(1.5, 2), '1,50'],
    [fr.apart(5.7, 0.05), '5,70'],
    [fr.apart(2, 0.5), '2,0'],
    [fr.apart(400, 200), '400'],
    [fr.percent(0.125), '12,5 %'],
    [fr.small(0.004), '0,004'],
    [fr.small(0), '0'],
    [fr.small(0.000031), '3,1 × 10⁻⁵'],
    [fr.small(1e-12), '1 × 10⁻¹²'],
    [fr.duration(45), '45 s'],
    [fr.duration(1500), '25 min'],
    [fr.duration(3900), '1 h 05 min'],
    [fr.duration(3599), '1 h 00 min'],
    [fr.energy(7200), '2 Wh'],
    [fr.energy(45_000_000), '12,5 kWh'],
    [en.energy(45_000_000), '12.5 kWh'],
  ])('%s', (text, expected) => {
    expect(plain(text)).toBe(expected);
  });
});

describe('texts', () => {
  it('say in both languages what the model is and is not', () => {
    expect(LANGUAGES.fr.bannerTitle).toBe('Modèle de recherche');
    expect(LANGUAGES.fr.banner).toMatch(/machine.*se trompe.*jamais comme d’une source/);
    expect(LANGUAGES.en.bannerTitle).toBe('Research model');
    expect(LANGUAGES.en.banner).toMatch(/machine.*wrong.*Never use it as a source/);
  });

  it('name the same scores and papers in both languages', () => {
    for (const key of ['scoreNames', 'paperNames', 'languages', 'stageNames'] as const) {
      expect(Object.keys(LANGUAGES.en[key])).toEqual(Object.keys(LANGUAGES.fr[key]));
    }
  });

  it.each(['fr', 'en'] as const)('call the scores in %s what the evaluation calls them', (language) => {
    const names = Object.entries(LANGUAGES[language].scoreNames);
    expect(names).toHaveLength(10);
    for (const [task, name] of names) {
      expect(name).toBe(taskName(task, language));
      expect(name).not.toBe(task);
    }
  });

  it('no French text lets a line begin with its punctuation', () => {
    const said = Object.values(LANGUAGES.fr).filter((text) => typeof text === 'string');
    expect(said.filter((text) => / [:;?!]/.test(text))).toEqual([]);
    expect(said.filter((text) => text.includes("'"))).toEqual([]);
  });
});
