import { createServer, type ServerOptions } from './create-server.ts';

/**
 * Serves until `signal` fires, then stops gently: what `./lucie serve` does once its models are loaded.
 * The caller frees the models afterwards.
 * @param opts.say - is given lines for people: where the page is, that the server stops
 * @throws LucieError `PORT_IN_USE` and the other reasons of `listen`
 */
export async function serve(
  opts: ServerOptions & {
    port: number;
    host?: string;
    signal: AbortSignal;
    say: (line: string) => void;
  },
): Promise<void> {
  const { port, host, signal, say, ...options } = opts;
  const server = createServer(options);
  const { url, close } = await server.listen({ port, ...(host === undefined ? {} : { host }) });
  try {
    const names = options.models.map((model) => model.name).join(', ');
    if (options.webDir) say(`Page   ${url}/`);
    say(`API    ${url}/v1   (models: ${names})`);
    if (host && !isLoopback(host)) {
      say(
        'Anybody on this network can use the model: there is no password. Use --host 127.0.0.1 for this machine only.',
      );
    }
    say('Ctrl-C stops it.');
    if (!signal.aborted)
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    say('Stopping…');
  } finally {
    await close();
  }
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}
