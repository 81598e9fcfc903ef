import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer, type Listening } from '@lucie/server';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { ScriptedModel, served } from '../../server/test/scripted-model.ts';
import { buildWeb } from '../src/index.ts';
import { axeFindings, hasBrowser, launchBrowser, NO_BROWSER, PATIENCE, soon, watch } from './browser.ts';
import { BELL, coursePdf, UNSEEN } from './course-pdf.ts';

const QUESTION = 'Combien pèse la cloche de l’école ?';
const SILENT = 'Quelle est la recette de la bouillabaisse marseillaise ?';
/** A text that would be dangerous if anything took it for markup. */
const MARKUP =
  'Une note du zoo.\n\nLa girafe mesure cinq mètres <img src=x onerror="document.title=1"> <b>au moins</b>.';

const TRIP = 'La sortie au musée. Le départ de la sortie est à huit heures.';

vi.setConfig({ testTimeout: 3 * PATIENCE, hookTimeout: 3 * PATIENCE });

let dir: string;
let listening: Listening;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let seen: ReturnType<typeof watch>;

beforeAll(async () => {
  if (!hasBrowser()) return;
  dir = await mkdtemp(join(tmpdir(), 'lucie-rooms-'));
  const server = createServer({
    models: [served(new ScriptedModel())],
    webDir: await buildWeb({ dist: join(dir, 'dist') }),
    roomsDir: join(dir, 'rooms'),
  });
  listening = await server.listen({ port: 0 });
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser?.close();
  await listening?.close(0);
  if (dir) await rm(dir, { recursive: true });
});

beforeEach(async (test) => {
  if (!hasBrowser()) test.skip(NO_BROWSER);
  context = await browser.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: 'reduce' });
  context.setDefaultTimeout(PATIENCE);
  page = await context.newPage();
  seen = watch(page);
  await page.goto(listening.url);
  await page.getByRole('link', { name: 'Mes documents' }).click();
  await page.getByLabel('Nom de la salle').fill('CM2, histoire du village');
  await page.getByRole('button', { name: 'Créer la salle' }).click();
  await page.getByText('La salle est vide').waitFor();
});

afterEach(async () => {
  await context?.close();
});

const documents = () => page.locator('.documents > li');
const exchange = () => page.locator('.exchange').last();
const focused = () =>
  page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.id);

/** As a hand drops files: with the events that a browser sends. */
async function drop(files: { name: string; bytes: Uint8Array }[]): Promise<void> {
  const data = await page.evaluateHandle(
    (sent) => {
      const transfer = new DataTransfer();
      for (const { name, base64 } of sent) {
        const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
        transfer.items.add(new File([bytes], name));
      }
      return transfer;
    },
    files.map(({ name, bytes }) => ({ name, base64: Buffer.from(bytes).toString('base64') })),
  );
  await page.dispatchEvent('.drop', 'dragenter', { dataTransfer: data });
  await page.getByText('Lâchez les fichiers').waitFor();
  await page.dispatchEvent('.drop', 'drop', { dataTransfer: data });
}

async function dropCourse(): Promise<void> {
  await drop([{ name: 'village.pdf', bytes: coursePdf() }]);
  await documents().first().waitFor();
}

async function ask(question: string): Promise<void> {
  await page.getByLabel('Votre question').fill(question);
  await page.keyboard.press('Enter');
  await page.locator('.exchange[data-state=done]', { hasText: question }).waitFor();
}

