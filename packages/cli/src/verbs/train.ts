import { dirname } from 'node:path';
import { Command } from 'commander';
import { numberIn } from '../options/number-in.ts';
import { stageDir } from '../stage-dir.ts';

/** `lucie train explain-step RECIPE STEP` */
export function trainVerb(): Command {
  const verb = new Command('train').description('look into a training run');
  verb
    .command('explain-step')
    .description('which documents a training step saw')
    .argument('<recipe>', 'a recipe whose base model has been made')
    .argument('<step>', 'counted from 0', numberIn(0, 1e9, { whole: true }))
    .option('--json', 'end with one JSON object')
    .addHelpText('after', '\nExample:\n  ./lucie train explain-step nano 100')
    .action(async (recipe: string, step: number, options: { json?: boolean }) => {
      const { explainStep } = await import('@lucie/training');
      const rows = await explainStep(dirname(await stageDir(recipe, 'base')), step);
      for (const [index, row] of rows.entries()) {
        const documents = row.documents.map(({ id, tokens }) => `${id} (${tokens} tokens)`).join(', ');
        process.stderr.write(`row ${index}: ${row.source}, epoch ${row.epoch}: ${documents}\n`);
      }
      if (options.json) console.log(JSON.stringify({ recipe, step, rows }));
    });
  return verb;
}
