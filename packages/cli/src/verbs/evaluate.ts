import { resolve } from 'node:path';
import { terminalProgress } from '@lucie/ledger';
import { recipeNames } from '@lucie/recipes';
import { Command } from 'commander';
import { stageDir } from '../stage-dir.ts';

/** `lucie evaluate run MODEL` */
export function evaluateVerb(): Command {
  const verb = new Command('evaluate').description('scores of a model');
  verb
    .command('run')
    .description('score a model folder in Hugging Face format, or the instruct model of a recipe')
    .argument('<model>', "a recipe's name or a folder")
    .option(
      '--data <dir>',
      "text to measure bits per byte on: a folder of .txt files, or a corpus stage's (default: the recipe's own)",
    )
    .option('--json', 'end with one JSON object')
    .addHelpText('after', '\nExample:\n  ./lucie evaluate run nano')
    .action(async (model: string, options: { data?: string; json?: boolean }) => {
      const ours = recipeNames().includes(model);
      const dir = ours ? await stageDir(model, 'instruct') : resolve(model);
      const data = options.data ? resolve(options.data) : ours ? await stageDir(model, 'corpus') : undefined;
      const { setUpEngine } = await import('../setup/engine.ts');
      await setUpEngine();
      const { evaluateModel } = await import('@lucie/evaluation');
      const scores = await evaluateModel(dir, {
        progress: terminalProgress(),
        ...(data ? { data } : {}),
      });
      for (const task of scores.tasks) {
        process.stderr.write(
          `${task.name}: ${task.metric} ${task.value.toFixed(4)} [${task.low.toFixed(4)}, ${task.high.toFixed(4)}], n = ${task.n}\n`,
        );
      }
      if (options.json) console.log(JSON.stringify(scores));
    });
  return verb;
}
