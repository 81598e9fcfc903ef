import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderPage } from '../src/page/page.ts';
import { exampleScores } from './example-scores.ts';

const executablePath = process.env.LUCIE_CHROMIUM ?? '/usr/bin/chromium';

describe.skipIf(!existsSync(executablePath))(`the page in ${executablePath}`, () => {
  let browser: Browser;
  let markup: string;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
    const points = Array.from({ length: 50 }, (_, step) => ({ step, loss: 8 - step / 10 }));
    markup = renderPage(await exampleScores(), [{ name: 'base', points }]);
  });
  afterAll(() => browser?.close());

  it.each([
    ['a phone', 360, 'light'],
    ['a phone at night', 360, 'dark'],
    ['a desk', 1280, 'light'],
    ['a desk at night', 1280, 'dark'],
  ] as const)(
    'fits %s, reports no fault, and asks nothing of the network',
    async (_where, width, colorScheme) => {
      await using context = await browser.newContext({ viewport: { width, height: 800 }, colorScheme });
      const page = await context.newPage();
      const faults: string[] = [];
      const asked: string[] = [];
      page.on('console', (message) => faults.push(message.text()));
      page.on('pageerror', (error) => faults.push(String(error)));
      page.on('request', (request) => asked.push(request.url()));
      await page.setContent(markup);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
      expect(faults).toEqual([]);
      expect(asked).toEqual([]);
      expect(await page.getByRole('heading', { level: 1 }).textContent()).toContain('Évaluation : exemple');
      const contrasts = await page.evaluate(readContrasts);
      for (const [text, contrast] of contrasts) expect(contrast, text).toBeGreaterThanOrEqual(4.5);
      expect(contrasts.length).toBeGreaterThan(20);
    },
  );

  it('has a named figure for every drawing, and headings without gaps', async () => {
    const page = await browser.newPage();
    await page.setContent(markup);
    const drawings = await page.getByRole('img').all();
    expect(drawings.length).toBeGreaterThanOrEqual(3);
    for (const drawing of drawings) expect(await drawing.getAttribute('aria-label')).toMatch(/\p{L}{4}/u);
    expect(await page.locator('h1').count()).toBe(1);
    expect(await page.locator('h3, h4').count()).toBe(0);
  });
});

/** In the page: contrast by WCAG 2.2 of each kind of text on the ground that it stands on. */
function readContrasts(): [string, number][] {
  const parse = (color: string) => (color.match(/[\d.]+/g) ?? []).map(Number);
  const luminance = (color: string) => {
    const [r, g, b] = parse(color).map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
  };
  const ground = (element: Element | null): string => {
    if (!element) return 'rgb(255,255,255)';
    const color = getComputedStyle(element).backgroundColor;
    const [, , , alpha = 1] = parse(color);
    return alpha > 0 ? color : ground(element.parentElement);
  };
  return [...document.querySelectorAll('p,th,td,h1,h2,.badge,.yes,.no,b,.meta,.en,svg text')]
    .filter((element) => element.textContent?.trim())
    .map((element) => {
      const style = getComputedStyle(element);
      const color = element instanceof SVGElement ? style.fill : style.color;
      const [a, b] = [luminance(color), luminance(ground(element))];
      return [
        `${element.tagName} ${element.textContent!.slice(0, 30)}`,
        (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05),
      ];
    });
}
