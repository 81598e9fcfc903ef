import { optOutsPath, readOptOuts } from '@lucie/corpus';
import { runsDir } from '@lucie/ledger';
import { openRecipe } from '@lucie/recipes';
import { nearest } from '../nearest.ts';
import type { Setting } from './set.ts';
import { settle } from './settle.ts';

/**
 * A recipe by name with its defaults, `--set`, and whoever has opted out of its corpus.
 * @throws LucieError `RECIPE_UNKNOWN`, `OPTION_UNKNOWN`, `OPTION_INVALID` (exit code 2), `OPT_OUTS_INVALID`
 */
export async function settledRecipe(name: string, settings: Setting[]) {
  const opened = await openRecipe(name, (known) => nearest(name, known));
  const recipe = settle(opened.written, settings, opened.resolveRecipe);
  const optOuts = [...recipe.corpus.optOuts, ...(await readOptOuts(optOutsPath(runsDir, recipe.name)))];
  return { ...opened, recipe: { ...recipe, corpus: { ...recipe.corpus, optOuts } } };
}
