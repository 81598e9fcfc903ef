import type { SourceOption } from '../options.ts';
import { debianSource } from './debian/debian-source.ts';
import { openLocal } from './files/local-source.ts';
import { openHub } from './hub/hub-source.ts';
import { packageSource } from './npm/package-source.ts';
import type { Source } from './source.ts';

/**
 * A source of a recipe, ready to be read.
 * @throws LucieError `SOURCE_UNKNOWN` for a package that no adapter reads
 */
export function openSource(option: SourceOption, cacheDir: string): Source {
  if ('package' in option) return packageSource(option, cacheDir);
  if ('debian' in option || 'debianDescriptions' in option) return debianSource(option, cacheDir);
  if ('hub' in option) return openHub(option, cacheDir);
  return openLocal(option, cacheDir);
}
