import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { AxeResults } from 'axe-core';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { madeReport } from './made-corpus.ts';

const executablePath = process.env.LUCIE_CHROMIUM ?? '/usr/bin/chromium';

describe.skipIf(!existsSync(executablePath))(`the report of a corpus in ${executablePath}`, () => {
  let browser: Browser;
  let markup: string;
  let axe: string;
  beforeAll(async () => {
    const { out, remove } = await madeReport();
    markup = readFileSync(join(out, 'report.html'), 'utf8');
    remove();
    axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  });
  afterAll(() => browser?.close());

  test.each([
    ['a phone', 360, 'light'],
    ['a phone at night', 360, 'dark'],
    ['a desk', 1280, 'light'],
    ['a desk at night', 1280, 'dark'],
  ] as const)('fits %s, is accessible, asks nothing of the network', async (_, width, colorScheme) => {
    const context = await browser.newContext({
      viewport: { width, height: 800 },
      colorScheme,
      // The page's own policy would keep the examiner out.
      bypassCSP: true,
    });
    const page = await context.newPage();
    const asked: string[] = [];
    const faults: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    page.on('console', (message) => faults.push(message.text()));
    await page.setContent(markup);
    for (const fold of await page.locator('details').all())
      await fold.evaluate((element) => element.setAttribute('open', ''));
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    await page.addScriptTag({ content: axe });
    // The whole page takes the examiner seconds; its structure is the same on a phone.
    const choices = page.locator('.switch label');
    for (const choice of width > 1000 ? await choices.all() : [choices.first()]) {
      await choice.click();
      const { violations } = await page.evaluate(() => {
        const { axe } = globalThis as unknown as { axe: { run(): Promise<AxeResults> } };
        return axe.run();
      });
      expect(violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([]);
    }
    expect(faults).toEqual([]);
    expect(asked).toEqual([]);
    await context.close();
  });

  test('one language at a time, chosen by mouse or keyboard', async () => {
    const page = await browser.newPage();
    await page.setContent(markup);
    const french = page.getByRole('heading', { name: 'Ce qui a été écarté, et pourquoi' });
    const english = page.getByRole('heading', { name: 'What was thrown away, and why' });
    expect(await french.isVisible()).toBe(true);
    expect(await english.isVisible()).toBe(false);
    await page.keyboard.press('Tab');
    await page.keyboard.press('ArrowRight');
    expect(await french.isVisible()).toBe(false);
    expect(await english.isVisible()).toBe(true);
    await page.close();
  });

  test('a link to a rule opens its samples', async () => {
    const page = await browser.newPage();
    await page.setContent(markup);
    const samples = page.locator('#rule-language');
    expect(await samples.isVisible()).toBe(false);
    await page.getByRole('link', { name: 'autre langue' }).click();
    expect(await samples.isVisible()).toBe(true);
    await page.close();
  });
});
