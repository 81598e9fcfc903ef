import { availableParallelism } from 'node:os';
import { join, relative } from 'node:path';
import {
  corpusOrder,
  corpusSteps,
  corpusWorkDir,
  parseShard,
  runSteps,
  type Shard,
  submitToSlurm,
} from '@lucie/corpus';
import {
  cacheDir,
  LucieError,
  projectRoot,
  runStages,
  runsDir,
  stageFolder,
  terminalProgress,
} from '@lucie/ledger';
import type { ResolvedRecipe } from '@lucie/recipes';
import { Command, Option } from 'commander';
import { nearest } from '../nearest.ts';
import { numberIn } from '../options/number-in.ts';
import { parseSetting, type Setting } from '../options/set.ts';
import { settledRecipe } from '../options/settled-recipe.ts';
import { stagesWithText } from '../setup/whole-text.ts';
import { untilInterrupted } from '../until-interrupted.ts';
import { summariseReport } from './corpus-report.ts';

interface BuildOptions {
  recipe: string;
  set: Setting[];
  step?: string;
  shard?: Shard;
  workers?: number;
  memory: number;
  slurm?: boolean;
  shards: number;
  json?: boolean;
}

const EXAMPLES = `
Examples:
  ./lucie corpus build --recipe micro
  ./lucie corpus build --recipe micro --step read --shard 2/8     one of eight processes; then the next step
  ./lucie corpus build --recipe lucie-7b --slurm --shards 500     job arrays; call again to go on after a failure`;

/** `lucie corpus build --recipe RECIPE [--step S] [--shard i/n] [--slurm]` */
export function corpusBuildVerb(): Command {
  return new Command('build')
    .description('make the corpus of a recipe: read, clean, deduplicate, decontaminate, weigh, report')
    .requiredOption('--recipe <name>', 'the name of a file in recipes/, e.g. micro')
    .option(
      '--set <name=value>',
      'change one option of the recipe; may be repeated',
      (text: string, earlier: Setting[]) => [...earlier, parseSetting(text)],
      [] as Setting[],
    )
    .option('--step <name>', 'only this step of the pipeline')
    .option('--shard <i/n>', 'with --step: only every n-th unit of its work, from the i-th on', parseShard)
    .option('--workers <n>', 'processes (default: one per core)', numberIn(1, 1024, { whole: true }))
    .option(
      '--memory <MB>',
      'what one process may hold of the data',
      numberIn(64, 1e6, { whole: true }),
      1024,
    )
    .addOption(
      new Option('--slurm', 'submit job arrays to Slurm instead of working here').conflicts([
        'step',
        'shard',
        'workers',
      ]),
    )
    .option('--shards <n>', "tasks of Slurm's job arrays", numberIn(1, 100_000, { whole: true }), 8)
    .option('--json', 'end with one JSON object')
    .addHelpText('after', EXAMPLES)
    .action(build);
}

async function build(options: BuildOptions): Promise<void> {
  if (options.shard && options.step === undefined) throw shardAlone();
  const { recipe, stagesOf, checkMachine } = await settledRecipe(options.recipe, options.set);
  await checkMachine(['corpus'], runsDir);
  using interrupt = untilInterrupted();
  const progress = terminalProgress();
  const workers = options.workers === undefined ? {} : { workers: options.workers };
  const corpus = { ...workers, memoryBytes: options.memory * 1e6 };
  const stages = await stagesWithText(recipe, stagesOf, {
    ...{ progress, signal: interrupt.signal, machine: { corpus } },
  });
  if (options.slurm) return submit(recipe, options);
  if (options.step !== undefined) return buildPart(recipe, options, interrupt.signal);
  const stage = stages[0]!;
  const dir = join(runsDir, recipe.name);
  const say = (line: string) => process.stderr.write(`${line}\n`);
  const { manifests, built } = await runStages(dir, [stage], {
    ...{ recipe: recipe.name, progress, say, signal: interrupt.signal },
  });
  const folder = join(dir, stageFolder(0, stage));
  say(await summariseReport(folder));
  if (built === 0) say(`All was there, every file as its manifest says.`);
  if (options.json)
    console.log(
      JSON.stringify({
        recipe: recipe.name,
        folder: relative(projectRoot, folder),
        built,
        digest: manifests[0]!.digest,
      }),
    );
}

/** One step, or a shard of it: what an array task calls, or a person with several machines. */
async function buildPart(recipe: ResolvedRecipe, options: BuildOptions, signal: AbortSignal): Promise<void> {
  const order = corpusOrder(recipe.corpus, { cacheDir, name: recipe.name });
  const steps = corpusSteps(recipe.corpus, { cacheDir, name: recipe.name });
  const step = knownStep(options.step!, steps);
  const { made, complete } = await runSteps(steps, corpusWorkDir(join(runsDir, recipe.name)), {
    ...{ progress: terminalProgress(), signal, only: step, order },
    workers: options.workers ?? availableParallelism(),
    memoryBytes: options.memory * 1e6,
    ...(options.shard ? { shard: options.shard } : {}),
  });
  process.stderr.write(
    `${recipe.name}: ${made} units made; the step ${step} is ${complete ? 'complete' : 'still missing units of other shards'}\n`,
  );
  if (options.json) console.log(JSON.stringify({ recipe: recipe.name, step, made, complete }));
}

function shardAlone(): LucieError {
  return new LucieError({
    code: 'SHARD_WITHOUT_STEP',
    found: '--shard without --step',
    expected: 'a shard of one step: the next step waits for all shards of the one before',
    todo: 'add --step read, then each step in its order on every machine; or leave --shard out',
    exitCode: 2,
  });
}

function knownStep(name: string, steps: readonly { name: string }[]): string {
  const names = steps.map((step) => step.name);
  if (names.includes(name)) return name;
  const near = nearest(name, names);
  throw new LucieError({
    code: 'STEP_UNKNOWN',
    found: `the unknown step ${name}`,
    expected: near ? `a known one, perhaps ${near}` : `one of ${names.join(', ')}`,
    todo: 'correct --step',
    exitCode: 2,
  });
}

async function submit(recipe: ResolvedRecipe, options: BuildOptions): Promise<void> {
  const base = [join(projectRoot, 'lucie'), 'corpus', 'build', '--recipe', recipe.name];
  const common = [
    ...options.set.flatMap(({ path, value }) => ['--set', `${path.join('.')}=${JSON.stringify(value)}`]),
    ...['--memory', String(options.memory)],
  ];
  const jobs = await submitToSlurm(corpusSteps(recipe.corpus, { cacheDir, name: recipe.name }), {
    root: corpusWorkDir(join(runsDir, recipe.name)),
    shards: options.shards,
    // Measured with 64 MB asked: 0.64 GB at most in any step, 0.81 where `read` has Parquet of long texts.
    taskBytes: options.memory * 1e6 + 1e9,
    name: `lucie-${recipe.name}`,
    commands: {
      shard: (step, shard) => [...base, '--step', step, '--shard', shard, '--workers', '1', ...common],
      finish: () => [...base, '--workers', '1', ...common],
    },
  });
  for (const { id, step, tasks, script } of jobs)
    process.stderr.write(`  job ${id}: ${step}${tasks ? ` (tasks ${tasks})` : ''} · ${script}\n`);
  process.stderr.write(
    `${jobs.length} jobs submitted; squeue shows them. After a failure call the same again: finished units stay.\n`,
  );
  if (options.json) console.log(JSON.stringify({ recipe: recipe.name, jobs }));
}
