import { Engine } from '@lucie/inference';
import { silentLogger } from '@lucie/ledger';
import { readGate } from './api/gate.ts';
import { fixedModel } from './api/served-model.ts';
import { createServer, type ServerOptions } from './create-server.ts';

/** A GGUF file to serve under a name. */
export interface ModelFile {
  name: string;
  gguf: string;
  /** `runs/<recipe>`, when the model is one of ours. */
  runDir?: string;
}

/**
 * Loads models and serves them until `signal` fires, then stops gently and frees them: all of `./lucie serve`.
 * @param opts.runDir - the run that the page shows; default: that of the first model that has one
 * @param opts.say - is given lines for people: where the page is, that the server stops
 * @throws LucieError of `Engine.load`; `PORT_IN_USE` and the other reasons of `listen`
 */
export async function serve(
  opts: Omit<ServerOptions, 'models'> & {
    models: ModelFile[];
    port: number;
    host?: string;
    signal: AbortSignal;
    say: (line: string) => void;
  },
): Promise<void> {
  const { models: files, port, host = '127.0.0.1', signal, say, ...options } = opts;
  const runDir = options.runDir ?? files.find((file) => file.runDir)?.runDir;
  await using engines = new AsyncDisposableStack();
  const models = [];
  for (const { name, gguf } of files) {
    models.push(
      fixedModel(
        name,
        engines.use(await Engine.load(gguf)),
        await readGate(gguf, options.log ?? silentLogger),
      ),
    );
  }
  const server = createServer({ ...options, models, ...(runDir === undefined ? {} : { runDir }) });
  const { url, close } = await server.listen({ port, host });
  try {
    if (options.webDir) say(`Page   ${url}/`);
    say(`API    ${url}/v1   (${models.map((model) => model.name).join(', ')})`);
    if (!isLoopback(host)) {
      say(
        'Anybody on this network can use it: there is no password. --host 127.0.0.1 keeps it to this machine.',
      );
    }
    say('Ctrl-C stops it.');
    if (!signal.aborted) {
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    }
    say('Stopping …');
  } finally {
    await close();
  }
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}
