import { LucieError } from '@lucie/ledger';
import type { Recipe } from './recipe.ts';

export type { Recipe, ResolvedRecipe } from './recipe.ts';

/** Recipes by name, loaded when they are asked for: a verb that only needs a name starts at once. */
const recipes: Record<string, () => Promise<Recipe>> = {
  pico: async () => (await import('./pico.ts')).pico(),
  nano: async () => (await import('./nano.ts')).nano,
};

/** Names of all recipes. */
export function recipeNames(): string[] {
  return Object.keys(recipes);
}

/**
 * The recipe of that name as written, the file it stands in, and what is needed to resolve and run it.
 * @param nearest - finds the closest known name, for the message
 * @throws LucieError `RECIPE_UNKNOWN` (exit code 2)
 */
export async function openRecipe(name: string, nearest: (known: string[]) => string | undefined) {
  const load = Object.hasOwn(recipes, name) ? recipes[name] : undefined;
  if (!load) {
    const near = nearest(recipeNames());
    throw new LucieError({
      code: 'RECIPE_UNKNOWN',
      found: `no recipe named ${name}`,
      expected: near ? `a known one, perhaps ${near}` : `one of ${recipeNames().join(', ')}`,
      todo: 'correct the name; the recipes are the files in recipes/',
      exitCode: 2,
    });
  }
  const [written, { resolveRecipe, stagesOf }] = await Promise.all([load(), import('./recipe.ts')]);
  return { written, file: `recipes/${name}.ts`, resolveRecipe, stagesOf };
}