describe('a room', () => {
  it('takes a PDF of thirty pages, answers from it, and opens the proof on its page', async () => {
    await dropCourse();
    await soon(() => documents().first().innerText()).toMatch(/Le village de Saint-Aubin[\s\S]*30 pages/);
    await soon(() => page.locator('.methods').innerText()).toMatch(
      /Recherche par les mots seulement[\s\S]*Réponses faites de citations/,
    );

    await ask(QUESTION);
    await soon(() => exchange().locator('.answer-text').innerText()).toContain(
      'pèse quarante-deux kilogrammes',
    );
    await soon(() => page.getByRole('log').innerText()).toContain('pèse quarante-deux kilogrammes');
    // An answer may quote a neighbour too: the proof of the sentence that answers.
    await exchange().locator('.proofs li', { hasText: BELL }).waitFor();
    const quotes = await exchange().locator('.proofs li').allInnerTexts();
    const number = quotes.findIndex((quote) => quote.includes(BELL)) + 1;
    const label = `Preuve ${number}\u00a0: Le village de Saint-Aubin, page 17`;
    const citation = exchange().getByRole('button', { name: label });

    await citation.focus();
    await page.keyboard.press('Enter');
    const proof = page.getByRole('dialog', { name: /Le village de Saint-Aubin/ });
    await proof.locator('.drawn svg').waitFor();
    await soon(() => proof.getByRole('heading').innerText()).toContain('Page 17 sur 30');
    await soon(() => proof.locator('.cited mark').innerText()).toContain(BELL);
    await soon(() => proof.evaluate((element) => element.contains(document.activeElement))).toBe(true);
    // The marks lie on the drawn lines that hold the cited words, and on no others.
    const marked = () =>
      proof.evaluate((element) => {
        const middle = (box: DOMRect) => (box.top + box.bottom) / 2;
        const marks = [...element.querySelectorAll('.drawn .mark')].map((mark) =>
          mark.getBoundingClientRect(),
        );
        return [...element.querySelectorAll('.drawn text')]
          .filter((line) => {
            const at = middle(line.getBoundingClientRect());
            return marks.some((mark) => mark.top < at && at < mark.bottom);
          })
          .map((line) => line.textContent)
          .join(' ');
      });
    await soon(marked).toContain('quarante-deux');
    expect(await marked()).not.toContain('Les élèves ont visité');
    await proof.getByText('Son texte', { exact: true }).click();
    await soon(() => proof.locator('.page-text mark').innerText()).toContain(BELL);
    await proof.getByRole('button', { name: 'Page suivante' }).click();
    await soon(() => proof.getByRole('heading').innerText()).toContain('Page 18 sur 30');
    await soon(() => proof.locator('mark, .mark').count()).toBe(0);

    await page.keyboard.press('Escape');
    await soon(() => page.locator('dialog').count()).toBe(0);
    await soon(focused).toBe(label);
  });

  it('refuses what the documents do not say, and shows what was nearest', async () => {
    await dropCourse();
    await ask(SILENT);
    await soon(() => exchange().locator('.refusal-text').innerText()).toBe(
      'Vos documents ne répondent pas à cette question.',
    );
    await soon(() => exchange().locator('.refusal').innerText()).toMatch(/Mots cherchés\s:.*bouillabaisse/);
    await soon(() => exchange().locator('.answer').count()).toBe(0);
  });

  it('shows what hides in a document, when it is asked to', async () => {
    await dropCourse();
    await soon(() => page.getByText(UNSEEN).count()).toBe(0);
    await documents().locator('.hidden-texts summary').click();
    const hidden = documents().locator('.hidden-texts li', { hasText: UNSEEN });
    await hidden.waitFor();
    await soon(() => hidden.innerText()).toContain('écrit dans la couleur du fond, page 3');
  });

  it('takes several files by its button, says in plain words what is wrong with one, knows a copy', async () => {
    const chosen = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: 'Choisir des fichiers' }).focus();
    await page.keyboard.press('Enter');
    await (await chosen).setFiles([
      { name: 'girafe.txt', mimeType: 'text/plain', buffer: Buffer.from(MARKUP) },
      { name: 'copie.txt', mimeType: 'text/plain', buffer: Buffer.from(MARKUP) },
      { name: 'vide.txt', mimeType: 'text/plain', buffer: Buffer.alloc(0) },
      {
        name: 'son.mp3',
        mimeType: 'audio/mpeg',
        buffer: Buffer.from('ID3\u0004\0\0\0\0\0\u0001'.repeat(40)),
      },
    ]);
    const state = (name: string) => page.locator('.uploads li', { hasText: name }).locator('.upload-state');
    await page.locator('.uploads li[data-state=failed]').nth(1).waitFor();
    await soon(() => state('copie.txt').innerText()).toContain('déjà dans la salle');
    await soon(() => state('vide.txt').innerText()).toContain('Le fichier ne contient aucun texte');
    await soon(() => state('son.mp3').innerText()).toContain('Ce n’est pas un format lu ici');
    await soon(() => documents().innerText()).toContain('girafe.txt');
    // What has come in is on the room's list and no longer on this one.
    await soon(() => page.locator('.uploads li').count()).toBe(3);
  });

  it('shows the text of documents as text, whatever it is', async () => {
    await drop([{ name: 'girafe.txt', bytes: Buffer.from(MARKUP) }]);
    await documents().first().waitFor();
    await ask('Combien mesure la girafe ?');
    await page.locator('.cite, .nearest button').first().click();
    await page.locator('.page-text').waitFor();
    await soon(() => page.locator('.page-text').innerText()).toContain('onerror=');
    await soon(() => page.locator('main img, dialog img, dialog b').count()).toBe(0);
    await soon(() => page.title()).toBe('CM2, histoire du village – LUCIE');
  });

  it('removes a document, exports the room, and erases it, each only when one is sure', async () => {
    await dropCourse();
    await page.getByRole('button', { name: 'Retirer Le village' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Garder' }).click();
    await page.getByRole('alertdialog').waitFor({ state: 'detached' });
    await soon(() => documents().count()).toBe(1);

    const saved = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Exporter la salle' }).click();
    const file = await readFile(await (await saved).path());
    expect(file.subarray(0, 15).toString()).toBe('SQLite format 3');

    await page.getByRole('button', { name: 'Retirer Le village' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Retirer' }).click();
    await page.getByText('La salle est vide').waitFor();
    await soon(focused).toBe('documents-title');

    const id = new URL(page.url()).hash.split('/').at(-1)!;
    await page.getByRole('button', { name: 'Effacer la salle' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Effacer' }).click();
    await page.getByRole('heading', { name: 'Mes documents' }).waitFor();
    const left = async () => (await readdir(join(dir, 'rooms'))).filter((name) => name.startsWith(id));
    await soon(left).toEqual([]);
    await page.goto(`${listening.url}/#/salles/${id}`);
    await soon(() => page.getByRole('alert').innerText()).toContain('Cette salle n’existe pas');
  });

  it('sends a file again that the server could not take just then', async () => {
    let refused = 0;
    await page.route('**/documents', async (route) => {
      if (route.request().method() !== 'POST' || refused++ > 0) return route.continue();
      await route.fulfill({ status: 429, json: { error: { code: 'too_many_uploads', message: '' } } });
    });
    await drop([{ name: 'é "1".txt', bytes: Buffer.from('La girafe mesure cinq mètres.') }]);
    await page.getByText('Le serveur est très occupé').waitFor();
    await page.getByRole('button', { name: 'Envoyer de nouveau é "1".txt' }).click();
    await soon(() => documents().innerText()).toContain('é "1"');
    await soon(() => page.locator('.uploads li').count()).toBe(0);
  });

  it('goes on taking files while somebody looks at another page, and shows what another tab added', async () => {
    const address = page.url();
    const { promise, resolve } = Promise.withResolvers<void>();
    await page.route('**/documents', async (route) => {
      if (route.request().method() === 'POST') await promise;
      return route.continue();
    });
    await drop([
      { name: 'un.txt', bytes: Buffer.from('La girafe mesure cinq mètres.') },
      { name: 'deux.txt', bytes: Buffer.from('Le zèbre a des rayures.') },
    ]);
    await page.getByText('en attente').waitFor();
    await page.getByRole('link', { name: 'Toutes les salles' }).click();
    await page.getByRole('heading', { name: 'Vos salles' }).waitFor();
    resolve();
    await page.locator('.room-list a', { hasText: 'CM2' }).last().click();
    await documents().nth(1).waitFor();

    const other = await context.newPage();
    await other.goto(address);
    await other.getByRole('button', { name: 'Retirer un' }).click();
    await other.getByRole('alertdialog').getByRole('button', { name: 'Retirer' }).click();
    await other.locator('.documents > li').nth(1).waitFor({ state: 'detached' });
    await page.evaluate(() => dispatchEvent(new Event('focus')));
    await soon(() => documents().count()).toBe(1);
  });

  it('tells a room whose file is damaged, and erases it', async () => {
    await writeFile(join(dir, 'rooms', 'abimee.sqlite'), 'SQLite format 3\0'.padEnd(8192, 'x'));
    await page.getByRole('link', { name: 'Toutes les salles' }).click();
    await page.getByRole('link', { name: 'Salle qui ne peut pas être lue' }).click();
    await page.getByText('Le fichier de cette salle est abîmé').waitFor();
    await page.getByRole('button', { name: 'Effacer la salle' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Effacer' }).click();
    await page.getByRole('heading', { name: 'Vos salles' }).waitFor();
    expect(await readdir(join(dir, 'rooms'))).not.toContain('abimee.sqlite');
  });

  it('says which document another one replaces, and asks again what failed', async () => {
    await drop([
      { name: 'sortie-v1.txt', bytes: Buffer.from(TRIP) },
      { name: 'sortie-v2.txt', bytes: Buffer.from('La sortie.') },
    ]);
    await documents().nth(1).waitFor();
    let asked = 0;
    await page.route('**/answer', (route) => {
      if (asked++ === 0) return route.abort();
      const quote = 'Le départ de la sortie est à neuf heures.';
      const cited = { document: 2, title: 'La sortie', page: 1, paragraph: 1, start: 0, end: 9, quote };
      const answer = {
        object: 'room.answer',
        kind: 'answer',
        method: 'extractive',
        text: quote,
        sentences: [{ text: quote, citations: [cited] }],
        superseded: [{ document: 1, title: 'La sortie', by: 2 }],
      };
      return route.fulfill({
        contentType: 'text/event-stream',
        body: `data: ${JSON.stringify(answer)}\n\ndata: [DONE]\n\n`,
      });
    });
    await page.getByLabel('Votre question').fill('Quand part-on ?');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Reposer la question' }).click();
    await soon(() => exchange().locator('.superseded').innerText()).toBe(
      '« sortie-v1.txt » dit autre chose, mais « sortie-v2.txt » le remplace.'.replaceAll(
        /(?<=«) | (?=»)/g,
        '\u00a0',
      ),
    );
  });

  it('speaks English too', async () => {
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByText('The room is empty').waitFor();
    await soon(() => page.locator('html').getAttribute('lang')).toBe('en');
    await soon(async () => new URL(page.url()).hash).toMatch(/^#\/salles\/./);
  });
});

describe('for everybody', () => {
  it.each([
    ['light', 1280],
    ['dark', 1280],
    ['light', 320],
    ['dark', 320],
  ] as const)('axe finds nothing in %s at %i px, in any state', async (scheme, width) => {
    await page.emulateMedia({ colorScheme: scheme });
    await page.setViewportSize({ width, height: 800 });
    const fine = async (state: string) => {
      expect(await axeFindings(page), state).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth), state).toBeLessThanOrEqual(
        width,
      );
    };
    await fine('empty');
    await dropCourse();
    await drop([{ name: 'vide.txt', bytes: new Uint8Array() }]);
    await page.locator('.uploads li[data-state=failed]').waitFor();
    await documents().locator('.hidden-texts summary').click();
    await page.getByText(UNSEEN).waitFor();
    await fine('documents');
    await ask(QUESTION);
    await ask(SILENT);
    await fine('answers');
    await page.locator('.cite').first().click();
    await page.locator('.drawn svg').waitFor();
    await page.getByText('Son texte', { exact: true }).click();
    await page.locator('.page-text').waitFor();
    await fine('proof');
    await page.keyboard.press('Escape');
    await page.locator('dialog').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Effacer la salle' }).click();
    await page.getByRole('alertdialog').waitFor();
    await fine('sure');
    await page.keyboard.press('Escape');
    await page.locator('dialog').waitFor({ state: 'detached' });
    await page.getByRole('link', { name: 'Toutes les salles' }).click();
    await page.getByRole('heading', { name: 'Vos salles' }).waitFor();
    await fine('rooms');
  });
});

describe('in this computer only', () => {
  it('asks nothing of any other place, stores nothing in the browser, and the policy is never broken', async () => {
    await dropCourse();
    await ask(QUESTION);
    await page.locator('.cite').first().click();
    await page.locator('.drawn svg').waitFor();
    expect(seen.requested.length).toBeGreaterThan(8);
    expect(seen.requested.filter((url) => !url.startsWith(`${listening.url}/`))).toEqual([]);
    expect(seen.complaints).toEqual([]);
    expect(await context.storageState()).toEqual({ cookies: [], origins: [] });
  });
});
