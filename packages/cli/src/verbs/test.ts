import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { LucieError, projectRoot } from '@lucie/ledger';
import { Command } from 'commander';
import { nearest } from '../nearest.ts';
import { installChromium } from '../setup/chromium.ts';
import { LAYERS } from '../test/imports.ts';
import { runVitest } from '../test/run-vitest.ts';

interface TestOptions {
  all?: boolean;
  faults?: boolean;
  json?: boolean;
}

/** `lucie test [PACKAGE…] [--all] [--faults]` */
export function testVerb(): Command {
  return new Command('test')
    .description('run the tests: the fast ones, or all of them (browser, kill loops, whole recipes)')
    .argument('[package...]', 'only these packages')
    .option('--all', 'also the slow tests; installs what they need, or skips them with a counted reason')
    .option('--faults', 'plant the faults that each package lists, and demand that its tests catch them')
    .option('--json', 'end with one JSON object')
    .addHelpText('after', '\nExample:\n  ./lucie test tokenizer model')
    .action(async (packages: string[], options: TestOptions) => {
      for (const name of packages) {
        if (!LAYERS.includes(name)) {
          const near = nearest(name, LAYERS);
          throw new LucieError({
            code: 'PACKAGE_UNKNOWN',
            found: `the unknown package ${name}`,
            expected: near ? `a known one, perhaps ${near}` : `one of ${LAYERS.join(', ')}`,
            todo: 'correct the name',
            exitCode: 2,
          });
        }
      }
      const { setUpEngine } = await import('../setup/engine.ts');
      await setUpEngine();
      if (options.faults) return testFaults(packages.length > 0 ? packages : LAYERS, options);
      if (options.all) {
        await installChromium();
        const { fetchText } = await import('../setup/text.ts');
        await fetchText('nano');
        const { setUpEmbedder } = await import('../setup/embedder.ts');
        await setUpEmbedder();
      }
      const filters = packages.map((name) =>
        existsSync(join(projectRoot, 'packages', name)) ? `packages/${name}/` : `${name}/`,
      );
      const { code } = await runVitest(projectRoot, filters, { all: options.all === true });
      if (options.json) console.log(JSON.stringify({ ok: code === 0 }));
      process.exitCode = code === 0 ? 0 : 1;
    });
}

async function testFaults(packages: string[], options: TestOptions): Promise<void> {
  const { plantFaults } = await import('../test/faults.ts');
  const { caught, missed } = await plantFaults(projectRoot, packages, { say: (line) => console.log(line) });
  console.log(`${caught} caught, ${missed.length} missed`);
  if (options.json) console.log(JSON.stringify({ caught, missed }));
  process.exitCode = missed.length === 0 ? 0 : 1;
}
