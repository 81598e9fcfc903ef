import type { Extract } from 'tar-stream';
import type { Entry } from '../sources/adapter.ts';

/** No file of a text package is near this; one that is would not fit a JavaScript string. */
const MAX_ENTRY_BYTES = 400_000_000;
/** All files together, wanted or not: beyond this an archive is a bomb. The largest in use unpacks to half a gigabyte. */
const MAX_ARCHIVE_BYTES = 8_000_000_000;

/** The wanted files of a tar archive one by one, in its order. What feeds the archive closes it. */
export async function* archiveEntries(
  archive: Extract,
  opts: {
    /** The path inside the package, as adapters know it, from the name in the archive. */
    path: (name: string) => string;
    wants: (path: string) => boolean;
    signal?: AbortSignal | undefined;
  },
): AsyncGenerator<Entry> {
  let total = 0;
  for await (const entry of archive) {
    opts.signal?.throwIfAborted();
    const { header } = entry;
    const path = opts.path(header.name);
    const size = header.size ?? 0;
    total += size;
    if (total > MAX_ARCHIVE_BYTES) throw new Error(`more than ${MAX_ARCHIVE_BYTES} bytes inside`);
    if (header.type !== 'file' || !opts.wants(path)) {
      entry.resume();
      continue;
    }
    if (size > MAX_ENTRY_BYTES) throw new Error(`${path} is over ${MAX_ENTRY_BYTES} bytes`);
    const chunks: Buffer[] = [];
    for await (const chunk of entry) chunks.push(chunk as Buffer);
    yield new ArchiveEntry(path, { bytes: Buffer.concat(chunks), modified: header.mtime });
  }
}

class ArchiveEntry implements Entry {
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly modified: Date | undefined;

  constructor(path: string, file: { bytes: Uint8Array; modified: Date | undefined }) {
    this.path = path;
    this.bytes = file.bytes;
    this.modified = file.modified;
  }

  get text(): string | undefined {
    return decodeUtf8(this.bytes);
  }
}

/** The text of UTF-8 bytes, or undefined where they are none. A byte order mark is no text. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
