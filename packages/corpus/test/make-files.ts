import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import { onTestFinished } from 'vitest';
import { localSource, openLocal } from '../src/sources/files/local-source.ts';
import type { LocalSource } from '../src/sources/files/options.ts';
import type { Source } from '../src/sources/source.ts';

export type Files = Record<string, string | Uint8Array>;

/** A folder that is removed when the test is done. */
export function tempDir(): string {
  const dir = mkdtempSync(join(tmpdir(), 'lucie-files-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

export function writeFiles(dir: string, files: Files): string {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, name)), { recursive: true });
    writeFileSync(join(dir, name), content);
  }
  return dir;
}

export const french = { source: 'own', language: 'fr', licence: 'CC0-1.0', date: '2020' } as const;

/** A folder of these files opened as a source. */
export function openFolder(
  files: Files,
  opts: Partial<Omit<LocalSource, 'local' | 'integrity'>> = {},
): Source {
  const dir = tempDir();
  writeFiles(join(dir, 'data'), files);
  return openLocal(localSource(join(dir, 'data'), { ...french, ...opts }), join(dir, 'cache'));
}

/** A sentence that no other number gives. */
export function sentence(n: number): string {
  return `Voici la phrase numéro ${n}, qui parle de la mer, du vent et de la lumière du matin ${n}.`;
}

export function jsonLines(records: readonly unknown[]): string {
  return records.map((record) => `${JSON.stringify(record)}\n`).join('');
}

/** The bytes of a Parquet file of a query. */
export async function parquetBytes(query: string, compression = 'zstd'): Promise<Buffer> {
  const dir = mkdtempSync(join(tmpdir(), 'lucie-parquet-'));
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  try {
    const path = join(dir, 'x.parquet');
    await connection.run(`COPY (${query}) TO '${path}' (FORMAT parquet, COMPRESSION ${compression})`);
    const { readFileSync } = await import('node:fs');
    return readFileSync(path);
  } finally {
    connection.closeSync();
    instance.closeSync();
    rmSync(dir, { recursive: true, force: true });
  }
}

export interface MadeResponse {
  url: string;
  body: string | Uint8Array;
  status?: string;
  headers?: Record<string, string>;
  date?: string;
  /** Two hexadecimal digits: the record's own id. */
  id?: string;
}

/** One `response` record of a WARC file. */
export function responseRecord(page: MadeResponse): Buffer {
  const headers = { 'Content-Type': 'text/html; charset=utf-8', ...page.headers };
  const head = [
    `HTTP/1.1 ${page.status ?? '200 OK'}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ];
  const block = Buffer.concat([
    Buffer.from(`${head.join('\r\n')}\r\n\r\n`),
    Buffer.from(page.body as string),
  ]);
  return warcRecord('response', block, {
    'Content-Type': 'application/http; msgtype=response',
    'WARC-Target-URI': page.url,
    'WARC-Date': page.date ?? '2024-03-05T10:11:12Z',
    ...(page.id ? { 'WARC-Record-ID': `<urn:uuid:00000000-0000-4000-8000-0000000000${page.id}>` } : {}),
  });
}

export function warcRecord(
  type: string,
  block: string | Uint8Array,
  headers: Record<string, string> = {},
): Buffer {
  const bytes = Buffer.from(block as string);
  const head = Object.entries({ 'WARC-Type': type, ...headers, 'Content-Length': String(bytes.length) });
  const lines = ['WARC/1.0', ...head.map(([name, value]) => `${name}: ${value}`)];
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), bytes, Buffer.from('\r\n\r\n')]);
}

/** A WARC file: as it is, or each record compressed for itself, as Common Crawl does. */
export function warcBytes(records: readonly Buffer[], opts: { gzip?: boolean } = {}): Buffer {
  return Buffer.concat(opts.gzip ? records.map((record) => gzipSync(record)) : records);
}

export function htmlPage(n: number, more: { head?: string; body?: string } = {}): string {
  return `<!DOCTYPE html><html lang="fr"><head><title>Page ${n}</title>${more.head ?? ''}</head><body><nav><ul><li><a href="/">Accueil</a></li></ul></nav><main><h1>Titre ${n}</h1><p>${sentence(n)}</p>${more.body ?? ''}</main><footer>Mentions légales</footer></body></html>`;
}

/** Three documents and more of each kind of file, and the same with something broken inside. */
export const kinds: Readonly<
  Record<string, () => Promise<{ name: string; healthy: Buffer; broken: Buffer }>>
> = {
  jsonl: async () => lines('a.jsonl', (bytes) => bytes),
  'jsonl.gz': async () => lines('a.jsonl.gz', gzipSync),
  // One frame a line: Node's own stream would stop after the first.
  'jsonl.zst': async () => lines('a.jsonl.zst', framesOf),
  parquet: async () => {
    const healthy = await parquetBytes(
      `SELECT 'd' || i AS id, 'Voici la phrase ${'é'} numéro ' || i AS text, DATE '2020-01-02' AS date, i AS rank FROM range(30) t(i)`,
      'uncompressed',
    );
    return { name: 'a.parquet', healthy, broken: healthy.subarray(0, healthy.length - 20) };
  },
  warc: async () => pages('a.warc', false),
  'warc.gz': async () => pages('a.warc.gz', true),
  'wet.gz': async () => {
    const records = [1, 2, 3, 4].map((n) =>
      warcRecord('conversion', sentence(n), {
        'WARC-Target-URI': `https://site.example/${n}`,
        'WARC-Date': '2024-03-05T10:11:12Z',
        'Content-Type': 'text/plain',
      }),
    );
    const healthy = warcBytes(records, { gzip: true });
    return { name: 'a.warc.wet.gz', healthy, broken: healthy.subarray(0, healthy.length - 30) };
  },
};

function lines(name: string, pack: (bytes: Buffer) => Buffer) {
  const records = Array.from({ length: 5 }, (_, n) => ({ id: `d${n}`, text: sentence(n), rank: n }));
  const plain = Buffer.from(jsonLines(records));
  const broken = plain.subarray(0, plain.length - 20);
  const packed = pack(plain);
  return {
    name,
    healthy: packed,
    broken: packed === plain ? broken : packed.subarray(0, packed.length - 12),
  };
}

function framesOf(bytes: Buffer): Buffer {
  const parts = bytes.toString().split(/(?<=\n)/);
  return Buffer.concat(parts.map((part) => zstdCompressSync(part)));
}

function pages(name: string, gzip: boolean) {
  const records = [1, 2, 3, 4].map((n) =>
    responseRecord({ url: `https://site.example/${n}`, body: htmlPage(n), id: `0${n}` }),
  );
  const healthy = warcBytes([warcRecord('warcinfo', 'software: test\r\n'), ...records], { gzip });
  return { name, healthy, broken: healthy.subarray(0, healthy.length - 30) };
}
