import type { HubConnection } from '../hub-connection.ts';
import type { HubFile } from '../hub-file.ts';
import type { HubRepo } from '../hub-repo.ts';
import { Retry } from '../retry.ts';
import { OddAnswer, openRange, RangeIgnored } from './open-range.ts';
import { otherFile } from './other-file.ts';
import type { Part, PartFile } from './part-file.ts';

export interface FillOptions {
  connection: HubConnection;
  signal: AbortSignal;
  /** Told the bytes of the file that are on disk. */
  onBytes(bytes: number): void;
  retryDelayMs: number;
  /** Ranges that are fetched at the same time. */
  connections: number;
  stallMs: number;
}

/**
 * Fetches every part that is not complete. What came is saved, also when this fails.
 * @throws LucieError `HUB_FILE_DAMAGED` where the server keeps giving something else, and what the network throws
 */
export async function fillParts(
  repo: HubRepo,
  file: HubFile,
  opts: FillOptions & { into: PartFile },
): Promise<void> {
  const { into } = opts;
  for (let whole = false; ; ) {
    try {
      await fillOnce(repo, file, { ...opts, whole });
      return;
    } catch (error) {
      if (error instanceof RangeIgnored && !whole) {
        whole = true;
        await into.reset({ whole });
      } else if (error instanceof OddAnswer) {
        throw otherFile(repo, { file, found: error.message });
      } else {
        throw error;
      }
    }
  }
}

async function fillOnce(
  repo: HubRepo,
  file: HubFile,
  opts: FillOptions & { into: PartFile; whole: boolean },
): Promise<void> {
  const { into } = opts;
  const missing = into.parts.filter(({ start, end, done }) => start + done < end);
  const stop = new AbortController();
  const signal = AbortSignal.any([opts.signal, stop.signal]);
  let failure: { error: unknown } | undefined;
  const work = async () => {
    let saved = Promise.resolve();
    try {
      for (let part = missing.shift(); part && !failure; part = missing.shift()) {
        await fillPart(repo, file, { ...opts, signal, part });
        // The next part comes while this one is synced.
        await saved;
        saved = into.save();
        saved.catch(() => {});
      }
      await saved;
    } catch (error) {
      failure ??= { error };
      stop.abort(error);
    }
  };
  await Promise.all(Array.from({ length: Math.min(opts.connections, missing.length) }, work));
  if (!failure) return;
  await into.save();
  opts.signal.throwIfAborted();
  throw failure.error;
}

/** Brings one part to its end, over as many connections as that takes. */
async function fillPart(
  repo: HubRepo,
  file: HubFile,
  opts: FillOptions & { into: PartFile; whole: boolean; part: Part },
): Promise<void> {
  const { into, part } = opts;
  const retry = new Retry(opts);
  const length = part.end - part.start;
  for (let most = part.done; part.done < length; ) {
    try {
      // Without ranges a dropped connection means: from the beginning.
      if (opts.whole) part.done = 0;
      const from = part.start + part.done;
      const asked = { ...opts, from, to: part.end };
      const { etag, chunks } = await openRange(repo, file, asked);
      into.sent(etag);
      for await (const chunk of chunks) {
        opts.signal.throwIfAborted();
        if (part.done + chunk.length > length) throw new OddAnswer('is longer');
        await into.write(part, chunk);
        opts.onBytes(into.bytes);
      }
      if (part.done < length) throw new Error('the connection dropped');
    } catch (error) {
      if (error instanceof RangeIgnored) throw error;
      // Only what was never there before counts as progress: else a server that always breaks is asked for ever.
      if (part.done > most) retry.progressed();
      most = Math.max(most, part.done);
      await retry.after(error);
    }
  }
}
