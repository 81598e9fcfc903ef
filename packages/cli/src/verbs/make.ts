import { join, relative } from 'node:path';
import {
  LucieError,
  projectRoot,
  runStages,
  runsDir,
  stageFolder,
  terminalProgress,
  totalEnergy,
} from '@lucie/ledger';
import { Command } from 'commander';
import { describeOrigins } from '../options/origins.ts';
import { parseSetting, type Setting } from '../options/set.ts';
import { settledRecipe } from '../options/settled-recipe.ts';
import { stagesWithText } from '../setup/whole-text.ts';
import { untilInterrupted } from '../until-interrupted.ts';

interface MakeOptions {
  until?: string;
  set: Setting[];
  json?: boolean;
}

/** `lucie make RECIPE [--until STAGE] [--set a.b=c]` */
export function makeVerb(): Command {
  return new Command('make')
    .description(
      'build a model from its recipe: every stage that is not there yet, resuming what was stopped',
    )
    .argument('<recipe>', 'the name of a file in recipes/, e.g. nano')
    .option('--until <stage>', 'stop after this stage')
    .option(
      '--set <name=value>',
      'change one option of the recipe; may be repeated',
      (text: string, earlier: Setting[]) => [...earlier, parseSetting(text)],
      [] as Setting[],
    )
    .option('--json', 'end with one JSON object')
    .addHelpText('after', '\nExample:\n  ./lucie make nano --until base --set base.steps=100')
    .action(make);
}

async function make(name: string, options: MakeOptions): Promise<void> {
  const began = performance.now();
  const say = (line: string) => process.stderr.write(`${line}\n`);
  const { written, file, recipe, stagesOf, checkMachine } = await settledRecipe(name, options.set);
  const names = stagesOf(recipe).map((stage) => stage.name);
  const last = options.until ? names.indexOf(options.until) : names.length - 1;
  if (last < 0) {
    throw new LucieError({
      code: 'STAGE_UNKNOWN',
      found: `the unknown stage ${options.until}`,
      expected: `one of ${names.join(', ')}`,
      todo: 'correct --until',
      exitCode: 2,
    });
  }
  const wanted = names.slice(0, last + 1);
  await checkMachine(wanted, runsDir);
  const progress = terminalProgress();
  using interrupt = untilInterrupted();
  const stages = (await stagesWithText(recipe, stagesOf, { progress, signal: interrupt.signal })).slice(
    0,
    last + 1,
  );
  const runDir = join(runsDir, recipe.name);
  const { manifests, built } = await runStages(runDir, stages, {
    recipe: recipe.name,
    progress,
    say,
    signal: interrupt.signal,
    async prepare() {
      say(`${recipe.name}: ${recipe.description}`);
      say(`options of ${file}:`);
      for (const line of describeOrigins(recipe, { ...written }, options.set)) say(line);
      if (wanted.length === 1) return;
      const { setUpEngine } = await import('../setup/engine.ts');
      // Ctrl-C reaches pip, npm and g++ as well: that they failed then is no finding.
      await setUpEngine(progress).catch((error: unknown) => {
        throw interrupt.signal.aborted ? interrupt.signal.reason : error;
      });
      say('Set-up: everything is here; no network is needed from now on');
    },
  });
  const folder = relative(projectRoot, join(runDir, stageFolder(stages.length - 1, stages.at(-1)!)));
  const seconds = (performance.now() - began) / 1000;
  const memory = process.resourceUsage().maxRSS / 1e6;
  if (built === 0) say(`${recipe.name}: all is there, every file as its manifest says: ${folder}`);
  else {
    const { joules, method } = totalEnergy(manifests);
    const measured = method === 'rapl' ? 'measured' : 'estimate';
    say(
      `${recipe.name}: done in ${(seconds / 60).toFixed(1)} min, ${memory.toFixed(1)} GB at most in this process, ${(joules / 3.6e6).toFixed(3)} kWh (${measured}): ${folder}`,
    );
  }
  if (stages.length === names.length) {
    say(
      `\nTalk to it:\n  ./lucie chat ${recipe.name}\n  ./lucie serve ${recipe.name}     then open http://127.0.0.1:8080`,
    );
  }
  if (options.json) {
    const result = {
      recipe: recipe.name,
      folder,
      built,
      seconds: Number(seconds.toFixed(1)),
      peakGigabytes: Number(memory.toFixed(2)),
      digest: manifests.at(-1)!.digest,
    };
    console.log(JSON.stringify(result));
  }
}
