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
  /** Of every answer with bytes of a file so far: which, from where, how many. */
  sendings: { name: string; from: number; sent: number; whole: boolean }[];
  /** What the server does to the next answers for a file, first come first served. */
  faults: (Fault | undefined)[];
  /** After how many bytes the connection breaks; undefined: not. */
  cut?: (part: { name: string; from: number; length: number }) => number | undefined;
  /** Told after each piece of a slow answer. */
  onSent?: () => void;
  /** Commits of branches and tags of the model. */
  refs: Record<string, string>;
  files: Record<string, Buffer>;
  /** Sent in place of what the listing promises. */
  sent: Record<string, Buffer>;
}

/**
 * `drop` breaks in the middle, `stall` stops there; `short` ends well in the middle; `busy` is 503, `patience` 429, `never`
 * 403, `gone` 404; `shifted` sends other bytes of the file than those asked for; `new version` has another ETag, with new content.
 */
export type Fault =
  | 'drop'
  | 'busy'
  | 'stall'
  | 'short'
  | 'patience'
  | 'never'
  | 'gone'
  | 'shifted'
  | 'new version';

export interface HubServerOptions {
  /** So many questions about the repository are answered with 503 first. */
  busyAtFirst?: number;
  /** Sends so many bytes, then waits so long. */
  slow?: { bytes: number; ms: number };
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
  /** A second name of the model, `owner/…`. */
  alias?: string;
  /** The listing names no hashes. */
  noHashes?: boolean;
  /** Paths named by the listing that are not there. */
  listed?: string[];
}

/**
 * A server with the hub's routes for one dataset and one model of the same files, `owner/name`, on this machine. Names that
 * end in `.parquet`, `.gz` or `.gguf` are kept in LFS.
 */
export async function hubServer(
  files: Record<string, Buffer>,
  opts: HubServerOptions = {},
): Promise<HubServer> {
  const hub: HubServer = {
    url: '',
    requests: [],
    sendings: [],
    faults: [],
    files,
    sent: {},
    refs: { main: revision },
  };
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
  return /\.(parquet|gz|gguf)$/.test(path);
}

function answer(
  hub: HubServer,
  opts: HubServerOptions,
  request: IncomingMessage,
  response: ServerResponse,
): unknown {
  const url = new URL(request.url!, hub.url);
  const path = decodeURIComponent(url.pathname).replace(opts.alias ?? 'owner/name', 'owner/name');
  const { range, authorization } = request.headers;
  hub.requests.push({ path, range, authorization });
  const stored = path.startsWith('/storage/') ? path.slice('/storage/'.length) : undefined;
  if (stored === undefined && opts.token && authorization !== `Bearer ${opts.token}`)
    return fail(response, 401, 'RepoNotFound');
  if (path.startsWith('/api/') && hub.requests.length <= (opts.busyAtFirst ?? 0))
    return fail(response, 503, 'Busy');
  const tree = /^\/api\/(datasets|models)\/owner\/name\/tree\/(\w+)$/.exec(path);
  if (tree?.[2] === revision) return list(hub, opts, { url, response });
  const ref = /^\/api\/models\/owner\/name\/revision\/(.+)$/.exec(path)?.[1];
  if (ref !== undefined && Object.hasOwn(hub.refs, ref))
    return response
      .writeHead(200, { 'Content-Type': 'application/json' })
      .end(JSON.stringify({ id: 'owner/name', sha: hub.refs[ref] }));
  const name = stored ?? new RegExp(`^(?:/datasets)?/owner/name/resolve/${revision}/(.+)$`).exec(path)?.[1];
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
  to.response.end(
    JSON.stringify(entries.slice(from, from + size), opts.noHashes ? withoutHashes : undefined),
  );
}

function withoutHashes(key: string, value: unknown): unknown {
  return key === 'oid' || key === 'lfs' ? undefined : value;
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
  const fault = hub.faults.shift();
  if (fault === 'busy') return fail(to.response, 503, 'Busy');
  if (fault === 'gone') return fail(to.response, 404, 'EntryNotFound');
  if (fault === 'never') return fail(to.response, 403, 'Forbidden');
  if (fault === 'patience') {
    to.response.setHeader('Retry-After', '0');
    return fail(to.response, 429, 'Patience');
  }
  const at = fault === 'shifted' ? 0 : from;
  const length = end - from;
  const half = Math.ceil(length / 2);
  const until =
    fault === 'drop' || fault === 'stall' || fault === 'short'
      ? half
      : (hub.cut?.({ name: to.name, from, length }) ?? length);
  const version = fault === 'new version' ? 'next' : sha256(bytes);
  to.response.writeHead(match ? 206 : 200, {
    // Without a length the end of an answer is no fault.
    ...(fault === 'short' ? {} : { 'Content-Length': length }),
    ETag: `"${version}"`,
    ...(match ? { 'Content-Range': `bytes ${at}-${at + length - 1}/${bytes.length}` } : {}),
  });
  const sending = { name: to.name, from, sent: 0, whole: until === length };
  hub.sendings.push(sending);
  const piece = opts.slow?.bytes ?? until;
  const next = (): unknown => {
    if (to.response.destroyed) return;
    const size = Math.min(piece, until - sending.sent);
    const start = at + sending.sent;
    sending.sent += size;
    hub.onSent?.();
    if (sending.sent >= until && (sending.whole || fault === 'short'))
      return to.response.end(bytes.subarray(start, start + size));
    return to.response.write(bytes.subarray(start, start + size), () => {
      if (sending.sent < until) setTimeout(next, opts.slow?.ms);
      else if (fault !== 'stall') setTimeout(() => to.response.destroy(), 5);
    });
  };
  return next();
}

function fail(response: ServerResponse, status: number, code: string): void {
  response.writeHead(status, { 'Content-Type': 'application/json', 'X-Error-Code': code });
  response.end(JSON.stringify({ error: code }));
}
