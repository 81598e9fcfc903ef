import { explainSystemError, isLucieError } from '@lucie/ledger';
import { Command, CommanderError } from 'commander';

/** Verbs by name, loaded when they are asked for: a server must not carry what only the corpus needs. */
const verbs: Record<string, () => Promise<Command>> = {
  make: async () => (await import('./verbs/make.ts')).makeVerb(),
  chat: async () => (await import('./verbs/chat.ts')).chatVerb(),
  serve: async () => (await import('./verbs/serve.ts')).serveVerb(),
  keys: async () => (await import('./verbs/keys.ts')).keysVerb(),
  pull: async () => (await import('./verbs/pull.ts')).pullVerb(),
  corpus: async () => (await import('./verbs/corpus.ts')).corpusVerb(),
  tokenizer: async () => (await import('./verbs/tokenizer.ts')).tokenizerVerb(),
  train: async () => (await import('./verbs/train.ts')).trainVerb(),
  evaluate: async () => (await import('./verbs/evaluate.ts')).evaluateVerb(),
  bench: async () => (await import('./verbs/bench.ts')).benchVerb(),
  doctor: async () => (await import('./verbs/doctor.ts')).doctorVerb(),
  test: async () => (await import('./verbs/test.ts')).testVerb(),
};

/**
 * The command line, as a tree of verbs; each verb is a file in `verbs/`.
 * @param verb - loads this one alone where there is such a verb, else all: for the help, and for the nearest known name
 */
export async function program(verb?: string): Promise<Command> {
  const root = new Command('lucie')
    .description(
      'LUCIE: an open, French-first language model, from licensed text to a model one can talk to.',
    )
    .addHelpText(
      'after',
      '\nExample:\n  ./lucie make nano        build the smallest model, about 13 minutes on two cores\n  ./lucie chat nano        talk to it',
    )
    .showSuggestionAfterError(true)
    .helpCommand(false);
  const load = verb !== undefined && Object.hasOwn(verbs, verb) ? [verbs[verb]!] : Object.values(verbs);
  for (const each of load) root.addCommand(await each());
  strict(root);
  return root;
}

/** Makes every command throw instead of leaving the process, so that one place decides the exit code. */
function strict(command: Command): void {
  command.exitOverride();
  for (const child of command.commands) strict(child);
}

/**
 * Runs one command line.
 * @returns the exit code: 0 done, 1 failed, 2 wrong use
 */
export async function run(args: string[]): Promise<number> {
  const json = args.includes('--json');
  try {
    const root = await program(args[0]);
    await root.parseAsync(args, { from: 'user' });
    return typeof process.exitCode === 'number' ? process.exitCode : 0;
  } catch (thrown) {
    // Commander has printed its own message, with the nearest known name.
    if (thrown instanceof CommanderError)
      return thrown.exitCode === 0 || thrown.code === 'commander.help' ? 0 : 2;
    const error = explainSystemError(thrown);
    if (error instanceof Error && error.name === 'AbortError') {
      process.stderr.write('\nlucie: stopped; call the same command again to go on from here\n');
      return 1;
    }
    if (!isLucieError(error)) throw error;
    process.stderr.write(`lucie: ${error.message}\n`);
    if (json)
      process.stdout.write(`${JSON.stringify({ error: { code: error.code, message: error.message } })}\n`);
    return error.exitCode;
  }
}
