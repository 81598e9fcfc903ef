import type { ModelChunk } from './chat-model.ts';
import type { Choices } from './choices.ts';
import type { Gate } from './gate.ts';
import { answerHead, type Wording } from './wording.ts';

/** An answer as one JSON object, when all its choices have ended. */
export async function wholeAnswer(
  choices: Choices,
  opts: { wording: Wording; model: string; gate: Gate | null; logprobs: boolean },
): Promise<object> {
  const { wording } = opts;
  const written = Array.from({ length: choices.count }, () => ({
    text: '',
    chunks: [] as ModelChunk[],
    finishReason: '',
  }));
  await choices.run({
    piece(index, chunk) {
      const choice = written[index]!;
      choice.text += chunk.text;
      if (opts.logprobs) choice.chunks.push(chunk);
    },
    end(index, finishReason) {
      written[index]!.finishReason = finishReason;
    },
  });
  return {
    ...answerHead(wording, opts.model),
    object: wording.wholeObject,
    choices: written.map(({ text, chunks, finishReason }, index) => {
      const logprobs = opts.logprobs ? wording.logprobs(chunks, 0) : null;
      return wording.whole(index, text, { logprobs, finishReason });
    }),
    usage: choices.usage(),
    lucie: choices.lucie(opts.gate),
  };
}
