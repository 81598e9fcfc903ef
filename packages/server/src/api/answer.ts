import type { Context } from 'hono';
import type { ActiveGenerations } from './active-generations.ts';
import { eventStream } from './event-stream.ts';
import type { PreparedGeneration, Usage } from './generation.ts';

/** How one endpoint words a generation. */
export interface AnswerShape {
  /** Fields that every chunk and the whole answer share: id, created, model. */
  head: Record<string, unknown>;
  chunkObject: string;
  wholeObject: string;
  /** Chunks before the first text. */
  opening: object[];
  textChoice(text: string): object;
  endChoice(finishReason: string): object;
  wholeChoice(text: string, finishReason: string): object;
}

/**
 * Answers a request from a prepared generation, as one JSON object or as a stream of chunks. Either way the generation
 * ends when the client goes away or the server stops.
 * @param events - the generation, once it has a signal
 */
export async function answer(
  context: Context,
  events: PreparedGeneration,
  opts: {
    shape: AnswerShape;
    active: ActiveGenerations;
    stream: boolean;
    includeUsage: boolean;
    done: (usage: Usage | undefined) => void;
  },
): Promise<Response> {
  const { shape } = opts;
  const left = new AbortController();
  const turn = opts.active.begin(AbortSignal.any([context.req.raw.signal, left.signal]));
  let usage: Usage | undefined;
  const close = () => {
    turn[Symbol.dispose]();
    opts.done(usage);
  };

  if (!opts.stream) {
    try {
      let text = '';
      let finishReason = 'stop';
      for await (const event of events(turn.signal)) {
        if ('text' in event) text += event.text;
        else ({ finishReason, usage } = event);
      }
      return context.json({
        ...shape.head,
        object: shape.wholeObject,
        choices: [shape.wholeChoice(text, finishReason)],
        usage,
      });
    } finally {
      close();
    }
  }

  // With `include_usage` every chunk but the last has a null usage.
  const chunk = (choices: object[], used: Usage | null) => ({
    ...shape.head,
    object: shape.chunkObject,
    choices,
    ...(opts.includeUsage ? { usage: used } : {}),
  });
  const chunks = async function* () {
    for (const choice of shape.opening) yield chunk([choice], null);
    for await (const event of events(turn.signal)) {
      if ('text' in event) yield chunk([shape.textChoice(event.text)], null);
      else {
        usage = event.usage;
        yield chunk([shape.endChoice(event.finishReason)], null);
      }
    }
    if (opts.includeUsage && usage) yield chunk([], usage);
  };
  return eventStream(chunks(), { cancel: () => left.abort(new Error('client went away')), close });
}
