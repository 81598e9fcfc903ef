import type { Citation } from '@lucie/retrieval';
import { describe, expect, it } from 'vitest';
import { MessageWording, refusalText, withoutMarks } from '../src/rooms/room-wording.ts';

const citation = (fields: Partial<Citation>): Citation => ({
  document: 1,
  title: 'Les volcans',
  page: 1,
  paragraph: 1,
  start: 0,
  end: 3,
  quote: 'Ici',
  ...fields,
});

describe('a message', () => {
  it('numbers passages, each once; two documents of one title are two', () => {
    const message = new MessageWording();
    const first = message.sentence({
      text: 'Un.',
      citations: [citation({}), citation({ start: 4, end: 9 })],
    });
    expect(first.content).toBe('Un. [1]');
    const second = message.sentence({ text: 'Deux.', citations: [citation({ document: 2 }), citation({})] });
    expect(second.content).toBe(' Deux. [2] [1]');
    expect(
      second.annotations.map(({ number, startIndex, endIndex }) => [number, startIndex, endIndex]),
    ).toEqual([
      [2, 8, 13],
      [1, 8, 13],
    ]);
    expect(message.sources()).toBe('\n\nSources :\n[1] Les volcans, p. 1, § 1\n[2] Les volcans, p. 1, § 1');
  });

  it('gives rows of a table lines of their own', () => {
    const message = new MessageWording();
    const texts = ['Un.', 'Volcan | Type\nEtna | effusif', 'Deux.', 'Trois.'];
    const content = texts.map((text) => message.sentence({ text, citations: [] }).content).join('');
    expect(content).toBe('Un.\n\nVolcan | Type\nEtna | effusif\n\nDeux. Trois.');
    expect(message.sources()).toBe('');
  });

  it('can be told without its marks, and other people’s text stays', () => {
    const message = new MessageWording();
    const said = ['Un.', 'Deux.'].map((text, i) =>
      message.sentence({ text, citations: [citation({ page: i })] }),
    );
    const content = said.map((piece) => piece.content).join('') + message.sources();
    expect(withoutMarks(content)).toBe('Un. Deux.');
    for (const other of ['La note [1] dit cela.', 'Sources :\n[1] x', ''])
      expect(withoutMarks(other)).toBe(other);
  });
});

it('a refusal shows its reason and the beginning of long passages', () => {
  const hit = { ...citation({ page: 7 }), id: 1, kind: 'text' as const, headings: [], score: 1 };
  const text = refusalText({
    kind: 'refusal',
    reason: 'premise',
    lookedFor: ['capitale', 'Mars'],
    nearest: [{ ...hit, text: `${'mot '.repeat(100)}\nfin` }],
    confidence: 1,
  });
  expect(text).toMatch(/contredisent\.\nCherché : capitale, Mars\.\n/);
  expect(text).toMatch(/- « mot mot .+ mot … » \(Les volcans, p\. 7, § 1\)$/);
  expect(text.length).toBeLessThan(500);
});
