import { formatDuration, type Progress } from '@lucie/ledger';
import type { ResolvedRecipe } from '@lucie/recipes';
import { setUpEngine } from './engine.ts';
import { fetchSources } from './text.ts';

/**
 * Fetches and compiles what a recipe needs: its text, libtorch, the addon. After it no network is needed.
 * A second call looks and returns.
 */
export async function setUpRecipe(
  recipe: ResolvedRecipe,
  progress: Progress,
  signal?: AbortSignal,
): Promise<void> {
  const began = performance.now();
  await fetchSources(recipe.corpus.sources, { progress, signal });
  await setUpEngine(progress);
  const seconds = (performance.now() - began) / 1000;
  process.stderr.write(
    `Set-up: everything is here (${formatDuration(seconds)}); no network is needed from now on\n`,
  );
}
