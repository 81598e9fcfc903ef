import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { LucieError, runsDir, stageFolder } from '@lucie/ledger';
import { openRecipe } from '@lucie/recipes';
import { nearest } from './nearest.ts';

/**
 * Path of a file that a finished stage of a recipe has left, or of the stage's folder when no file is named.
 * @throws LucieError `STAGE_NOT_MADE`
 */
export async function stageDir(name: string, stageName: string, file = ''): Promise<string> {
  const {
    written: recipe,
    resolveRecipe,
    stagesOf,
  } = await openRecipe(name, (known) => nearest(name, known));
  const stages = stagesOf(resolveRecipe(recipe));
  const index = stages.findIndex((stage) => stage.name === stageName);
  const path = join(runsDir, recipe.name, stageFolder(index, stages[index]!), file);
  if (!existsSync(path)) {
    throw new LucieError({
      code: 'STAGE_NOT_MADE',
      found: `no ${path}`,
      expected: `the finished stage ${stageName} of ${recipe.name}`,
      todo: `make it first: ./lucie make ${recipe.name} --until ${stageName}`,
    });
  }
  return path;
}
