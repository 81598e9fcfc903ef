import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { type Browser, chromium, type Page } from 'playwright-core';
import { expect } from 'vitest';

export const CHROMIUM = process.env.LUCIE_CHROMIUM ?? '/usr/bin/chromium';
export const NO_BROWSER = `no browser at ${CHROMIUM} (apt-get install chromium)`;

export const hasBrowser = (): boolean => existsSync(CHROMIUM);

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: CHROMIUM,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/** Milliseconds until a page that does not show what it should is taken for broken: a busy machine is none. */
export const PATIENCE = 120_000;

/** An expectation of what the page will show: read again until it holds, since a page draws when it has the time. */
export const soon = <Read>(read: () => Promise<Read>) =>
  expect.poll(read, { timeout: PATIENCE, interval: 50 });

interface Finding {
  id: string;
  impact: string;
  nodes: { html: string }[];
}

/** axe-core's findings of WCAG 2.2 A and AA and of good practice, in a line each. */
export async function axeFindings(page: Page): Promise<string[]> {
  // Into the page's own world by the debugger's door, since the page's policy lets no other script in.
  await page.evaluate(await axeSource());
  return page.evaluate(async () => {
    const run = (globalThis as unknown as { axe: { run(): Promise<{ violations: Finding[] }> } }).axe.run();
    return (await run).violations.map(({ id, impact, nodes }) => `${impact} ${id}: ${nodes[0]?.html}`);
  });
}

let source: Promise<string> | undefined;

function axeSource(): Promise<string> {
  source ??= readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  return source;
}

/** What a page asked for and what it complained of, from now on. */
export function watch(page: Page): { requested: string[]; complaints: string[] } {
  const seen = { requested: [] as string[], complaints: [] as string[] };
  page.on('request', (request) => seen.requested.push(request.url()));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') seen.complaints.push(message.text());
  });
  page.on('pageerror', (error) => seen.complaints.push(error.message));
  return seen;
}
