import { LucieError } from '@lucie/ledger';
import { nano } from './nano.ts';
import { pico } from './pico.ts';
import { type Recipe, resolveRecipe, stagesOf } from './recipe.ts';

export type { Recipe, ResolvedRecipe } from './recipe.ts';
export { resolveRecipe, stagesOf };

/** Recipes by name. `pico` reads its text's hash when it is asked for, hence functions. */
const recipes: Record<string, () => Recipe> = { pico, nano: () => nano };

/** Names of all recipes. */
export function recipeNames(): string[] {
  return Object.keys(recipes);
}

/**
 * The recipe of that name, as written, and the file it stands in.
 * @param nearest - finds the closest known name, for the message
 * @throws LucieError `RECIPE_UNKNOWN` (exit code 2)
 */
export function findRecipe(
  name: string,
  nearest: (known: string[]) => string | undefined,
): { recipe: Recipe; file: string } {
  const make = Object.hasOwn(recipes, name) ? recipes[name] : undefined;
  if (!make) {
    const near = nearest(recipeNames());
    throw new LucieError({
      code: 'RECIPE_UNKNOWN',
      found: `no recipe named ${name}`,
      expected: near ? `a known one, perhaps ${near}` : `one of ${recipeNames().join(', ')}`,
      todo: 'correct the name; the recipes are the files in recipes/',
      exitCode: 2,
    });
  }
  return { recipe: make(), file: `recipes/${name}.ts` };
}
