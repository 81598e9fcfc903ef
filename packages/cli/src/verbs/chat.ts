import { createInterface } from 'node:readline';
import type { ChatMessage, Engine } from '@lucie/inference';
import { isLucieError } from '@lucie/ledger';
import { Command } from 'commander';
import { fitConversation } from '../fit-conversation.ts';
import { DEFAULT_QUANTIZATION, findModel } from '../model-file.ts';
import { numberIn } from '../options/number-in.ts';
import { untilInterrupted } from '../until-interrupted.ts';

interface ChatOptions {
  prompt?: string;
  maxTokens: number;
  temperature: number;
  seed?: number;
  quantization: string;
  json?: boolean;
}

/** `lucie chat MODEL [--prompt TEXT]` */
export function chatVerb(): Command {
  return new Command('chat')
    .description('talk to a model in the terminal')
    .argument('<model>', "a recipe's name, a folder, or a GGUF file")
    .option('--prompt <text>', 'one question; the answer goes to standard output')
    .option('--max-tokens <n>', 'length of an answer at most', numberIn(1, 100_000, { whole: true }), 256)
    .option('--temperature <t>', '0 always takes the likeliest word', numberIn(0, 2), 0)
    .option('--seed <n>', 'makes sampled answers repeatable', numberIn(0, 2 ** 32 - 1, { whole: true }))
    .option('--quantization <type>', 'which file of a release: F16, Q8_0 or Q4_0', DEFAULT_QUANTIZATION)
    .option('--json', 'end with one JSON object (with --prompt)')
    .addHelpText(
      'after',
      '\nA pipe is read line by line, each line a question of its own.\n\nExamples:\n  ./lucie chat nano --prompt "Quelle est la capitale de la France ?"\n  ./lucie chat nano < questions.txt',
    )
    .action(chat);
}

async function chat(model: string, options: ChatOptions): Promise<void> {
  const file = await findModel(model, options.quantization);
  const { Engine } = await import('@lucie/inference');
  await using engine = await Engine.load(file.gguf, {});
  const messages: ChatMessage[] = [];
  if (options.prompt !== undefined) {
    messages.push({ role: 'user', content: options.prompt });
    const answer = await say(engine, messages, options);
    process.stdout.write('\n');
    if (options.json)
      console.log(JSON.stringify({ model: file.name, answer: answer.text, finish: answer.finish }));
    return;
  }
  if (!process.stdin.isTTY) {
    await answerLines(engine, options);
    return;
  }
  const { intro, isCancel, log, outro, text } = await import('@clack/prompts');
  intro(`${file.name} · modèle de recherche : il se trompe souvent, ne vous y fiez pas · Ctrl-C pour finir`);
  for (;;) {
    const question = await text({ message: 'Vous', placeholder: 'Quelle est la capitale de la France ?' });
    if (isCancel(question) || !question?.trim()) break;
    messages.push({ role: 'user', content: question });
    const room = { contextSize: engine.contextSize, answer: options.maxTokens };
    const forgotten = fitConversation(messages, (kept) => engine.chatPrompt(kept).tokens.length, room);
    if (forgotten > 0) log.info('La conversation est longue : le modèle en oublie le début.');
    if (messages.length === 0) {
      log.warn('Cette question est trop longue pour le modèle : raccourcissez-la.');
      continue;
    }
    const answer = await say(engine, messages, options);
    process.stdout.write('\n\n');
    messages.push({ role: 'assistant', content: answer.text });
  }
  outro('Au revoir.');
}

/** Questions from a pipe or a file: each line one of its own, so that any number of them fits into the context. */
async function answerLines(engine: Engine, options: ChatOptions): Promise<void> {
  let number = 0;
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
    number++;
    if (!line.trim()) continue;
    try {
      const answer = await say(engine, [{ role: 'user', content: line }], options);
      process.stdout.write('\n');
      if (answer.finish === 'cancelled') return;
    } catch (error) {
      if (!isLucieError(error) || error.code !== 'PROMPT_TOO_LONG') throw error;
      // An empty line in its place, so that the answers stay beside their questions.
      process.stdout.write('\n');
      process.stderr.write(`lucie: line ${number}: ${error.message}\n`);
      process.exitCode = 1;
    }
  }
}

async function say(
  engine: Engine,
  messages: ChatMessage[],
  options: ChatOptions,
): Promise<{ text: string; finish: string }> {
  using interrupt = untilInterrupted();
  const { tokens } = engine.chatPrompt(messages);
  const generation = engine.generate({
    tokens,
    maxTokens: options.maxTokens,
    temperature: options.temperature,
    ...(options.seed === undefined ? {} : { seed: options.seed }),
    signal: interrupt.signal,
  });
  let answer = '';
  for await (const { text: piece } of generation) {
    process.stdout.write(piece);
    answer += piece;
  }
  return { text: answer, finish: generation.finishReason ?? 'cancelled' };
}
