import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sha256 } from '@lucie/ledger';
import { onTestFinished } from 'vitest';

export const revision = 'a'.repeat(40);

export interface HubServer {
  url: string;
  /** Every request so far: method, path and range. */
  requests: { path: string; range: string | undefined; authorization: string | undefined }[];
  /** What the server does to the next answers for a file, first come first served. */
  faults: ('drop' | 'busy' | 'stall')[];
  files: Record<string, Buffer>;
  /** Sent in place of what the listing promises. */
  sent: Record<string, Buffer>;
}

export interface HubServerOptions {
  /** Needed to see anything. */
  token?: string;
  /** Answers ranges with whole files. */
  noRanges?: boolean;
  /** Entries of a listing's page. */
  pageSize?: number;
  /** Another server, which gives the listing's other pages. */
  pagesAt?: string;
  /** Where files kept outside of git are sent to. */
  storage?: string;
  /** Paths named by the listing that are not there. */
  listed?: string[];
}

/** A server with the hub's routes for one dataset, `owner/name`, on this machine. Names that end in `.parquet` or `.gz` are kept in LFS. */
export async function hubServer(
  files: Record<string, Buffer>,
  opts: HubServerOptions = {},
): Promise<HubServer> {
  const hub: HubServer = { url: '', requests: [], faults: [], files, sent: {} };
  const server = createServer((request, response) => answer(hub, opts, request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  hub.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return hub;
}

export function isLfs(path: string): boolean {
  return /\.(parquet|gz)$/.test(path);
}

function answer(
  hub: HubServer,
  opts: HubServerOptions,
  request: IncomingMessage,
  response: ServerResponse,
): unknown {
  const url = new URL(request.url!, hub.url);
  const path = decodeURIComponent(url.pathname);
  const { range, authorization } = request.headers;
  hub.requests.push({ path, range, authorization });
  const stored = path.startsWith('/storage/') ? path.slice('/storage/'.length) : undefined;
  if (stored === undefined && opts.token && authorization !== `Bearer ${opts.token}`)
    return fail(response, 401, 'RepoNotFound');
  const tree = `/api/datasets/owner/name/tree/${revision}`;
  if (path === tree) return list(hub, opts, { url, response });
  const resolve = `/datasets/owner/name/resolve/${revision}/`;
  const name = stored ?? (path.startsWith(resolve) ? path.slice(resolve.length) : undefined);
  if (name === undefined || !Object.hasOwn(hub.files, name))
    return fail(response, 404, name === undefined ? 'RepoNotFound' : 'EntryNotFound');
  if (stored === undefined && opts.storage && isLfs(name)) {
    return response.writeHead(302, { Location: `${opts.storage}/storage/${encodeURIComponent(name)}` }).end();
  }
  return send(hub, opts, { name, range, response });
}

function list(hub: HubServer, opts: HubServerOptions, to: { url: URL; response: ServerResponse }): void {
  const entries: unknown[] = [{ type: 'directory', path: 'data', size: 0, oid: '0'.repeat(40) }];
  for (const [path, bytes] of Object.entries(hub.files)) entries.push(entryOf(path, bytes));
  for (const path of opts.listed ?? []) entries.push(entryOf(path, Buffer.from('x')));
  const size = opts.pageSize ?? entries.length;
  const from = Number(to.url.searchParams.get('cursor') ?? 0);
  const next = new URL(to.url.pathname + to.url.search, opts.pagesAt ?? to.url);
  next.searchParams.set('cursor', String(from + size));
  const link = from + size < entries.length ? { Link: `<${next.href}>; rel="next"` } : {};
  to.response.writeHead(200, { 'Content-Type': 'application/json', ...link });
  to.response.end(JSON.stringify(entries.slice(from, from + size)));
}

function entryOf(path: string, bytes: Buffer): unknown {
  const blob = createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
  const lfs = { oid: sha256(bytes), size: bytes.length, pointerSize: 130 };
  return isLfs(path)
    ? { type: 'file', path, size: bytes.length, oid: 'b'.repeat(40), lfs }
    : { type: 'file', path, size: bytes.length, oid: blob };
}

function send(
  hub: HubServer,
  opts: HubServerOptions,
  to: { name: string; range: string | undefined; response: ServerResponse },
): unknown {
  const bytes = hub.sent[to.name] ?? hub.files[to.name]!;
  const match = opts.noRanges ? undefined : /^bytes=(\d+)-(\d*)$/.exec(to.range ?? '');
  const from = Number(match?.[1] ?? 0);
  const end = Math.min(bytes.length, match?.[2] ? Number(match[2]) + 1 : bytes.length);
  const part = bytes.subarray(from, end);
  // The client asks for one byte first, to learn size and name.
  const fault = part.length > 1 ? hub.faults.shift() : undefined;
  if (fault === 'busy') return fail(to.response, 503, 'Busy');
  to.response.writeHead(match ? 206 : 200, {
    'Content-Length': part.length,
    ETag: `"${sha256(bytes)}"`,
    ...(match ? { 'Content-Range': `bytes ${from}-${end - 1}/${bytes.length}` } : {}),
  });
  if (fault === undefined) return to.response.end(part);
  const drop = () => fault === 'drop' && setTimeout(() => to.response.destroy(), 20);
  return to.response.write(part.subarray(0, Math.ceil(part.length / 2)), drop);
}

function fail(response: ServerResponse, status: number, code: string): void {
  response.writeHead(status, { 'Content-Type': 'application/json', 'X-Error-Code': code });
  response.end(JSON.stringify({ error: code }));
}
