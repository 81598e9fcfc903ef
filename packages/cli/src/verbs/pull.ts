import type { StoredModel } from '@lucie/hub';
import { cacheDir, LucieError, terminalProgress } from '@lucie/ledger';
import { Command } from 'commander';
import { byteSize } from '../options/byte-size.ts';
import { numberIn } from '../options/number-in.ts';
import { textTable } from '../text-table.ts';
import { untilInterrupted } from '../until-interrupted.ts';

interface PullVerbOptions {
  list?: boolean;
  remove?: boolean;
  quota?: number;
  connections: number;
  offline?: boolean;
  json?: boolean;
}

const HELP = `
REF is owner/name[:QUANTIZATION or file.gguf][@revision]. Without a quantisation the only GGUF file is taken, else
Q4_K_M (four bits: a 7B model fits into 8 GB of memory), else Q8_0. A split model comes with all its parts.

HF_TOKEN opens models with terms to accept; HF_ENDPOINT names another hub; HF_HUB_OFFLINE=1 allows no connection.
A pull that was stopped or killed goes on where it was when it is called again.

Example:
  ./lucie pull OpenLLM-France/Lucie-7B-Instruct-v1.1-gguf:Q4_K_M
  ./lucie serve OpenLLM-France/Lucie-7B-Instruct-v1.1-gguf:Q4_K_M
  ./lucie pull --list`;

/** `lucie pull REF`, `lucie pull --list`, `lucie pull --remove REF` */
export function pullVerb(): Command {
  return new Command('pull')
    .description('fetch a GGUF model from a Hugging Face-compatible hub, with resume and hash check')
    .argument('[ref]', 'owner/name[:QUANTIZATION or file.gguf][@revision]')
    .option('--list', 'show the models that were pulled')
    .option('--remove', 'take REF away from this machine')
    .option(
      '--quota <size>',
      'what all pulled models may take, e.g. 20G (2 GB of the disk stay free anyway)',
      byteSize,
    )
    .option('--connections <n>', 'ranges fetched at the same time', numberIn(1, 32, { whole: true }), 4)
    .option('--offline', 'no connection: verify what is there, or say what is missing')
    .option('--json', 'end with one JSON object')
    .addHelpText('after', HELP)
    .action(pull);
}

async function pull(ref: string | undefined, options: PullVerbOptions, command: Command): Promise<void> {
  refuseUnused(ref, options, command);
  if (options.list) return list(options);
  if (ref === undefined) {
    throw new LucieError({
      code: 'MODEL_REFERENCE',
      found: 'no model named',
      expected: 'owner/name, owner/name:Q4_K_M or owner/name:file.gguf',
      todo: 'name one, or call with --list',
      exitCode: 2,
    });
  }
  const hub = await import('@lucie/hub');
  const reference = hub.parseModelReference(ref);
  using interrupt = untilInterrupted();
  const { signal } = interrupt;
  const onWait = () =>
    console.error('  another process is at work on this model, or on the quota: waiting for it …');
  if (options.remove) {
    using _lock = await hub.lockRepo({ type: 'model', name: reference.repo }, { cacheDir, signal, onWait });
    const bytes = await hub.removePulledModel(reference, { cacheDir, all: !ref.includes('@') });
    console.log(`${hub.modelReferenceText(reference)} is gone: ${hub.gigabytes(bytes)}`);
    if (options.json) console.log(JSON.stringify({ removed: hub.modelReferenceText(reference), bytes }));
    return;
  }
  const model = await hub.pullModel(reference, {
    cacheDir,
    signal,
    progress: terminalProgress(),
    connections: options.connections,
    quotaBytes: options.quota,
    offline: options.offline,
    onWait,
    onLicence: (licence) =>
      console.error(
        `  licence: ${licence ?? 'none named on the model card: ask its makers before you use it'}`,
      ),
  });
  const bytes = model.files.reduce((sum, file) => sum + file.bytes, 0);
  console.log(`${model.gguf} (${hub.gigabytes(bytes)}, verified)`);
  console.log(`Serve it: ./lucie serve ${model.reference}`);
  if (options.json) console.log(JSON.stringify(model));
}

/** Options that would do nothing are mistakes. */
function refuseUnused(ref: string | undefined, options: PullVerbOptions, command: Command): void {
  const mode = options.list ? 'list' : options.remove ? 'remove' : undefined;
  if (mode === undefined) return;
  const given = Object.keys(options).filter((name) => command.getOptionValueSource(name) === 'cli');
  const unused = given.filter((name) => name !== mode && name !== 'json').map((name) => `--${name}`);
  if (mode === 'list' && ref !== undefined) unused.unshift(ref);
  if (unused.length === 0) return;
  throw new LucieError({
    code: 'OPTION_INVALID',
    found: `${unused.join(', ')} beside --${mode}`,
    expected: mode === 'list' ? '--list alone' : '--remove with the model alone',
    todo: 'leave it away',
    exitCode: 2,
  });
}

async function list(options: PullVerbOptions): Promise<void> {
  const { gigabytes, listModels, listUnfinished } = await import('@lucie/hub');
  const models = listModels(cacheDir);
  const unfinished = await listUnfinished(cacheDir);
  const lines = [
    ...models.flatMap(rows),
    ...unfinished.map(({ repo, commit, bytes }) => [
      repo,
      '(unfinished or damaged)',
      gigabytes(bytes),
      '—',
      commit.slice(0, 12),
    ]),
  ];
  if (lines.length === 0) console.log('No model was pulled yet: ./lucie pull owner/name');
  else for (const line of textTable(['model', 'file', 'size', 'licence', 'commit'], lines)) console.log(line);
  if (options.json) {
    const shown = models.map(({ dir, manifest }) => ({ ...manifest, dir }));
    console.log(JSON.stringify({ models: shown, unfinished }));
  }

  function rows({ manifest }: StoredModel): string[][] {
    return Object.entries(manifest.files)
      .filter(([path]) => /\.gguf$/i.test(path))
      .map(([path, { bytes }]) => [
        manifest.repo,
        path,
        gigabytes(bytes),
        manifest.licence ?? '—',
        manifest.commit.slice(0, 12),
      ]);
  }
}
