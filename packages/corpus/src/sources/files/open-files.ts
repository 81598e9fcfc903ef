import { join } from 'node:path';
import { fileHash, hashJson, LucieError } from '@lucie/ledger';
import type { Document } from '../../document.ts';
import type { ReadOptions, Source, SourceInput } from '../source.ts';
import { Damage } from './damage.ts';
import type { FileReading } from './file-reading.ts';
import { type Format, formatOf, keysOf } from './formats.ts';
import { type FileSource, limitsShape } from './options.ts';
import { readJsonl } from './read-jsonl.ts';
import { readParquet } from './read-parquet.ts';
import { readHtml, readMarkdown, readText } from './read-text.ts';
import { readWarc, readWet } from './warc/read-warc.ts';
import { collectSiteRules, openSiteRules } from './warc/reservations.ts';

/** A file of a source, where it lies and what it holds. */
export interface SourceFile {
  /** Its path inside the source. */
  name: string;
  path: string;
  bytes: number;
  /** SHA-256 of the file, in hexadecimal. */
  sha256: string;
}

/** Common Crawl asks under this name; its robots rules are meant for training data too. */
const AGENTS = ['CCBot'];

const READERS: Readonly<
  Record<Exclude<Format, 'warc' | 'wet'>, (file: FileReading) => AsyncGenerator<Document>>
> = {
  text: readText,
  markdown: readMarkdown,
  html: readHtml,
  jsonl: readJsonl,
  parquet: readParquet,
};

/**
 * Files of known formats as a source: one input each, sorted by name. A damaged file gives what can be read of it and a
 * complaint; other files go on.
 * @throws LucieError while reading: `LOCAL_SOURCE_CHANGED`, `COLUMN_MISSING`
 */
export function openFiles(
  files: readonly SourceFile[],
  opts: { source: FileSource; cacheDir: string },
): Pick<Source, 'inputs' | 'read'> {
  const sorted = [...files].sort((a, b) => (a.name < b.name ? -1 : 1));
  const byName = new Map(sorted.map((file) => [file.name, file]));
  const keys = keysOf(sorted.map(({ name }) => name));
  const warcs = sorted.filter(({ name }) => ['warc', 'wet'].includes(formatOf(name) ?? ''));
  // What a page's site reserves may stand in another WARC file of the folder.
  const together = hashJson(warcs.map(({ name, sha256 }) => [name, sha256]));
  const limits = limitsShape.parse(opts.source.limits ?? {});
  return {
    inputs: async () =>
      sorted.map((file) => ({
        ...{ name: file.name, bytes: file.bytes, integrity: integrityOf(file) },
        key: keys.get(file.name)!,
      })),
    async *read(input: SourceInput, reading: ReadOptions) {
      reading.signal.throwIfAborted();
      const file = byName.get(input.name);
      if (!file || integrityOf(file) !== input.integrity || fileHash(file.path) !== file.sha256)
        throw changed(file?.path ?? input.name);
      try {
        for await (const document of readFile(file, reading)) {
          yield document;
          reading.signal.throwIfAborted();
        }
      } catch (error) {
        reading.signal.throwIfAborted();
        if (!(error instanceof Damage)) throw error;
        await reading.complain({ key: file.name, why: error.message });
      }
    },
  };

  function integrityOf(file: SourceFile): string {
    return `sha256-${warcs.length > 1 && warcs.includes(file) ? hashJson([file.sha256, together]) : file.sha256}`;
  }

  function readFile(file: SourceFile, reading: ReadOptions): AsyncGenerator<Document> {
    const format = formatOf(file.name)!;
    const context: FileReading = {
      ...reading,
      path: file.path,
      key: keys.get(file.name)!,
      source: opts.source,
      limits,
    };
    return format === 'warc' || format === 'wet' ? readWeb(context, format) : READERS[format](context);
  }

  async function* readWeb(context: FileReading, format: 'warc' | 'wet'): AsyncGenerator<Document> {
    const path = join(opts.cacheDir, 'site-files', `${together}.sqlite`);
    const speaking = warcs.filter(({ name }) => formatOf(name) === 'warc');
    await collectSiteRules(path, speaking, { ...context, onBytes: () => {} });
    const agents = opts.source.agents ?? AGENTS;
    const sites = openSiteRules(path, agents);
    try {
      yield* (format === 'warc' ? readWarc : readWet)({ ...context, agents, sites });
    } finally {
      sites.close();
    }
  }
}

function changed(path: string): LucieError {
  return new LucieError({
    code: 'LOCAL_SOURCE_CHANGED',
    found: `${path}, which is not what it was when the recipe was read`,
    expected: 'the same bytes',
    todo: 'leave the folder alone while it is read, and call again',
  });
}
