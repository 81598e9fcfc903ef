import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const benchmarks = join(import.meta.dirname, '../../../../benchmarks');

interface Text {
  id: string;
  pages: { paragraphs: { kind: string; text: string }[] }[];
}
interface Question {
  id: string;
  kind: string;
  question: string;
  evidence: { text: string; page: number; paragraph: number; quote?: string }[];
  near?: { text: string; page: number; paragraph: number }[];
}

const lines = (path: string): Question[] =>
  readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
const textsOf = (set: string): Text[] =>
  readdirSync(join(benchmarks, set, 'texts')).map((name) =>
    JSON.parse(readFileSync(join(benchmarks, set, 'texts', name), 'utf8')),
  );
const paragraphsOf = (texts: Text[]) =>
  texts.flatMap(({ pages }) => pages.flatMap((page) => page.paragraphs));
const words = (text: string) => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
function runs(text: string, length: number): string[] {
  const all = words(text);
  return all.slice(length - 1).map((_, i) => all.slice(i, i + length).join(' '));
}

const texts = textsOf('ecole-fr-train');
const parts = join(benchmarks, 'ecole-fr-train/parts');
const questions = readdirSync(parts).flatMap((name) => lines(join(parts, name)));

describe('ecole-fr-train', () => {
  test('every question is there once, and its proofs and near places stand where it says', () => {
    expect(new Set(questions.map(({ id }) => id)).size).toBe(questions.length);
    const byId = new Map(texts.map((text) => [text.id, text]));
    for (const { id, kind, evidence, near = [] } of questions) {
      expect(evidence.length > 0, id).toBe(kind !== 'silent');
      for (const place of [...evidence, ...near]) {
        const paragraph = byId.get(place.text)?.pages[place.page - 1]?.paragraphs[place.paragraph - 1];
        expect(paragraph?.kind, id).toMatch(/^(text|list|table)$/);
        if ('quote' in place) expect(paragraph!.text, id).toContain(place.quote);
      }
    }
  });

  test('has no question and no thirteen words in a row of ecole-fr, which measures', () => {
    const measured = paragraphsOf(textsOf('ecole-fr')).map(({ text }) => text);
    const asked = lines(join(benchmarks, 'ecole-fr/questions.jsonl')).map(({ question }) => question);
    const known = new Set([...measured, ...asked].flatMap((text) => runs(text, 13)));
    expect(known.size).toBeGreaterThan(20_000);
    const own = [
      ...paragraphsOf(texts).map(({ text }) => text),
      ...questions.map(({ question }) => question),
    ];
    expect(own.flatMap((text) => runs(text, 13)).filter((run) => known.has(run))).toEqual([]);
    const plain = (text: string) => words(text).join(' ');
    const same = new Set(asked.map(plain));
    expect(questions.filter(({ question }) => same.has(plain(question)))).toEqual([]);
  });
});
