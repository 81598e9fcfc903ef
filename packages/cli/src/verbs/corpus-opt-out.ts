import { bytesText, type CorpusVersion, describeOptOut, type OptOutResult, optOutOf } from '@lucie/corpus';
import { runsDir } from '@lucie/ledger';
import { openRecipe } from '@lucie/recipes';
import { Command } from 'commander';
import { nearest } from '../nearest.ts';
import { plainSpaces } from '../text-table.ts';

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
  const { present, others, unknown } = result;
  const noted = opts.dryRun
    ? 'a dry run: nothing is written'
    : result.written
      ? `noted in ${result.file}`
      : `already in ${result.file}`;
  const lines = [`${describeOptOut(result.optOut)}: ${noted}`, ''];
  if (present) lines.push(...describeCorpus(present));
  else lines.push(`${opts.recipe} has no corpus yet: nothing can be looked up in it.`);
  for (const corpus of others) lines.push(...describeCorpus(corpus));
  lines.push(...describeModels(result));
  if (unknown.length > 0) lines.push('Models whose corpus is no longer here, so that nobody can tell:');
  for (const { folder, stage } of unknown) lines.push(`  ${folder} (${stage})`);
  if (!opts.dryRun) lines.push('', `Build the corpus without them: ${opts.next}`);
  return `${lines.join('\n')}\n`;
}

/** Says of models no more than what was looked up allows. */
function describeModels({ present, others, models }: OptOutResult): string[] {
  if (models.length > 0) {
    return [
      '',
      'Models trained on a corpus with them:',
      ...models.map(({ folder, stage, corpora }) => `  ${folder} (${stage}), from ${corpora.join(', ')}`),
    ];
  }
  if (others.length > 0 || (present && !isEmpty(present))) return ['', 'No model here was trained on them.'];
  return present ? ['', 'Nothing here matches: is it spelt so?'] : [];
}

function isEmpty({ matches: { training, heldOut, rejected } }: CorpusVersion): boolean {
  return training.documents + heldOut.documents + rejected === 0;
}

function describeCorpus({ folder, finished, matches }: CorpusVersion): string[] {
  const { training, heldOut, sources, rejected } = matches;
  return [
    `${folder} of ${finished.slice(0, 10)}: ${count(training.documents)} (${size(training.bytes)}) for training, ${heldOut.documents} held out, ${rejected} among those refused`,
    ...sources.map(({ source, documents, bytes }) => `  ${source}: ${count(documents)}, ${size(bytes)}`),
  ];
}

function size(bytes: number): string {
  return plainSpaces(bytesText(bytes, 'en'));
}

function count(documents: number): string {
  return documents === 1 ? '1 document' : `${documents.toLocaleString('en')} documents`;
}
