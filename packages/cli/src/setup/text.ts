import { fetchPackages } from '@lucie/corpus';
import { cacheDir, terminalProgress } from '@lucie/ledger';
import { openRecipe } from '@lucie/recipes';

/** Fetches a recipe's text packages, so that the tests on real text run; without a network those skip themselves. */
export async function fetchText(name: string): Promise<void> {
  const { written, resolveRecipe } = await openRecipe(name, () => undefined);
  const packages = resolveRecipe(written).corpus.sources.filter((source) => 'package' in source);
  try {
    await fetchPackages(packages, { cacheDir, progress: terminalProgress() });
  } catch (error) {
    process.stderr.write(
      `Set-up: no text of ${name} (${(error as Error).message}); tests on it will be skipped\n`,
    );
  }
}
