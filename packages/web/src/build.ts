import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { hashJson, LucieError, listFiles, sha256File } from '@lucie/ledger';

const PACKAGE = resolve(import.meta.dirname, '..');
const PAGE = join(import.meta.dirname, 'page');

/** What the built page depends on besides its own files. */
const TOOLS = ['vite', '@vitejs/plugin-react', 'react', 'react-dom', 'uplot'];

/**
 * Builds the page into `packages/web/dist/<hash of the sources>` unless it is there already, and returns that folder:
 * what the server's `webDir` takes. Needs no network. Two calls at once may both build; one result stays.
 * @throws LucieError `PAGE_NOT_BUILT`
 */
export async function buildWeb(opts: { dist?: string } = {}): Promise<string> {
  const dist = opts.dist ?? join(PACKAGE, 'dist');
  const folder = join(dist, await sourceKey());
  if (existsSync(join(folder, 'index.html'))) return folder;
  const partial = `${folder}.${randomBytes(4).toString('hex')}.partial`;
  try {
    const { build } = await import('vite');
    const { default: react } = await import('@vitejs/plugin-react');
    await build({
      configFile: false,
      envFile: false,
      root: PAGE,
      mode: 'production',
      logLevel: 'silent',
      plugins: [react()],
      // Every file stays a file: the page's security policy knows no inline script or style.
      build: { outDir: partial, emptyOutDir: true, assetsInlineLimit: 0, modulePreload: { polyfill: false } },
    });
    await rename(partial, folder);
  } catch (cause) {
    await rm(partial, { recursive: true, force: true }).catch(() => {});
    // Another process was faster with the same sources.
    if (existsSync(join(folder, 'index.html'))) return folder;
    throw new LucieError({
      code: 'PAGE_NOT_BUILT',
      found: `a failed build of the web page (${cause instanceof Error ? cause.message.split('\n')[0] : String(cause)})`,
      expected: 'sources in packages/web/src/page that Vite builds, and room on the disk',
      todo: 'mend what the message names, or run npm ci to restore the tools',
      cause,
    });
  }
  return folder;
}

/** Hash of every source of the page and of the versions of what builds it. */
async function sourceKey(): Promise<string> {
  const files = await listFiles(PAGE);
  const sources = await Promise.all(files.map(async (name) => [name, await sha256File(join(PAGE, name))]));
  const recipe = await sha256File(join(import.meta.dirname, 'build.ts'));
  const versions = await Promise.all(TOOLS.map(versionOf));
  return hashJson([sources, recipe, versions]).slice(0, 16);
}

/** From the nearest `node_modules` up the folders: a package's exports may hide its package.json from `import`. */
async function versionOf(name: string): Promise<string> {
  for (let dir = PACKAGE; ; dir = resolve(dir, '..')) {
    const path = join(dir, 'node_modules', name, 'package.json');
    if (existsSync(path)) return `${name} ${JSON.parse(await readFile(path, 'utf8')).version}`;
    if (dir === resolve(dir, '..')) return `${name} absent`;
  }
}
