import { explainSystemError, isLucieError } from '@lucie/ledger';
import { Command, CommanderError } from 'commander';
import { benchVerb } from './verbs/bench.ts';
import { chatVerb } from './verbs/chat.ts';
import { corpusVerb } from './verbs/corpus.ts';
import { doctorVerb } from './verbs/doctor.ts';
import { evaluateVerb } from './verbs/evaluate.ts';
import { keysVerb } from './verbs/keys.ts';
import { makeVerb } from './verbs/make.ts';
import { pullVerb } from './verbs/pull.ts';
import { serveVerb } from './verbs/serve.ts';
import { testVerb } from './verbs/test.ts';
import { tokenizerVerb } from './verbs/tokenizer.ts';
import { trainVerb } from './verbs/train.ts';

/** The command line, as a tree of verbs; each verb is a file in `verbs/`. */
export function program(): Command {
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
  for (const verb of [
    makeVerb(),
    chatVerb(),
    serveVerb(),
    keysVerb(),
    pullVerb(),
    corpusVerb(),
    tokenizerVerb(),
    trainVerb(),
    evaluateVerb(),
    benchVerb(),
    doctorVerb(),
    testVerb(),
  ]) {
    root.addCommand(verb);
  }
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
    await program().parseAsync(args, { from: 'user' });
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
