import { readFile, realpath } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import { ApiError } from '../api/api-error.ts';

/** Only kinds that the page is made of; anything else in the folder is not served. */
const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

/** What of a release may be read here: its papers, not its weights. */
const RELEASE_PAPERS = ['README.md', 'DATA.md', 'scores.json', 'verification.json', 'SHA256SUMS', 'LICENSE'];

/**
 * A file of the built page. Names under `assets/` carry a hash of their content, so browsers may keep them.
 * @throws ApiError 404 for what is not there, not of a known kind, or outside `dir` (by `..` or by a link)
 */
export async function pageFile(dir: string, path: string): Promise<Response> {
  const name = path === '/' ? 'index.html' : path.replace(/^\/+/, '');
  const type = TYPES[extname(name)];
  if (!type) throw notFound(path);
  const data = await readInside(dir, name);
  const kept = name.startsWith('assets/') ? 'public, max-age=31536000, immutable' : 'no-cache';
  return new Response(data, { headers: { 'Content-Type': type, 'Cache-Control': kept } });
}

/** One of the release's papers as plain text. @throws ApiError 404 */
export async function releasePaper(dir: string, name: string): Promise<Response> {
  if (!RELEASE_PAPERS.includes(name)) throw notFound(`/release/${name}`);
  const type = name.endsWith('.json') ? 'application/json; charset=utf-8' : 'text/plain; charset=utf-8';
  return new Response(await readInside(dir, name), {
    headers: { 'Content-Type': type, 'Cache-Control': 'no-cache' },
  });
}

/**
 * The evaluation's own page: one file with its style inside, no script.
 * @param dir - `06-evaluation`
 * @throws ApiError 404
 */
export async function evaluationPage(dir: string): Promise<Response> {
  return new Response(await readInside(dir, 'index.html'), {
    headers: {
      'Content-Type': 'text/html; charset=utf-8',
      'Cache-Control': 'no-cache',
      'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    },
  });
}

/** The papers that a release folder holds, in the order in which people should read them. */
export async function listPapers(dir: string): Promise<string[]> {
  const there = await Promise.all(
    RELEASE_PAPERS.map((name) =>
      realpath(join(dir, name)).then(
        () => name,
        () => undefined,
      ),
    ),
  );
  return there.filter((name) => name !== undefined);
}

async function readInside(dir: string, name: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    const root = await realpath(dir);
    const file = await realpath(join(root, name));
    if (!file.startsWith(root + sep)) throw notFound(`/${name}`);
    return new Uint8Array(await readFile(file));
  } catch (error) {
    if (error instanceof ApiError) throw error;
    throw notFound(`/${name}`);
  }
}

function notFound(path: string): ApiError {
  return new ApiError({
    status: 404,
    code: 'not_found',
    message: `Nothing is served at ${path.slice(0, 200)}; the page is at / and the API at /v1.`,
  });
}
