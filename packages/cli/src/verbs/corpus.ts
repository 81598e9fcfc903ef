import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import { stageDir } from '../stage-dir.ts';

/** `lucie corpus report RECIPE` */
export function corpusVerb(): Command {
  const verb = new Command('corpus').description(
    'what the corpus stage of a recipe has kept, dropped and held out',
  );
  verb
    .command('report')
    .description('print the report of a corpus as JSON')
    .argument('<recipe>', 'a recipe that has been made')
    .addHelpText('after', '\nExample:\n  ./lucie corpus report nano')
    .action(async (recipe: string) => {
      process.stdout.write(await readFile(await stageDir(recipe, 'corpus', 'report.json'), 'utf8'));
    });
  return verb;
}
