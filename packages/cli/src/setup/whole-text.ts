import { join } from 'node:path';
import { hashJson, type Progress, readManifest, runsDir, type Stage, stageFolder } from '@lucie/ledger';
import type { ResolvedRecipe, StagesOf } from '@lucie/recipes';
import { fetchSources } from './text.ts';

/**
 * The stages of a recipe whose text is there, or whose corpus is made already. Text is fetched before the stages are
 * asked for: which version of a Debian package there is belongs to the key of the corpus. A finished corpus keeps the
 * versions it was made with, whatever could be had today.
 */
export async function stagesWithText(
  recipe: ResolvedRecipe,
  stagesOf: StagesOf,
  opts: Parameters<typeof fetchSources>[1] & { machine?: Parameters<StagesOf>[1]; progress: Progress },
): Promise<Stage[]> {
  const stages = stagesOf(recipe, opts.machine);
  if (await isMade(recipe, stages[0]!)) return stages;
  await fetchSources(recipe.corpus.sources, opts);
  return stagesOf(recipe, opts.machine);
}

async function isMade(recipe: ResolvedRecipe, corpus: Stage): Promise<boolean> {
  const folder = join(runsDir, recipe.name, stageFolder(0, corpus));
  const manifest = await readManifest(folder).catch(() => undefined);
  return manifest?.version === corpus.version && hashJson(manifest.options) === hashJson(corpus.options);
}
