import { join } from 'node:path';
import type { EngineOptions } from '@lucie/inference';
import { isLucieError, stderrLogger } from '@lucie/ledger';
import type { ServeOptions } from '@lucie/server';
import { Command } from 'commander';
import { DEFAULT_QUANTIZATION, findModel } from '../model-file.ts';
import { byteSize } from '../options/byte-size.ts';
import { numberIn } from '../options/number-in.ts';
import { describeSources } from '../options/origins.ts';
import { DEFAULT_STATE } from '../options/state-dir.ts';
import { untilInterrupted } from '../until-interrupted.ts';

interface ServeVerbOptions {
  port: number;
  host: string;
  quantization: string;
  state: string;
  /** True for --keys, false for --no-keys, absent for neither. */
  keys?: boolean;
  sequences?: number;
  context?: number;
  cacheTokens?: number;
  threads?: number;
  memory?: number;
  idleMinutes?: number;
  maxRooms?: number;
  maxDocuments?: number;
  maxRoomSize?: number;
  maxWaiting: number;
  allowOrigin: string[];
  allowHost: string[];
  warm: string[];
  grace: number;
  log: boolean;
  json?: boolean;
}

const HELP = `
Others can connect once --host names another address than this machine's own; the server then asks for keys
(./lucie keys create), unless --no-keys is said. The whole story: docs/how-to/serve-a-class.md

Examples:
  ./lucie serve nano --port 8080
  ./lucie serve nano --host 0.0.0.0 --sequences 8 --warm cours.txt
  ./lucie serve nano OpenLLM-France/Lucie-7B-Instruct-v1.1-gguf:Q4_K_M --memory 8G --idle-minutes 10`;

/** `lucie serve MODEL…` */
export function serveVerb(): Command {
  const count = (most: number) => numberIn(1, most, { whole: true });
  const collect = (text: string, earlier: string[]) => [...earlier, text];
  return new Command('serve')
    .description('serve models: an OpenAI-compatible API and a page to talk to them')
    .argument(
      '<model...>',
      "recipes' names, folders, GGUF files, or what was pulled; the first is loaded at once",
    )
    .option('--port <n>', 'where to listen, 0 for any free port', numberIn(0, 65_535, { whole: true }), 8080)
    .option(
      '--host <address>',
      '127.0.0.1 is this machine alone, 0.0.0.0 everybody who can reach it',
      '127.0.0.1',
    )
    .option('--keys', 'ask for a key on this machine too')
    .option('--no-keys', 'ask for none, whoever connects')
    .option('--state <dir>', 'the folder of the keys and of the rooms with documents', DEFAULT_STATE)
    .option('--sequences <n>', 'answers written at the same time, e.g. 8; default 4', count(255))
    .option(
      '--context <tokens>',
      "of one conversation, answer included, e.g. 4096; default the model's, at most 4096",
      count(1 << 24),
    )
    .option(
      '--cache-tokens <n>',
      'tokens in memory, of all together, e.g. 16384; default four contexts',
      count(1 << 24),
    )
    .option('--threads <n>', 'that decode; default the idle physical cores', count(512))
    .option('--memory <size>', 'what all models together may take, e.g. 6G; default what is free', byteSize)
    .option(
      '--idle-minutes <n>',
      'unload a model after so long, 0 for never; default 0 for one model, 30 for several',
      // What a timer of Node can wait is 35,791 minutes.
      numberIn(0, 35_000),
    )
    .option(
      '--max-waiting <n>',
      'answers in line before others are asked to come back later',
      numberIn(0, 100_000, { whole: true }),
      250,
    )
    .option('--max-rooms <n>', 'rooms with documents, of all together; default 200', count(100_000))
    .option('--max-documents <n>', 'documents in a room; default 300', count(100_000))
    .option('--max-room-size <size>', 'files of a room, of all together, e.g. 500M; default 1G', byteSize)
    .option('--warm <file>', 'a course, read in advance by the first model; may be repeated', collect, [])
    .option('--allow-origin <url>', 'a web site whose pages may call the API; may be repeated', collect, [])
    .option('--allow-host <name>', 'a name by which browsers reach this server; may be repeated', collect, [])
    .option('--grace <seconds>', 'time for answers under way when it stops', numberIn(0, 3600), 30)
    .option('--log', 'a line of JSON per request on standard error, without texts, names or addresses', false)
    .option('--quantization <type>', 'which file of a release: F16, Q8_0 or Q4_0', DEFAULT_QUANTIZATION)
    .option('--json', 'one line of JSON with the URL once it is ready')
    .addHelpText('after', HELP)
    .action(serveModels);
}

async function serveModels(names: string[], options: ServeVerbOptions, command: Command): Promise<void> {
  const say = (line: string) => process.stderr.write(`${line}\n`);
  const models = await Promise.all(names.map((name) => findModel(name, options.quantization)));
  const server = await import('@lucie/server');
  const origins = options.allowOrigin.map(server.parseOrigin);
  const policy = options.keys === undefined ? undefined : options.keys ? 'required' : 'none';
  const keys = server.keysAsked(policy, options.host, new server.KeyStore(options.state));
  for (const line of describeSources(command)) say(line);
  const log = stderrLogger();
  // What went wrong is said in any case.
  log.level = options.log ? 'info' : 'error';
  using interrupt = untilInterrupted();
  const settled: ServeOptions = {
    models,
    port: options.port,
    host: options.host,
    allowedHosts: options.allowHost,
    allowedOrigins: origins,
    engine: engineOptions(options),
    maxActive: (options.sequences ?? 4) + options.maxWaiting,
    warm: options.warm,
    roomsDir: join(options.state, 'rooms'),
    roomLimits: {
      ...(options.maxRooms === undefined ? {} : { rooms: options.maxRooms }),
      ...(options.maxDocuments === undefined ? {} : { documents: options.maxDocuments }),
      ...(options.maxRoomSize === undefined ? {} : { bytes: options.maxRoomSize }),
    },
    graceMs: options.grace * 1000,
    log,
    signal: interrupt.signal,
    say,
  };
  const webDir = await page(say);
  if (webDir !== undefined) settled.webDir = webDir;
  if (keys) settled.keys = keys;
  if (options.memory !== undefined) settled.memoryBytes = options.memory;
  if (options.idleMinutes !== undefined) {
    settled.idleMs = options.idleMinutes === 0 ? Number.POSITIVE_INFINITY : options.idleMinutes * 60_000;
  }
  if (options.json) settled.ready = (ready) => console.log(JSON.stringify(ready));
  await server.serve(settled);
}

/** The built page. Where it cannot be built, as by a service that may not write, the API is served all the same. */
async function page(say: (line: string) => void): Promise<string | undefined> {
  const { buildWeb } = await import('@lucie/web');
  try {
    return await buildWeb();
  } catch (error) {
    if (!isLucieError(error)) throw error;
    say(`No page: ${error.message}`);
    return undefined;
  }
}

/** What each model's engine is told of these options. */
export function engineOptions(
  options: Pick<ServeVerbOptions, 'sequences' | 'context' | 'cacheTokens' | 'threads' | 'maxWaiting'>,
): EngineOptions {
  // The server refuses at the same length; with 0 nobody waits there, and the engine's own least is 1.
  const engine: EngineOptions = { maxWaiting: Math.max(1, options.maxWaiting) };
  if (options.sequences !== undefined) engine.sequences = options.sequences;
  if (options.context !== undefined) engine.contextSize = options.context;
  if (options.cacheTokens !== undefined) engine.cacheTokens = options.cacheTokens;
  if (options.threads !== undefined) engine.threads = options.threads;
  return engine;
}
