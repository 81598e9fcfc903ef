import type { Context } from 'hono';

/**
 * A file that somebody sent, given back: saved, never shown as a page of this server. `sandbox` and `nosniff` hold where
 * a browser shows it all the same.
 * @param opts.release - is called once, when nothing more will be read of `parts`
 * @param opts.ended - breaks the answer off
 */
export function fileResponse(
  context: Context,
  parts: AsyncIterable<Uint8Array>,
  opts: { type: string; disposition: string; bytes: number; release: () => void; ended?: AbortSignal },
): Response {
  let open = true;
  const release = () => {
    if (!open) return;
    open = false;
    opts.release();
  };
  const headers = {
    'Content-Type': opts.type,
    'Content-Disposition': opts.disposition,
    'Content-Length': String(opts.bytes),
    'Content-Security-Policy': "sandbox; default-src 'none'; frame-ancestors 'none'",
    'X-Content-Type-Options': 'nosniff',
    'Cache-Control': 'private, no-store',
  };
  if (context.req.method === 'HEAD') {
    release();
    return new Response(null, { headers });
  }
  const iterator = parts[Symbol.asyncIterator]();
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      opts.ended?.addEventListener('abort', () => {
        if (open) controller.error(opts.ended!.reason);
        release();
      });
    },
    async pull(controller) {
      try {
        const { done, value } = await iterator.next();
        if (!open) return;
        if (!done) return controller.enqueue(value);
        controller.close();
      } catch (error) {
        controller.error(error);
      }
      release();
    },
    cancel: release,
  });
  return new Response(body, { headers });
}
