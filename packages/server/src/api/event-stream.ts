import { toApiError } from './api-error.ts';

/**
 * Server-sent events as OpenAI's clients read them: one `data:` line of JSON per value, then `[DONE]`. An error after
 * the first byte comes as one event with an `error`, since the status has already been sent.
 *
 * Values are read as fast as they come, whatever the speed of the client: a slow reader must not hold the engine, and
 * what waits is bounded by the model's context.
 * @param close - is called once, when the last value was read, or when the client went away
 */
export function eventStream(
  values: AsyncIterable<object>,
  opts: { cancel: () => void; close: (error?: unknown) => void },
): Response {
  const encoder = new TextEncoder();
  let gone = false;
  const body = new ReadableStream<Uint8Array>({
    async start(controller) {
      const send = (data: string) => {
        if (!gone) controller.enqueue(encoder.encode(`data: ${data}\n\n`));
      };
      let failure: unknown;
      try {
        for await (const value of values) send(JSON.stringify(value));
        send('[DONE]');
      } catch (error) {
        failure = error;
        send(JSON.stringify(toApiError(error).body()));
      }
      opts.close(failure);
      if (!gone) controller.close();
    },
    cancel() {
      gone = true;
      opts.cancel();
    },
  });
  return new Response(body, {
    headers: {
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-cache, no-store',
      'X-Accel-Buffering': 'no',
    },
  });
}
