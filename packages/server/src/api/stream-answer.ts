import type { Context } from 'hono';
import { toApiError } from './api-error.ts';
import type { Choices } from './choices.ts';
import { ChunkWriter } from './chunk-writer.ts';
import { eventResponse } from './event-response.ts';
import { EventStream } from './event-stream.ts';
import type { Gate } from './gate.ts';
import type { Wording } from './wording.ts';

/** So long an answer that has not begun is held back, so that an error can still be a plain HTTP status. */
const HOLD_MS = 1000;
/** Longest silence on an open stream: proxies close what is silent for half a minute. */
const KEEP_ALIVE_MS = 15_000;

/**
 * Answers with a stream of chunks. Whoever waits in line is told his place, in comments (`: place 3`) and once in the
 * header `X-Queue-Place`. An error before anything was sent is thrown; a later one is an event with an `error`.
 * @param opts.leave - is called when the client goes away
 * @param opts.close - is called once, when nothing more will be written, with what went wrong if something did
 */
export async function streamAnswer(
  context: Context,
  choices: Choices,
  opts: {
    wording: Wording;
    model: string;
    gate: Gate | null;
    logprobs: boolean;
    includeUsage: boolean;
    leave: () => void;
    close: (error?: unknown) => void;
  },
): Promise<Response> {
  const events = new EventStream();
  const writer = new ChunkWriter(events, opts.wording, { ...opts, choices: choices.count });
  const begun = Promise.withResolvers<void>();
  let open = false;
  events.onGone = opts.leave;

  const hold = setTimeout(begun.resolve, HOLD_MS);
  const alive = setInterval(() => {
    if (open) events.comment(place(choices));
  }, KEEP_ALIVE_MS);
  choices.onPlace = () => {
    if (open && !writer.opened) events.comment(place(choices));
  };
  const stop = (error?: unknown) => {
    clearTimeout(hold);
    clearInterval(alive);
    opts.close(error);
  };
  choices
    .run({
      piece(index, chunk) {
        writer.piece(index, chunk);
        if (!open && writer.opened) begun.resolve();
      },
      end: (index, reason) => writer.end(index, reason),
    })
    .then(
      () => {
        writer.finish(choices, opts.gate);
        stop();
        begun.resolve();
      },
      (error: unknown) => {
        opts.leave();
        stop(error);
        if (!open && !writer.opened) return begun.reject(error);
        events.send(JSON.stringify(toApiError(error).body()));
        events.end();
      },
    );

  await begun.promise;
  clearTimeout(hold);
  open = true;
  const waiting = choices.place;
  if (waiting > 0 && !writer.opened) events.comment(place(choices));
  return eventResponse(context, events, waiting > 0 ? { 'X-Queue-Place': String(waiting) } : {});
}

function place(choices: Choices): string {
  return `place ${choices.place}`;
}
