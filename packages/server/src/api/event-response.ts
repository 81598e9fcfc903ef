import type { ServerResponse } from 'node:http';
import type { Context, MiddlewareHandler } from 'hono';
import type { EventStream } from './event-stream.ts';

/** A reader who takes nothing for so long is gone: even while nothing is written, comments come more often. */
const UNREAD_MS = 60_000;

const streams = new WeakMap<Context, EventStream>();

/** The head of an event stream; `sendEventStreams` gives it its body when every other middleware has seen it. */
export function eventResponse(
  context: Context,
  stream: EventStream,
  headers: Record<string, string>,
): Response {
  streams.set(context, stream);
  return new Response(null, {
    headers: {
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-cache, no-store',
      'X-Accel-Buffering': 'no',
      ...headers,
    },
  });
}

/**
 * Mount it first, so that it runs last. Over HTTP it writes to Node's own response: a web stream costs some ten times
 * as much for each token. In-process (`app.request`) the body is a web stream.
 */
export const sendEventStreams: MiddlewareHandler = async (context, next) => {
  await next();
  const stream = streams.get(context);
  // An error handler may have answered in the stream's place.
  if (!stream || !context.res.headers.get('content-type')?.startsWith('text/event-stream')) return;
  const outgoing = (context.env as { outgoing?: ServerResponse } | undefined)?.outgoing;
  if (outgoing) {
    outgoing.writeHead(context.res.status, Object.fromEntries(context.res.headers));
    attachNode(stream, outgoing);
    context.res = new Response(null, { headers: { 'x-hono-already-sent': 'true' } });
  } else {
    context.res = new Response(webBody(stream), context.res);
  }
};

function attachNode(stream: EventStream, outgoing: ServerResponse): void {
  outgoing.on('drain', () => stream.drained());
  outgoing.on('close', () => {
    if (!outgoing.writableFinished) stream.leave();
  });
  // A write after the reader left; `close` follows and tells what is to be told.
  outgoing.on('error', () => {});
  if (outgoing.destroyed) {
    stream.leave();
    return;
  }
  outgoing.setTimeout(UNREAD_MS, () => outgoing.destroy());
  stream.attach({
    write: (text) => outgoing.write(text),
    end: () => outgoing.end(),
    drop: () => outgoing.destroy(),
  });
  // With the first event where there is one, else at once.
  if (!outgoing.headersSent) outgoing.flushHeaders();
}

function webBody(stream: EventStream): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let blocked = false;
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        stream.attach({
          write(text) {
            controller.enqueue(encoder.encode(text));
            blocked = (controller.desiredSize ?? 0) <= 0;
            return !blocked;
          },
          end: () => controller.close(),
          drop: () => controller.error(new Error('the reader is too slow')),
        });
      },
      pull() {
        if (!blocked) return;
        blocked = false;
        stream.drained();
      },
      cancel: () => stream.leave(),
    },
    new ByteLengthQueuingStrategy({ highWaterMark: 16_384 }),
  );
}
