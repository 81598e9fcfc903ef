import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import { stageDir } from '../stage-dir.ts';

/** `lucie tokenizer report RECIPE` */
export function tokenizerVerb(): Command {
  const verb = new Command('tokenizer').description('the tokenizer of a recipe');
  verb
    .command('report')
    .description('print fertility, bytes per token and vocabulary use as JSON')
    .argument('<recipe>', 'a recipe that has been made')
    .addHelpText('after', '\nExample:\n  ./lucie tokenizer report nano')
    .action(async (recipe: string) => {
      process.stdout.write(await readFile(await stageDir(recipe, 'tokenizer', 'report.json'), 'utf8'));
    });
  return verb;
}
