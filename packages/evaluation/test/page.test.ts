import { describe, expect, it } from 'vitest';
import { renderPage } from '../src/page/page.ts';
import { taskName } from '../src/task-names.ts';
import { exampleScores } from './example-scores.ts';

const hostile = `</td><script>alert(1)</script><img src=x onerror="alert(1)">'"&\u0000\u001b`;
const points = Array.from({ length: 900 }, (_, step) => ({ step, loss: 8 / (1 + step / 100) + 2 }));

/** Names of elements that are opened and not closed, or closed and not opened. */
function unbalanced(page: string): string[] {
  const open: string[] = [];
  const faults: string[] = [];
  for (const [, close, name, selfClosed] of page.matchAll(/<(\/?)([a-z][a-z0-9]*)[^>]*?(\/?)>/g)) {
    if (['meta', 'br', 'img'].includes(name!) || selfClosed) continue;
    if (!close) open.push(name!);
    else if (open.pop() !== name) faults.push(name!);
  }
  return [...faults, ...open];
}

describe('renderPage', () => {
  it('is well formed, self-contained and without scripts', async () => {
    const page = renderPage(await exampleScores(), [{ name: 'base', points }]);
    expect(unbalanced(page)).toEqual([]);
    expect(page).not.toMatch(/<script|<link|<iframe|\son\w+=|src=|url\(|@import|https?:/i);
    expect(page).toMatch(/^<!doctype html>\n<html lang="fr">/);
    expect(page).not.toMatch(/undefined|NaN|Infinity|\[object/);
  });

  it('shows hostile text as text, wherever it comes from', async () => {
    const scores = await exampleScores();
    scores.name = hostile;
    scores.tasks[0]!.name = hostile;
    scores.tasks[0]!.perSource = { [hostile]: Object.values(scores.tasks[0]!.perSource!)[0]! };
    scores.tasks[2]!.perCategory = { [hostile]: Object.values(scores.tasks[2]!.perCategory!)[0]! };
    scores.samples = [{ prompt: hostile, text: hostile, language: hostile, stopped: true, tokens: 1 }];
    scores.answers = [{ ...scores.answers[0]!, question: hostile, answer: hostile, expected: hostile }];
    scores.skipped = [{ name: hostile, reason: hostile }];
    scores.models = { [hostile]: scores.models.base! };
    const page = renderPage(scores, [{ name: hostile, points }]);
    expect(page).not.toContain('<script');
    expect(page).not.toContain('<img');
    expect(unbalanced(page)).toEqual([]);
    expect(page).toContain('&lt;script&gt;');
  });

  it('shows figures with their interval and says which bars are missed', async () => {
    const scores = await exampleScores();
    Object.assign(scores.tasks[1]!, { value: 0.7512, low: 0.7, high: 0.8 });
    const page = renderPage(scores);
    expect(page).toContain('0,751');
    expect(page).toContain('0,700 – 0,800');
    expect(page).toContain('≤ 0,750 ✗ manqué');
    Object.assign(scores.tasks[1]!, { value: 0.71 });
    expect(renderPage(scores)).toContain('≤ 0,750 ✓ atteint');
    expect(page).toContain('Modèle de recherche');
    expect(page).toContain('La capitale du Japon est Rome.');
    expect(page).toContain(scores.models.base!.sha256);
  });

  it('draws a curve that stays inside its plot and keeps its ends', async () => {
    const page = renderPage(await exampleScores(), [{ name: 'base', points }]);
    const path = /<path class="line" d="([^"]+)"/.exec(page)![1]!;
    const numbers = [...path.matchAll(/[ML]([\d.]+) ([\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)]);
    expect(numbers).toHaveLength(300);
    for (const [x, y] of numbers) {
      expect(x).toBeGreaterThanOrEqual(48);
      expect(x).toBeLessThanOrEqual(744);
      expect(y).toBeGreaterThanOrEqual(22);
      expect(y).toBeLessThanOrEqual(238);
    }
    expect(numbers[0]![1]).toBeLessThan(numbers.at(-1)![1]!);
  });

  it('marks an axis with values that differ', async () => {
    for (const [high, low] of [
      [8, 2],
      [5.81, 5.74],
      [300, 20],
    ] as const) {
      const losses = [
        { step: 0, loss: high },
        { step: 1, loss: low },
      ];
      const page = renderPage(await exampleScores(), [{ name: 'base', points: losses }]);
      const section = page.slice(page.indexOf('id="loss-base"'));
      const ticks = [...section.matchAll(/text-anchor="end">([\d,]+)<\/text>/g)].map(([, tick]) => tick);
      // The last one belongs to the axis of steps.
      const values = ticks.slice(0, -1);
      expect(values.length).toBeGreaterThanOrEqual(3);
      expect(new Set(values).size).toBe(values.length);
    }
  });

  it('speaks of jetons and étapes, and names every task', async () => {
    const page = renderPage(await exampleScores(), [{ name: 'base', points }]);
    const french = page
      .replace(/<(p|span) class="en" lang="en">.*?<\/\1>/gs, '')
      .replace(/<style>.*<\/style>/s, '');
    expect(french).toContain('jetons');
    expect(french).toContain('étapes');
    expect(french).not.toMatch(/\btokens?\b|\bpas d’entraînement|jamais vu/);
    expect(french).not.toMatch(/\p{L}(?:'|&#39;)\p{L}/u);
    for (const { name } of (await exampleScores()).tasks) {
      expect(taskName(name, 'fr')).not.toBe(name);
      expect(french).toContain(taskName(name, 'fr'));
    }
  });

  it('does without curves, samples and answers', async () => {
    const scores = { ...(await exampleScores()), samples: [], answers: [], skipped: [] };
    const page = renderPage(scores, [{ name: 'base', points: [] }]);
    expect(unbalanced(page)).toEqual([]);
    expect(page).not.toContain('id="loss-base"');
  });
});
