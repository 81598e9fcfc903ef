import { type CorpusVersion, describeOptOut, type OptOutResult, optOutOf } from '@lucie/corpus';
import { runsDir } from '@lucie/ledger';
import { openRecipe } from '@lucie/recipes';
import { Command } from 'commander';
import { nearest } from '../nearest.ts';

interface OptOutOptions {
  id?: string;
  domain?: string;
  author?: string;
  url?: string;
  reason?: string;
  dryRun?: boolean;
  json?: boolean;
}

/** `lucie corpus opt-out RECIPE` */
export function corpusOptOutVerb(): Command {
  return new Command('opt-out')
    .description('leave a document, a site or an author out of the next version of a corpus')
    .argument('<recipe>', 'the name of a file in recipes/, e.g. nano')
    .option('--id <id>', 'one document, as in the column id')
    .option('--domain <domain>', 'a site with all that is below it: example.fr')
    .option('--author <name>', 'an author; case, accents and the order of names do not matter')
    .option('--url <address>', 'every address that begins like this')
    .option('--reason <text>', 'why, for the record')
    .option('--dry-run', 'show what would fall, and write nothing')
    .option('--json', 'end with one JSON object')
    .addHelpText('after', '\nExample:\n  ./lucie corpus opt-out nano --domain example.fr --dry-run')
    .action(optOut);
}

async function optOut(name: string, options: OptOutOptions): Promise<void> {
  const { written: recipe } = await openRecipe(name, (known) => nearest(name, known));
  const { json, dryRun = false, ...wish } = options;
  const since = new Date().toISOString().slice(0, 10);
  const result = await optOutOf({ ...wish, since }, { runsDir, recipe: recipe.name, dryRun });
  const next = `./lucie corpus build --recipe ${recipe.name}`;
  process.stderr.write(describe(result, { recipe: recipe.name, dryRun, next }));
  if (json) console.log(JSON.stringify({ ...result, dryRun, next }));
}

function describe(result: OptOutResult, opts: { recipe: string; dryRun: boolean; next: string }): string {
  const { present, others, models, unknown } = result;
  const noted = opts.dryRun
    ? 'a dry run: nothing is written'
    : result.written
      ? `noted in ${result.file}`
      : `already in ${result.file}`;
  const lines = [`${describeOptOut(result.optOut)}: ${noted}`, ''];
  if (present) lines.push(...describeCorpus(present));
  else lines.push(`${opts.recipe} has no corpus yet.`);
  for (const corpus of others) lines.push(...describeCorpus(corpus));
  lines.push(
    '',
    models.length === 0 ? 'No model here was trained on them.' : 'Models trained on a corpus with them:',
  );
  for (const { folder, stage, corpora } of models)
    lines.push(`  ${folder} (${stage}), from ${corpora.join(', ')}`);
  if (unknown.length > 0) lines.push('Models whose corpus is no longer here, so that nobody can tell:');
  for (const { folder, stage } of unknown) lines.push(`  ${folder} (${stage})`);
  if (!opts.dryRun) lines.push('', `Build the corpus without them: ${opts.next}`);
  return `${lines.join('\n')}\n`;
}

function describeCorpus({ folder, finished, matches }: CorpusVersion): string[] {
  const { training, heldOut, sources, rejected } = matches;
  return [
    `${folder} of ${finished.slice(0, 10)}: ${count(training.documents)} (${kilobytes(training.bytes)}) for training, ${heldOut.documents} held out, ${rejected} among those refused`,
    ...sources.map(({ source, documents, bytes }) => `  ${source}: ${count(documents)}, ${kilobytes(bytes)}`),
  ];
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(1)} kB`;
}

function count(documents: number): string {
  return documents === 1 ? '1 document' : `${documents.toLocaleString('en')} documents`;
}
