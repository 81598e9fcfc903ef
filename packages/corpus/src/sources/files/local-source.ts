import { type Dirent, existsSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { fileHash, hashJson, LucieError, projectRoot } from '@lucie/ledger';
import type { Source } from '../source.ts';
import { formatOf } from './formats.ts';
import { openFiles, type SourceFile } from './open-files.ts';
import type { LocalSource } from './options.ts';

/**
 * A folder of own files as a source, with every folder below it: `.txt`, `.md`, `.html` (one document each), `.jsonl`,
 * `.parquet` (one a line or row), `.warc`, `.wet` (web pages); all but `.parquet` also as `.gz` and `.zst`.
 * @param opts - what its files do not say, and what every source may be told (`rules`, `epochs`, …)
 * @throws LucieError `LOCAL_SOURCE_MISSING`, `LOCAL_SOURCE_UNREADABLE`
 */
export function localSource<TOptions extends Omit<LocalSource, 'local' | 'integrity'>>(
  folder: string,
  opts: TOptions,
): TOptions & Pick<LocalSource, 'local' | 'integrity'> {
  return { local: folder, integrity: integrityOf(filesIn(folder)), ...opts };
}

/**
 * A folder, ready to be read; it is looked at when its inputs are asked for.
 * @throws LucieError while reading: `LOCAL_SOURCE_MISSING`, `LOCAL_SOURCE_CHANGED`, `COLUMN_MISSING`
 */
export function openLocal(option: LocalSource, cacheDir: string): Source {
  let opened: ReturnType<typeof openFiles> | undefined;
  const open = () => {
    opened ??= openFiles(verifiedFiles(option), { source: option, cacheDir });
    return opened;
  };
  return {
    source: option.source,
    origin: { local: option.local, integrity: option.integrity },
    attribution: option.attribution ?? '',
    homepage: '',
    inputs: async () => open().inputs(),
    async *read(input, opts) {
      yield* open().read(input, opts);
    },
  };
}

function verifiedFiles(option: LocalSource): SourceFile[] {
  const files = filesIn(option.local);
  const actual = integrityOf(files);
  if (actual === option.integrity) return files;
  throw new LucieError({
    code: 'LOCAL_SOURCE_CHANGED',
    found: `${option.local} with ${actual.slice(0, 19)}…`,
    expected: `${option.integrity.slice(0, 19)}…, as when the recipe was read`,
    todo: 'leave the folder alone while it is read, and call again',
  });
}

function filesIn(folder: string): SourceFile[] {
  const root = resolve(projectRoot, folder);
  const files = namesIn(root).map((name) => {
    const path = join(root, name);
    return readable(path, () => ({ name, path, bytes: statSync(path).size, sha256: fileHash(path) }));
  });
  if (files.length > 0) return files;
  throw new LucieError({
    code: 'LOCAL_SOURCE_MISSING',
    found: `no file of text in ${root}`,
    expected: 'a folder of .txt, .md, .html, .jsonl, .parquet, .warc or .wet files',
    todo: 'correct the path in the recipe',
  });
}

/** Files of known formats in the folder and below it; links are followed, but not to a folder in which they lie. */
function namesIn(root: string): string[] {
  if (!statSync(root, { throwIfNoEntry: false })?.isDirectory()) return [];
  const names: string[] = [];
  const walk = (folder: string, around: readonly string[]) => {
    const real = readable(folder, () => realpathSync(folder));
    if (around.includes(real)) return;
    for (const entry of readable(folder, () => readdirSync(folder, { withFileTypes: true }))) {
      const path = join(folder, entry.name);
      const known = formatOf(entry.name) !== undefined;
      if (entry.isSymbolicLink() && !known && !existsSync(path)) continue;
      const { isFile, isFolder } = kindOf(entry, path);
      if (isFolder) walk(path, [...around, real]);
      else if (isFile && known) names.push(relative(root, path).split(sep).join('/'));
    }
  };
  walk(root, []);
  return names.sort();
}

function kindOf(entry: Dirent, path: string): { isFile: boolean; isFolder: boolean } {
  const told = entry.isSymbolicLink() ? readable(path, () => statSync(path)) : entry;
  return { isFile: told.isFile(), isFolder: told.isDirectory() };
}

/** @throws LucieError `LOCAL_SOURCE_UNREADABLE` in place of what the system says */
function readable<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    if (code === undefined) throw cause;
    // Names are bytes: of those that are no UTF-8 only the replacement character is left.
    const garbled = code === 'ENOENT' && path.includes('\ufffd');
    throw new LucieError({
      code: 'LOCAL_SOURCE_UNREADABLE',
      found: garbled ? `${path}, whose name is not UTF-8` : `${path}, which cannot be read (${code})`,
      expected: 'files and folders that may be read, links that lead somewhere',
      todo: garbled
        ? 'give it another name, or move it out of the folder'
        : 'give the right to read it, or move it out of the folder',
      exitCode: 2,
      cause,
    });
  }
}

function integrityOf(files: readonly SourceFile[]): string {
  return `sha256-${hashJson(files.map(({ name, sha256 }) => [name, sha256]))}`;
}
