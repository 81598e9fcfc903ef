import type { Transform } from 'node:stream';
import {
  brotliDecompressSync,
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createInflateRaw,
  createZstdDecompress,
  gunzipSync,
  inflateRawSync,
  inflateSync,
  zstdDecompressSync,
} from 'node:zlib';
import { Damage, reasonOf } from '../damage.ts';
import { decodeUtf8 } from '../decode-text.ts';

/** An HTTP response as a WARC record holds it. */
export interface HttpResponse {
  status: number;
  headers: [name: string, value: string][];
  /** As sent: `bodyOf` undoes transfer and content encodings. */
  payload: Buffer;
}

/** More than this before the body is no header. */
const HEAD = 1 << 20;
const UNPACK: Readonly<Record<string, (bytes: Buffer, opts: { maxOutputLength: number }) => Buffer>> = {
  gzip: gunzipSync,
  'x-gzip': gunzipSync,
  br: brotliDecompressSync,
  zstd: zstdDecompressSync,
  // Servers send both forms under this name (RFC 9110 §8.4.1.2).
  deflate: (bytes, opts) => (isZlib(bytes) ? inflateSync(bytes, opts) : inflateRawSync(bytes, opts)),
};
const UNPACK_STREAM: Readonly<Record<string, (bytes: Buffer) => Transform>> = {
  gzip: () => createGunzip(),
  'x-gzip': () => createGunzip(),
  br: () => createBrotliDecompress(),
  zstd: () => createZstdDecompress(),
  deflate: (bytes) => (isZlib(bytes) ? createInflate() : createInflateRaw()),
};
/** What is unpacked of a slice in which the damage lies is lost. */
const SLICE = 1024;

/** The parts of a response, or undefined where a record's block is none. */
export function parseResponse(block: Buffer): HttpResponse | undefined {
  const windowEnd = Math.min(block.length, HEAD);
  const head = block.subarray(0, windowEnd).toString('latin1');
  const status = /^HTTP\/\d(?:\.\d)? (\d{3})(?:\s|$)/.exec(head)?.[1];
  const end = /\r?\n\r?\n/.exec(head);
  if (!status || !end) return undefined;
  const headers: [string, string][] = [];
  for (const line of head.slice(0, end.index).split(/\r?\n/).slice(1)) {
    const colon = line.indexOf(':');
    if (/^[ \t]/.test(line) && headers.length > 0) headers.at(-1)![1] += ` ${line.trim()}`;
    else if (colon > 0) headers.push([line.slice(0, colon).trim(), line.slice(colon + 1).trim()]);
  }
  return { status: Number(status), headers, payload: block.subarray(end.index + end[0].length) };
}

/** The first value of a header, or empty. */
export function headerOf(response: HttpResponse, name: string): string {
  return response.headers.find(([key]) => key.toLowerCase() === name)?.[1] ?? '';
}

/**
 * The body itself. Common Crawl stores it without its encodings, other crawlers with them, some keep the header of an
 * encoding that they undid: bytes that are not in the encoding named are taken as they are.
 * @throws Damage where the encoding breaks off, or the body grows beyond `maxBytes`
 */
export function bodyOf(response: HttpResponse, maxBytes: number): Buffer {
  let body = unchunked(response);
  for (const encoding of encodingsOf(response)) {
    const unpack = UNPACK[encoding];
    if (!unpack || body.length === 0 || !looksPacked(encoding, body)) continue;
    try {
      body = unpack(body, { maxOutputLength: maxBytes });
    } catch (error) {
      const tooLarge = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
      throw new Damage(
        tooLarge ? `a page of more than ${maxBytes} bytes unpacked` : `${encoding}: ${reasonOf(error)}`,
      );
    }
  }
  return body;
}

/**
 * The first bytes of a body, as many as can be read: for what must be heeded even where its end is damaged or lost.
 * Empty where nothing can be read.
 */
export async function startOfBody(response: HttpResponse, most: number): Promise<Buffer> {
  let body = unchunked(response);
  for (const encoding of encodingsOf(response)) {
    const stream = UNPACK_STREAM[encoding]?.(body);
    if (stream && looksPacked(encoding, body) && !(hasNoSignature(encoding) && isText(body)))
      body = await unpackStart(stream, body, most);
    else stream?.destroy();
  }
  return body.subarray(0, most);
}

function unpackStart(stream: Transform, packed: Buffer, most: number): Promise<Buffer> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const done = () => {
      stream.destroy();
      resolve(Buffer.concat(chunks).subarray(0, most));
    };
    stream.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      size += chunk.length;
      if (size >= most) done();
    });
    stream.once('end', done).on('error', done);
    for (let at = 0; at < packed.length; at += SLICE) stream.write(packed.subarray(at, at + SLICE));
    stream.end();
  });
}

function unchunked(response: HttpResponse): Buffer {
  const { payload } = response;
  return /\bchunked\b/i.test(headerOf(response, 'transfer-encoding')) ? unchunk(payload) : payload;
}

/** The last one first, as they are undone. */
function encodingsOf(response: HttpResponse): string[] {
  const names = headerOf(response, 'content-encoding').toLowerCase().split(',');
  return names.map((name) => name.trim()).reverse();
}

function isZlib(bytes: Buffer): boolean {
  return (bytes[0]! & 0x0f) === 8;
}

function hasNoSignature(encoding: string): boolean {
  return encoding === 'br' || encoding === 'deflate';
}

/** Packed bytes are hardly ever UTF-8 without controls. */
function isText(body: Buffer): boolean {
  const text = decodeUtf8(body);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what text does not hold
  return text !== undefined && !/[\u0000-\u0008\u000e-\u001f]/.test(text);
}

/** Brotli has no signature; what begins like a page is none. */
function looksPacked(encoding: string, body: Buffer): boolean {
  if (encoding.endsWith('gzip')) return body[0] === 0x1f && body[1] === 0x8b;
  if (encoding === 'zstd') return body.length > 3 && body.readUInt32LE(0) === 0xfd2fb528;
  return !/^\s*</.test(body.subarray(0, 64).toString('latin1'));
}

/** Joins the chunks of RFC 9112 §7.1; as it is where it is not chunked after all, up to where it breaks off. */
function unchunk(body: Buffer): Buffer {
  const chunks: Buffer[] = [];
  for (let at = 0; at < body.length; ) {
    const end = body.indexOf('\n', at);
    const size = /^([0-9a-f]{1,8})[ \t]*(;[^\r]*)?\r?$/i.exec(
      end < 0 ? '' : body.toString('latin1', at, Math.min(end, at + 200)),
    );
    if (!size) return chunks.length === 0 ? body : Buffer.concat(chunks);
    const length = Number.parseInt(size[1]!, 16);
    if (length === 0) break;
    chunks.push(body.subarray(end + 1, end + 1 + length));
    at = end + 1 + length;
    if (body[at] === 13) at++;
    if (body[at] === 10) at++;
  }
  return Buffer.concat(chunks);
}
