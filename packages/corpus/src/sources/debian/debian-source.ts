import { createReadStream, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { readDeb } from '../../fetch/deb.ts';
import { absencePath, type DebianLock, lockedFile, notDebian, readLock } from '../../fetch/debian-files.ts';
import { descriptionsName } from '../../fetch/fetch-debian.ts';
import { type Draft, draftToDocument } from '../adapter.ts';
import { readDescriptions } from '../kinds/package-descriptions.ts';
import type { Source, SourceInput } from '../source.ts';
import { debianTextOf } from './registry.ts';

const name = z.string().regex(/^[a-z0-9][a-z0-9+.-]+$/);
const source = z.string().regex(/^[a-z0-9][a-z0-9-]*$/);

/** A Debian package of text, of whatever version this machine's archive has; the lead adds what every source may say. */
export const debianSourceShape = z.strictObject({
  debian: name,
  /** Short name in place of the adapter's own. */
  source: source.optional(),
});

/** The descriptions of all packages of the archive in one language. */
export const debianDescriptionsShape = z.strictObject({
  debianDescriptions: z.enum(['fr', 'en', 'de', 'es', 'it']),
  source: source.optional(),
});

export type DebianOption = z.infer<typeof debianSourceShape> | z.infer<typeof debianDescriptionsShape>;

/**
 * What set-up found in the archive for a source: part of the stage's key, since another version is another corpus.
 * Undefined where the source is absent.
 */
export function debianLock(option: DebianOption, cacheDir: string): DebianLock | undefined {
  return notDebian() ? undefined : readLock(nameOf(option), cacheDir);
}

/**
 * A Debian package, or an index of package descriptions, as a source of one part. Absent, with the reason, where
 * set-up could not bring it.
 * @throws LucieError `SOURCE_UNKNOWN`; while reading `DEBIAN_CHANGED`, `SOURCE_DAMAGED`
 */
export function debianSource(option: DebianOption, cacheDir: string): Source {
  const reading = 'debian' in option ? packageReading(option) : descriptionsReading(option);
  const lock = debianLock(option, cacheDir);
  const { source: short, attribution, homepage } = reading;
  const found = { source: option.source ?? short, attribution, homepage };
  if (!lock) {
    return {
      ...found,
      origin: { debian: nameOf(option) },
      absent: reasonOf(nameOf(option), cacheDir),
      inputs: async () => [],
      async *read() {},
    };
  }
  const { debian, version, sha256 } = lock;
  return {
    ...found,
    origin: { debian, version, sha256 },
    inputs: async () => [{ name: lock.file, bytes: lock.size, integrity: `sha256-${sha256}` }],
    async *read(_input: SourceInput, opts) {
      const path = await lockedFile(lock, cacheDir);
      for await (const draft of reading.read(path, { ...opts, lock })) {
        opts.signal.throwIfAborted();
        yield draftToDocument(draft, { source: found.source, licence: reading.licence });
      }
      opts.onBytes(lock.size);
    },
  };
}

interface Reading {
  source: string;
  licence: string;
  attribution: string;
  homepage: string;
  read(path: string, opts: Parameters<Source['read']>[1] & { lock: DebianLock }): AsyncGenerator<Draft>;
}

function packageReading(option: z.infer<typeof debianSourceShape>): Reading {
  const text = debianTextOf(option.debian);
  return {
    ...text,
    async *read(path, { lock, complain, signal, onBytes }) {
      // The archive states the unpacked size; progress counts the packed one.
      const scale = lock.installedSize > 0 ? lock.size / lock.installedSize : 0;
      const entries = readDeb(path, {
        wants: text.wants,
        signal,
        onBytes: (bytes) => onBytes(Math.min(lock.size, Math.round(bytes * scale))),
      });
      const written = text.written?.(lock.version.replace(/^\d+:/, ''));
      for await (const draft of text.read(entries, (key, why) => complain({ key, why })))
        yield written === undefined ? draft : { ...draft, date: written };
    },
  };
}

function descriptionsReading(option: z.infer<typeof debianDescriptionsShape>): Reading {
  const language = option.debianDescriptions;
  return {
    source: `debian-descriptions-${language}`,
    // Each description is under its package's licence, most under this one: the strictest usual reading.
    licence: 'GPL-2.0-or-later',
    attribution: 'Debian package descriptions, the Debian project and its translators',
    homepage: '',
    async *read(path, { signal, onBytes, complain }) {
      const file = createReadStream(path, { highWaterMark: 1 << 20 });
      const lines = createInterface({ input: file, crlfDelay: Number.POSITIVE_INFINITY });
      try {
        // A description is as old as its package, which the index does not tell.
        const drafts = readDescriptions(lines, { language, date: '' });
        for await (const draft of drafts) {
          signal.throwIfAborted();
          onBytes(file.bytesRead);
          if (draft.text.includes('\ufffd')) await complain({ key: draft.key, why: 'not UTF-8' });
          else yield draft;
        }
      } finally {
        lines.close();
        file.destroy();
      }
    },
  };
}

function nameOf(option: DebianOption): string {
  return 'debian' in option ? option.debian : descriptionsName(option.debianDescriptions);
}

function reasonOf(name: string, cacheDir: string): string {
  const reason = notDebian();
  if (reason) return reason;
  try {
    return readFileSync(absencePath(name, cacheDir), 'utf8').trim();
  } catch {
    return `set-up has not fetched ${name}`;
  }
}
