import type { Context } from 'hono';

/**
 * A file that somebody sent, given back: saved, never shown as a page of this server. `sandbox` and `nosniff` hold where
 * a browser shows it all the same.
 * @param opts.release - is called once, when nothing more will be read of `parts`
 * @param opts.stallMs - whoever takes nothing for so long is gone: what is held for the answer is let go
 * @param opts.ended - breaks the answer off
 */
export function fileResponse(
  context: Context,
  parts: AsyncIterable<Uint8Array>,
  opts: {
    type: string;
    disposition: string;
    bytes: number;
    stallMs: number;
    release: () => void;
    ended?: AbortSignal;
  },
): Response {
  const headers = {
    'Content-Type': opts.type,
    'Content-Disposition': opts.disposition,
    'Content-Length': String(opts.bytes),
    'Content-Security-Policy': "sandbox; default-src 'none'; frame-ancestors 'none'",
    'X-Content-Type-Options': 'nosniff',
    'Cache-Control': 'private, no-store',
  };
  if (context.req.method === 'HEAD') {
    opts.release();
    return new Response(null, { headers });
  }
  return new Response(bodyOf(parts, opts), { headers });
}

function bodyOf(
  parts: AsyncIterable<Uint8Array>,
  { stallMs, release, ended }: { stallMs: number; release: () => void; ended?: AbortSignal },
): ReadableStream<Uint8Array> {
  const iterator = parts[Symbol.asyncIterator]();
  let open = true;
  let unread: NodeJS.Timeout | undefined;
  let breakOff = () => {};
  const end = () => {
    if (!open) return;
    open = false;
    clearTimeout(unread);
    ended?.removeEventListener('abort', breakOff);
    release();
  };
  return new ReadableStream<Uint8Array>({
    start(controller) {
      breakOff = () => {
        if (open) controller.error(ended?.aborted ? ended.reason : new Error('nobody reads on'));
        end();
      };
      ended?.addEventListener('abort', breakOff, { once: true });
    },
    async pull(controller) {
      clearTimeout(unread);
      try {
        const { done, value } = await iterator.next();
        if (!open) return;
        if (!done) {
          controller.enqueue(value);
          unread = setTimeout(breakOff, stallMs).unref();
          return;
        }
        controller.close();
      } catch (error) {
        controller.error(error);
      }
      end();
    },
    cancel: end,
  });
}
