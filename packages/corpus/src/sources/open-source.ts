import type { LocalSource, PackageSource } from '../options.ts';
import { type DebianOption, debianSource } from './debian/debian-source.ts';
import { readLocal } from './local.ts';
import { packageSource } from './npm/package-source.ts';
import type { Source } from './source.ts';

export type SourceOption = PackageSource | LocalSource | DebianOption;

/**
 * A source of a recipe, ready to be read.
 * @throws LucieError `SOURCE_UNKNOWN` for a package that no adapter reads
 */
export function openSource(option: SourceOption, cacheDir: string): Source {
  if ('package' in option) return packageSource(option, cacheDir);
  if ('debian' in option || 'debianDescriptions' in option) return debianSource(option, cacheDir);
  return {
    source: option.source,
    origin: { local: option.local, integrity: option.integrity },
    attribution: option.attribution ?? '',
    homepage: '',
    inputs: async () => [{ name: option.source, bytes: 0, integrity: option.integrity }],
    read: (_input, opts) => readLocal(option, (key, why) => opts.complain({ key, why })),
  };
}
