import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer, type Listening } from '@lucie/server';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { writeSampleRun } from '../../server/test/sample-run.ts';
import { served } from '../../server/test/scripted-model.ts';
import { buildWeb } from '../src/index.ts';
import { axeFindings, hasBrowser, launchBrowser, NO_BROWSER, PATIENCE, soon, watch } from './browser.ts';
import { HeldModel } from './held-model.ts';

const LONG = 'Il faut une photo, un justificatif et un timbre. '.repeat(6).trim();

vi.setConfig({ testTimeout: 3 * PATIENCE, hookTimeout: 3 * PATIENCE });

let dir: string;
let listening: Listening;
let browser: Browser;
let model: HeldModel;

beforeAll(async () => {
  if (!hasBrowser()) return;
  dir = await mkdtemp(join(tmpdir(), 'lucie-page-'));
  await writeSampleRun(join(dir, 'nano'));
  model = new HeldModel({
    contextSize: 100,
    reply: (prompt) => (prompt.endsWith('passeport ?') ? LONG : 'La capitale de la France est Paris.'),
  });
  const server = createServer({
    models: [served(model)],
    runDir: join(dir, 'nano'),
    webDir: await buildWeb({ dist: join(dir, 'dist') }),
  });
  listening = await server.listen({ port: 0 });
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser?.close();
  await listening?.close(0);
  if (dir) await rm(dir, { recursive: true });
});

let context: BrowserContext;
let page: Page;
let seen: ReturnType<typeof watch>;

beforeEach(async (test) => {
  if (!hasBrowser()) test.skip(NO_BROWSER);
  context = await browser.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: 'reduce' });
  context.setDefaultTimeout(PATIENCE);
  page = await context.newPage();
  seen = watch(page);
  await page.goto(listening.url);
  await page.locator('.chart canvas').first().waitFor();
});

afterEach(async () => {
  model?.letGo();
  await context?.close();
});

const answers = () => page.locator('.turn.assistant');
const box = () => page.getByRole('textbox', { name: /Votre message|Your message/ });

describe('the page', () => {
  it('says first that this is a research model', async () => {
    await soon(() => page.locator('html').getAttribute('lang')).toBe('fr');
    await soon(() => page.getByRole('note').innerText()).toMatch(
      /Modèle de recherche\..*Vous parlez à une machine/,
    );
  });

  it('shows the answer as it is written, then whole, and announces it once', async () => {
    const status = page.getByRole('status').first();
    model.holdAfter(10);
    await box().fill('Comment renouveler un passeport ?');
    await page.keyboard.press('Enter');
    await soon(() => answers().locator('.text').innerText()).toBe(LONG.split(' ').slice(0, 10).join(' '));
    await soon(() => status.innerText()).toBe('Le modèle écrit…');
    model.letGo();
    await page.locator('.turn.assistant[data-state=done]').waitFor();
    await soon(() => answers().locator('.text').innerText()).toBe(LONG);
    await soon(() => answers().locator('.meta').innerText()).toBe('54 jetons');
    await soon(() => status.innerText()).toBe(`Réponse du modèle\u00a0: ${LONG}`);
    await soon(() => box().evaluate((element) => element === document.activeElement)).toBe(true);
    expect(model.calls.at(-1)!.request).toMatchObject({ temperature: 0, maxTokens: 95 });
  });

  it('stops by its button and by Escape, in the engine too', async () => {
    model.holdAfter(4);
    for (const stop of [
      () => page.getByRole('button', { name: 'Arrêter' }).click(),
      () => page.keyboard.press('Escape'),
    ]) {
      await box().fill('Comment renouveler un passeport ?');
      await page.keyboard.press('Enter');
      await answers().last().locator('.text', { hasText: 'Il faut' }).waitFor();
      await stop();
      await answers().last().getByText('Réponse arrêtée.').waitFor();
      await soon(async () => model.calls.at(-1)!.answer.finishReason).toBe('cancelled');
      await page.getByRole('button', { name: 'Nouvelle conversation' }).click();
      await soon(() => answers().count()).toBe(0);
    }
  });

  it('tells when it had to forget the beginning, and when a message is too long', async () => {
    await box().fill('Comment renouveler un passeport ?');
    await page.keyboard.press('Enter');
    await page.locator('.turn.assistant[data-state=done]').waitFor();
    await box().fill('Quelle est la capitale de la France et aussi de tous ces autres pays ? '.repeat(4));
    await page.keyboard.press('Enter');
    await page.getByText('il ne voit plus les 2 premiers messages').waitFor();
    await box().fill('mot '.repeat(120));
    await page.keyboard.press('Enter');
    await soon(() => page.getByRole('alert').innerText()).toContain('ne retient que 100 jetons');
  });

  it('draws both curves and tells their values, by slider too', async () => {
    const figure = page.locator('figure').first();
    const inked = () =>
      figure
        .locator('canvas')
        .first()
        .evaluate((element) => {
          const canvas = element as HTMLCanvasElement;
          const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
          const colours = new Set<string>();
          for (let i = 0; i < data.length; i += 4)
            if (data[i + 3]! > 200) colours.add(data.slice(i, i + 3).join());
          return colours.has('31,95,122');
        });
    await soon(inked).toBe(true);
    await soon(() => page.locator('.chart canvas').count()).toBe(4);
    await soon(() => figure.getByRole('img').first().getAttribute('aria-label')).toMatch(
      /En 1\s100 étapes, la perte lissée passe de 8,\d\d à 3,\d\d/,
    );
    const slider = figure.getByRole('slider');
    await slider.focus();
    await page.keyboard.press('Home');
    await soon(() => figure.locator('.readout .step dd').innerText()).toBe('0');
    await soon(() => slider.getAttribute('aria-valuetext')).toMatch(
      /^Étape 0, Perte lissée 8,\d\d, Perte 8,\d\d, Vitesse/,
    );
    await figure.locator('.chart').first().hover();
    const step = async () =>
      Number((await figure.locator('.readout .step dd').innerText()).replace(/\D/g, ''));
    await soon(step).toBeGreaterThan(300);
    expect(await step()).toBeLessThan(800);
    await figure.getByText('Voir les valeurs en tableau').click();
    await soon(() => figure.getByRole('row').count()).toBe(13);
  });

  it('shows facts, scores with intervals, sources with licences, papers', async () => {
    const text = async () => (await page.locator('main').innerText()).replace(/[\u00a0\u202f]/g, ' ');
    for (const said of [
      '1,26 M',
      '4,5 M',
      '10 Wh',
      'estimation',
      '1,52 – 1,58',
      'visé : au plus 0,75, atteint',
      'Licence Ouverte / Open Licence 2.0 (Etalab)',
      '62 %',
    ]) {
      await soon(text).toContain(said);
    }
    const paper = await page.getByRole('link', { name: 'Carte du modèle' }).getAttribute('href');
    expect(await (await fetch(new URL(paper!, listening.url))).text()).toBe('# nano\n');
  });

  it('changes language and keeps it in the address', async () => {
    await page.getByRole('button', { name: 'English' }).click();
    await soon(() => page.locator('html').getAttribute('lang')).toBe('en');
    await soon(() => page.getByRole('note').innerText()).toMatch(/^Research model\./);
    await soon(() => page.title()).toBe('LUCIE, research model');
    await page.reload();
    await page.getByRole('button', { name: 'Send' }).waitFor();
    await page.getByRole('button', { name: 'Français' }).click();
    await soon(async () => new URL(page.url()).search).toBe('');
    await page.getByRole('button', { name: 'Envoyer' }).waitFor();
  });

  it('stores nothing in the browser', async () => {
    await box().fill('bonjour');
    await page.keyboard.press('Enter');
    await page.locator('.turn.assistant[data-state=done]').waitFor();
    expect(await context.storageState()).toEqual({ cookies: [], origins: [] });
  });

  it('tells when the server is gone', async () => {
    await page.route('**/v1/chat/completions', (route) => route.abort());
    await box().fill('bonjour');
    await page.keyboard.press('Enter');
    await soon(() => page.getByRole('alert').innerText()).toContain('Le serveur ne répond plus');
  });
});

