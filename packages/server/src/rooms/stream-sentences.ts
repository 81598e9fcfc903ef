import type { AnswerSentence } from '@lucie/retrieval';
import type { Context } from 'hono';
import { toApiError } from '../api/api-error.ts';
import { eventResponse } from '../api/event-response.ts';
import { EventStream } from '../api/event-stream.ts';
import type { RoomAnswer } from './ask-room.ts';

/** So long an answer that has not begun is held back, so that an error can still be a plain HTTP status. */
const HOLD_MS = 1000;
/** Longest silence on an open stream: proxies close what is silent for half a minute. */
const KEEP_ALIVE_MS = 15_000;

/** How a route words an answer as events. */
export interface SentenceWording {
  opening?: () => object[];
  sentence: (sentence: AnswerSentence) => object[];
  end: (answer: RoomAnswer) => object[];
}

/**
 * Answers with a stream of a room's sentences. An error before anything was sent is thrown; a later one is an event
 * with an `error`.
 * @param left - is aborted when the client goes away
 */
export async function streamSentences(
  context: Context,
  answer: AsyncGenerator<AnswerSentence, RoomAnswer>,
  opts: { wording: SentenceWording; left: AbortController },
): Promise<Response> {
  const { wording, left } = opts;
  const events = new EventStream();
  let sent = false;
  const send = (parts: readonly object[]) => {
    for (const part of parts) events.send(JSON.stringify(part));
    sent ||= parts.length > 0;
  };
  events.onGone = () => left.abort(new Error('client went away'));
  let open = false;
  const begun = Promise.withResolvers<void>();
  const hold = setTimeout(begun.resolve, HOLD_MS);
  const alive = setInterval(() => open && events.comment('…'), KEEP_ALIVE_MS);
  const run = async () => {
    let opened = false;
    for (;;) {
      const next = await answer.next();
      if (!opened) send(wording.opening?.() ?? []);
      opened = true;
      if (next.done) return send(wording.end(next.value));
      send(wording.sentence(next.value));
      begun.resolve();
    }
  };
  run()
    .then(
      () => {
        events.send('[DONE]');
        events.end();
        begun.resolve();
      },
      (error: unknown) => {
        if (!open && !sent) return begun.reject(error);
        events.send(JSON.stringify(toApiError(error).body()));
        events.end();
      },
    )
    .finally(() => {
      clearTimeout(hold);
      clearInterval(alive);
    });
  await begun.promise;
  open = true;
  return eventResponse(context, events, {});
}

/** Runs an answer to its end. */
export async function wholeRoomAnswer(
  answer: AsyncGenerator<AnswerSentence, RoomAnswer>,
  onSentence: (sentence: AnswerSentence) => void = () => {},
): Promise<RoomAnswer> {
  for (;;) {
    const next = await answer.next();
    if (next.done) return next.value;
    onSentence(next.value);
  }
}
