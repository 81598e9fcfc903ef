import type { HubConnection } from '../hub-connection.ts';
import { HubStatus } from '../hub-error.ts';
import type { HubFile } from '../hub-file.ts';
import { fileAddress, type HubRepo } from '../hub-repo.ts';

/** The server answered a request for a part with the whole. */
export class RangeIgnored extends Error {}

/** An answer that does not belong to the question: a mirror that lags behind, say. Asked again, another may come. */
export class OddAnswer extends Error {}

/** What a server sends of a file. */
export interface Range {
  /** The file's version, as the server names it. */
  etag: string | undefined;
  /** Ends early where the connection drops or the server gives less. */
  chunks: AsyncIterable<Uint8Array>;
}

/**
 * Asks for the bytes [`from`, `to`) of a file. The whole file is asked for without a range, so that servers which know
 * none serve it too.
 * @throws HubStatus; RangeIgnored; OddAnswer; what fetch throws
 */
export async function openRange(
  repo: HubRepo,
  file: HubFile,
  opts: {
    connection: HubConnection;
    signal: AbortSignal;
    from: number;
    to: number;
    /** A connection without a byte for so long is dropped. */
    stallMs: number;
  },
): Promise<Range> {
  const { connection, from, to } = opts;
  const whole = from === 0 && to === file.size;
  const watch = new Watch(opts.stallMs);
  const address = fileAddress(repo, { hubUrl: connection.hubUrl, path: file.path });
  const response = await connection
    .fetch(address, {
      headers: {
        // A compressed answer has another length and no ranges of the file.
        'accept-encoding': 'identity',
        ...(whole ? {} : { range: `bytes=${from}-${to - 1}` }),
        ...(connection.accessToken ? { authorization: `Bearer ${connection.accessToken}` } : {}),
      },
      signal: AbortSignal.any([opts.signal, watch.signal]),
    })
    .catch((error: unknown) => {
      watch.end();
      throw error;
    });
  try {
    checkAnswer(file, { response, from, whole });
  } catch (error) {
    watch.end();
    await response.body?.cancel().catch(() => {});
    throw error;
  }
  return {
    etag: response.headers.get('etag') ?? undefined,
    chunks: watch.over(response.body ?? new ReadableStream()),
  };
}

function checkAnswer(file: HubFile, opts: { response: Response; from: number; whole: boolean }): void {
  const { response, from, whole } = opts;
  const { status, headers } = response;
  if (status === 404) throw new OddAnswer('is listed and not there');
  if (status === 416) throw new OddAnswer('has not the bytes that were asked for');
  if (status !== 200 && status !== 206) throw new HubStatus(response);
  if (status === 200) {
    if (!whole) throw new RangeIgnored('the server sends whole files only');
    const length = headers.get('content-length');
    if (length !== null && !headers.has('content-encoding') && Number(length) !== file.size)
      throw new OddAnswer(`has ${length} bytes`);
    return;
  }
  const sent = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(headers.get('content-range') ?? '');
  if (!sent || Number(sent[1]) !== from) throw new OddAnswer('comes from another place than asked for');
  if (sent[2] !== '*' && Number(sent[2]) !== file.size) throw new OddAnswer(`has ${sent[2]} bytes`);
}

/** Drops a connection on which nothing moves. */
class Watch {
  #control = new AbortController();
  #stallMs: number;
  #timer: NodeJS.Timeout;

  constructor(stallMs: number) {
    this.#stallMs = stallMs;
    this.#timer = this.#start();
  }

  get signal(): AbortSignal {
    return this.#control.signal;
  }

  async *over(body: ReadableStream<Uint8Array>): AsyncIterable<Uint8Array> {
    try {
      for await (const chunk of body) {
        this.end();
        yield chunk;
        // Writing may take its time: only waiting for the server counts.
        this.#timer = this.#start();
      }
    } finally {
      this.end();
    }
  }

  end(): void {
    clearTimeout(this.#timer);
  }

  #start(): NodeJS.Timeout {
    return setTimeout(
      () => this.#control.abort(new Error(`no byte in ${this.#stallMs / 1000} seconds`)),
      this.#stallMs,
    );
  }
}
