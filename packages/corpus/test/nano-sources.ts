import { nano } from '../../../recipes/nano.ts';
import type { PackageSource } from '../src/index.ts';

/** The text packages of `nano`, as its recipe pins them. */
export const nanoSources: PackageSource[] = nano.corpus.sources.filter((source) => 'package' in source);
