import { createReadStream, readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { hashJson, LucieError, projectRoot, sha256 } from '@lucie/ledger';
import type { Document } from '../document.ts';
import type { LocalSource } from '../options.ts';
import { type Complaint, field, stringField } from './adapter.ts';

/** A line beyond this is not a document but a mistake. */
const MAX_LINE_BYTES = 64_000_000;

/**
 * A folder of own text as a source: `.txt` and `.md` files (one document each, its first line the title if it starts
 * with `#`), `.jsonl` files (one document a line, fields of `Document`; `extra` may be an object).
 * @throws LucieError `LOCAL_SOURCE_MISSING`
 */
export function localSource(folder: string, opts: Omit<LocalSource, 'local' | 'integrity'>): LocalSource {
  return { local: folder, integrity: folderIntegrity(folder), ...opts };
}

/** Reads the documents of a local source in the order of file names and lines. */
export async function* readLocal(source: LocalSource, complain: Complaint): AsyncGenerator<Document> {
  const actual = folderIntegrity(source.local);
  if (actual !== source.integrity) {
    throw new LucieError({
      code: 'LOCAL_SOURCE_CHANGED',
      found: `${source.local} with ${actual.slice(0, 19)}…`,
      expected: `${source.integrity.slice(0, 19)}…, as when the recipe was read`,
      todo: 'leave the folder alone while it is read, and call again',
    });
  }
  const root = resolve(projectRoot, source.local);
  for (const name of textFiles(root)) {
    const path = join(root, name);
    if (name.endsWith('.jsonl')) yield* readLines(path, { name, source, complain });
    else {
      const bytes = await readFile(path);
      const text = decode(bytes);
      if (text === undefined) {
        complain(name, 'not UTF-8');
        continue;
      }
      const heading = /^#\s+(.+)\n/.exec(text);
      yield fromRecord(
        { title: heading?.[1] ?? '', text: heading ? text.slice(heading[0].length) : text },
        { key: name.replace(/\.(txt|md)$/, ''), source },
      );
    }
  }
}

async function* readLines(
  path: string,
  opts: { name: string; source: LocalSource; complain: Complaint },
): AsyncGenerator<Document> {
  const base = opts.name.replace(/\.jsonl$/, '');
  for await (const { bytes, number } of splitLines(path)) {
    const key = `${base}/${number}`;
    const text = bytes && decode(bytes);
    if (text === undefined) {
      opts.complain(key, bytes ? 'not UTF-8' : `a line of more than ${MAX_LINE_BYTES} bytes`);
      continue;
    }
    if (text.trim() === '') continue;
    let record: unknown;
    try {
      record = JSON.parse(text);
    } catch (error) {
      opts.complain(key, `not JSON: ${(error as Error).message.slice(0, 120)}`);
      continue;
    }
    yield fromRecord(record, { key: stringField(record, 'id') || key, source: opts.source });
  }
}

/** The lines of a file as bytes, numbered from 1; one that is too long without its bytes. */
async function* splitLines(path: string): AsyncGenerator<{ bytes: Buffer | undefined; number: number }> {
  let parts: Buffer[] = [];
  let size = 0;
  let number = 1;
  const take = () => {
    const bytes = size > MAX_LINE_BYTES ? undefined : Buffer.concat(parts);
    parts = [];
    size = 0;
    return { bytes, number: number++ };
  };
  const add = (part: Buffer) => {
    size += part.length;
    if (size > MAX_LINE_BYTES) parts = [];
    else parts.push(part);
  };
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
    let rest = chunk as Buffer;
    for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10)) {
      add(rest.subarray(0, end));
      yield take();
      rest = rest.subarray(end + 1);
    }
    if (rest.length > 0) add(rest);
  }
  if (size > 0) yield take();
}

function fromRecord(record: unknown, from: { key: string; source: LocalSource }): Document {
  const extra = field(record, 'extra');
  return {
    id: `${from.source.source}/${from.key}`,
    text: stringField(record, 'text'),
    source: from.source.source,
    licence: stringField(record, 'licence') || (from.source.licence ?? ''),
    language: stringField(record, 'language') || (from.source.language ?? ''),
    date: stringField(record, 'date') || (from.source.date ?? ''),
    url: stringField(record, 'url'),
    title: stringField(record, 'title'),
    extra: typeof extra === 'string' ? extra : JSON.stringify(extra ?? {}),
  };
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function textFiles(root: string): string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(txt|md|jsonl)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .sort();
}

function folderIntegrity(folder: string): string {
  const root = resolve(projectRoot, folder);
  try {
    const names = textFiles(root);
    if (names.length > 0)
      return `sha256-${hashJson(names.map((name) => [name, sha256(readFileSync(join(root, name)))]))}`;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  throw new LucieError({
    code: 'LOCAL_SOURCE_MISSING',
    found: `no .txt, .md or .jsonl file in ${root}`,
    expected: 'a folder of text',
    todo: 'correct the path in the recipe',
  });
}
