import { LucieError } from '@lucie/ledger';
import { type Need, refuseTooSmall, thisMachine } from './machine.ts';
import type { Recipe } from './recipe.ts';

export type { Need } from './machine.ts';
export type { Recipe, ResolvedRecipe, StagesOf } from './recipe.ts';

/** Recipes by name, loaded when they are asked for: a verb that only needs a name starts at once. */
const recipes: Record<string, () => Promise<Recipe>> = {
  pico: async () => (await import('./pico.ts')).pico(),
  nano: async () => (await import('./nano.ts')).nano,
  micro: async () => (await import('./micro.ts')).micro,
  'lucie-7b': async () => (await import('./lucie-7b.ts')).lucie7b,
};

/** What recipes ask of a machine, where that is more than any machine has. */
const needsOf: Record<string, () => Promise<Need[]>> = {
  'lucie-7b': async () => (await import('./lucie-7b/needs.ts')).needs,
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
  /** To be called before anything is fetched. @throws LucieError `MACHINE_TOO_SMALL` for one of these stages */
  const checkMachine = async (stages: readonly string[], dir: string): Promise<void> => {
    const needs = (await needsOf[name]?.()) ?? [];
    const concerned = needs.filter(({ stage }) => stages.includes(stage));
    if (concerned.length > 0) refuseTooSmall(name, concerned, await thisMachine(dir));
  };
  return { written, file: `recipes/${name}.ts`, resolveRecipe, stagesOf, checkMachine };
}
