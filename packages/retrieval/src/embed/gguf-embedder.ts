import { basename } from 'node:path';
import type { Engine } from '@lucie/inference';
import { sha256File } from '@lucie/ledger';
import type { Embedder } from '../embedder.ts';
import { type Prefixes, withoutPrefixes } from './prefixes.ts';
import { rememberQuestions } from './remember-questions.ts';

/** What is needed of an engine. */
type Reader = Pick<Engine, 'path' | 'info' | 'contextSize' | 'tokenize' | 'embed'>;

/**
 * Any GGUF model as an embedder: one made for it, else the mean over what a model that writes makes of a text, which
 * tells less. Takes turns with whatever else the engine does.
 * @param prefixes - what the model was trained to find in front of a question and of a passage
 * @throws what `Engine.embed` throws; the engine stays the caller's, to be closed after the last use
 */
export async function ggufEmbedder(engine: Reader, prefixes: Prefixes = withoutPrefixes): Promise<Embedder> {
  const longest = Math.min(engine.contextSize, engine.info.contextLength);
  const embed = async (texts: readonly string[], signal?: AbortSignal) => {
    const inputs = texts.map((text) => cut(engine.tokenize(text, { addSpecial: true }), longest));
    return (await engine.embed(inputs, { ...(signal && { signal }) })).vectors;
  };
  const [probe] = await embed([`${prefixes.question}a`]);
  const weights = (await sha256File(engine.path)).slice(0, 16);
  return rememberQuestions({
    name: `gguf ${basename(engine.path)} ${weights} ${JSON.stringify([prefixes.question, prefixes.passage])}`,
    dimension: probe!.length,
    longest,
    tokens: (text) => engine.tokenize(prefixes.passage + text, { addSpecial: true }).length,
    embedQuestion: async (text, signal) => (await embed([prefixes.question + text], signal))[0]!,
    embedPassages: (texts, signal) =>
      embed(
        texts.map((text) => prefixes.passage + text),
        signal,
      ),
  });
}

/** The beginning of a text too long for the model, with the mark that ends it. */
function cut(tokens: Uint32Array, longest: number): Uint32Array {
  if (tokens.length <= longest) return tokens;
  const kept = tokens.slice(0, longest);
  kept[longest - 1] = tokens.at(-1)!;
  return kept;
}