describe('for everybody', () => {
  it.each([
    ['light', 1280],
    ['dark', 1280],
    ['light', 390],
    ['dark', 390],
    ['light', 320],
  ] as const)(
    'axe finds nothing in %s at %i px, empty, writing, and with everything open',
    async (scheme, width) => {
      await page.emulateMedia({ colorScheme: scheme });
      await page.setViewportSize({ width, height: 844 });
      expect(await axeFindings(page)).toEqual([]);
      model.holdAfter(10);
      await box().fill('Comment renouveler un passeport ?');
      await page.keyboard.press('Enter');
      await page.locator('.turn.assistant[data-state=writing] .text', { hasText: 'Il' }).waitFor();
      expect(await axeFindings(page)).toEqual([]);
      model.letGo();
      await page.locator('.turn.assistant[data-state=done]').waitFor();
      for (const summary of await page.locator('summary').all()) await summary.click();
      await soon(() => page.locator('details:not([open])').count()).toBe(0);
      expect(await axeFindings(page)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    },
  );

  it('everything is reached by keyboard, in the order of reading', async () => {
    const order: string[] = [];
    for (let i = 0; i < 30; i++) {
      await page.keyboard.press('Tab');
      order.push(
        await page.evaluate(() => {
          const element = document.activeElement as HTMLElement;
          return element.id || element.getAttribute('aria-label') || element.innerText.trim();
        }),
      );
    }
    const expected = [
      'Aller à la discussion',
      'Discuter',
      'English',
      'Messages',
      'message',
      'Réglages',
      'Carte du modèle',
      'base-step',
      'instruct-step',
    ];
    const at = expected.map((name) => order.indexOf(name));
    expect(at).toEqual([...at].sort((a, b) => a - b));
    expect(Math.min(...at), order.join(' | ')).toBeGreaterThanOrEqual(0);
  });
});

describe('in this room only', () => {
  it('asks nothing of any other place, and the policy is never broken', async () => {
    await box().fill('<img src="http://example.org/x.png"> http://example.org');
    await page.keyboard.press('Enter');
    await page.locator('.turn.assistant[data-state=done]').waitFor();
    expect(seen.requested.length).toBeGreaterThan(5);
    expect(seen.requested.filter((url) => !url.startsWith(`${listening.url}/`))).toEqual([]);
    await soon(() => page.locator('.turn img, .turn a').count()).toBe(0);
    expect(seen.complaints).toEqual([]);
  });
});
