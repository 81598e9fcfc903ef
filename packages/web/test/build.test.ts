import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listFiles } from '@lucie/ledger';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildWeb } from '../src/index.ts';

let dist: string;

beforeAll(async () => {
  dist = await mkdtemp(join(tmpdir(), 'lucie-web-'));
});

afterAll(() => rm(dist, { recursive: true }));

describe('buildWeb', () => {
  it('builds once, also when asked twice at once, and leaves nothing half done', async () => {
    const [first, second] = await Promise.all([buildWeb({ dist }), buildWeb({ dist })]);
    expect(second).toBe(first);
    const before = await listFiles(first);
    expect(before).toContain('index.html');
    // A build makes a folder beside the others, which shows in the time of what holds them.
    const { mtimeMs } = await stat(dist);
    expect(await buildWeb({ dist })).toBe(first);
    expect((await stat(dist)).mtimeMs).toBe(mtimeMs);
    expect(await listFiles(first)).toEqual(before);
    expect((await readdir(dist)).length).toBe(1);
  });

  it('makes a page that asks nothing of other places', async () => {
    const folder = await buildWeb({ dist });
    const html = await readFile(join(folder, 'index.html'), 'utf8');
    expect(html).not.toMatch(/<script(?![^>]*\bsrc=)/);
    expect(html).not.toMatch(/<style| style=| on\w+=/);
    for (const [, address] of html.matchAll(/(?:src|href)="([^"]*)"/g))
      expect(address).toMatch(/^\.?\/(?!\/)/);
    for (const name of await listFiles(folder)) {
      if (!name.endsWith('.css')) continue;
      expect(await readFile(join(folder, name), 'utf8')).not.toMatch(/url\(|@import/);
    }
  });

  it('says why when it cannot write', async () => {
    await expect(buildWeb({ dist: '/dev/null/dist' })).rejects.toMatchObject({ code: 'PAGE_NOT_BUILT' });
  });
});
