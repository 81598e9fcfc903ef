import { LucieError } from '@lucie/ledger';
import type { Recipe, ResolvedRecipe } from '@lucie/recipes';
import { ZodError } from 'zod';
import { applySettings, type Setting } from './set.ts';

/** The recipe with defaults and `--set` in place; what does not fit its type is wrong use. */
export function settle(
  recipe: Recipe,
  settings: Setting[],
  resolveRecipe: (recipe: Recipe | ResolvedRecipe) => ResolvedRecipe,
): ResolvedRecipe {
  try {
    return resolveRecipe(applySettings(resolveRecipe(recipe), settings));
  } catch (error) {
    if (!(error instanceof ZodError)) throw error;
    const issue = error.issues[0]!;
    throw new LucieError({
      code: 'OPTION_INVALID',
      found: `a value of ${issue.path.join('.')} that does not fit`,
      expected: issue.message
        .replace(/^(Invalid input|Too (big|small)): expected /, '')
        .replace(/^Invalid input$/, 'a value of its type'),
      todo: 'correct --set or the recipe',
      exitCode: 2,
      cause: error,
    });
  }
}
