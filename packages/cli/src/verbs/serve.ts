import { Command } from 'commander';
import { DEFAULT_QUANTIZATION, findModel } from '../model-file.ts';
import { numberIn } from '../options/number-in.ts';
import { untilInterrupted } from '../until-interrupted.ts';

interface ServeOptions {
  port: number;
  host: string;
  quantization: string;
}

/** `lucie serve [MODEL…]` */
export function serveVerb(): Command {
  return new Command('serve')
    .description('serve models to this machine: an OpenAI-compatible API and a page to talk to them')
    .argument('<model...>', "recipes' names, folders or GGUF files")
    .option('--port <n>', 'where to listen', numberIn(0, 65_535, { whole: true }), 8080)
    .option('--host <address>', 'who may connect: 127.0.0.1 is this machine alone', '127.0.0.1')
    .option('--quantization <type>', 'which file of a release: F16, Q8_0 or Q4_0', DEFAULT_QUANTIZATION)
    .addHelpText('after', '\nExample:\n  ./lucie serve nano --port 8080')
    .action(async (names: string[], options: ServeOptions) => {
      const models = await Promise.all(names.map((name) => findModel(name, options.quantization)));
      const [{ serve }, { buildWeb }] = await Promise.all([import('@lucie/server'), import('@lucie/web')]);
      using interrupt = untilInterrupted();
      await serve({
        models,
        port: options.port,
        host: options.host,
        webDir: await buildWeb(),
        signal: interrupt.signal,
        say: (line) => process.stderr.write(`${line}\n`),
      });
    });
}
