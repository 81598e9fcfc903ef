import type { Document } from '../document.ts';
import { cachedPackage } from '../fetch/fetch-packages.ts';
import { readTarball } from '../fetch/tarball.ts';
import type { LocalSource, PackageSource } from '../options.ts';
import { type Complaint, draftToDocument } from './adapter.ts';
import { readLocal } from './local.ts';
import { adapterOf } from './registry.ts';

/** A source of a recipe, ready to be read. */
export interface OpenSource {
  source: string;
  /** What identifies it in manifests: package, version, integrity, or the folder. */
  origin: Record<string, string>;
  attribution: string;
  homepage: string;
  read(opts: {
    complain: Complaint;
    onBytes: (bytes: number) => void;
    signal: AbortSignal;
  }): AsyncGenerator<Document>;
}

/** @throws LucieError `SOURCE_UNKNOWN`; while reading also those of `cachedPackage`, `readTarball`, `readLocal` */
export function openSource(option: PackageSource | LocalSource, cacheDir: string): OpenSource {
  if ('local' in option) {
    return {
      source: option.source,
      origin: { local: option.local, integrity: option.integrity },
      attribution: option.attribution ?? '',
      homepage: '',
      read: (opts) => readLocal(option, opts.complain),
    };
  }
  const adapter = adapterOf(option.package);
  return {
    source: adapter.source,
    origin: { package: option.package, version: option.version, integrity: option.integrity },
    attribution: adapter.attribution,
    homepage: adapter.homepage,
    async *read(opts) {
      const path = await cachedPackage(option, cacheDir);
      const entries = readTarball(path, {
        wants: adapter.wants,
        onBytes: opts.onBytes,
        signal: opts.signal,
      });
      for await (const draft of adapter.read(entries, opts.complain)) yield draftToDocument(draft, adapter);
    },
  };
}
