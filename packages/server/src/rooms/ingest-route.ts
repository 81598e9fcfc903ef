import type { Context } from 'hono';
import { ApiError, toApiError } from '../api/api-error.ts';
import { cancelled } from '../api/choices.ts';
import type { RouteTools } from '../api/route-tools.ts';
import { readUpload, type Upload } from './read-upload.ts';
import type { RoomDesk } from './room-desk.ts';
import { demandPlace } from './room-limits.ts';
import { documentObject } from './room-objects.ts';
import { roomParam } from './room-routes.ts';
import type { RoomUse } from './room-store.ts';

/**
 * `POST /v1/rooms/{room}/documents`: reads a file in a thread of its own and adds it, whole or not at all. One at a time
 * in each room; ends when the client goes away, the room is erased or the server stops.
 */
export async function addDocument(context: Context, tools: RouteTools): Promise<Response> {
  const { rooms } = tools;
  using use = await rooms.use(context, roomParam(context));
  using _place = rooms.uploads.take();
  using work = tools.active.begin(context.req.raw.signal);
  const signal = AbortSignal.any([work.signal, use.open.erased.signal]);
  try {
    const { limits } = rooms.store;
    // Before a byte is read.
    demandPlace(use.open.room.documents(), 0, limits);
    const upload = await readUpload(context, signal, limits.stallMs);
    using _turn = await use.open.readings.take(signal);
    return context.json(await ingest(rooms, use, { upload, signal }));
  } catch (error) {
    if (!signal.aborted) throw toApiError(error);
    throw signal.reason instanceof ApiError ? signal.reason : cancelled();
  }
}

async function ingest(
  { store, readers }: RoomDesk,
  { open }: RoomUse,
  opts: { upload: Upload; signal: AbortSignal },
): Promise<object> {
  const { signal } = opts;
  const { name, bytes } = opts.upload;
  const { parseDocument } = await store.grounding();
  // Hashed first: a reader may take the bytes with it into its thread.
  const sha256 = Buffer.from(await crypto.subtle.digest('SHA-256', bytes)).toString('hex');
  const size = bytes.length;
  let parsed: Awaited<ReturnType<typeof parseDocument>>;
  {
    using _turn = await readers.take(signal);
    parsed = await parseDocument(bytes, name, { signal });
  }
  using _alone = await open.change(signal);
  const known = open.record.keeps(sha256);
  if (!known) demandPlace(open.room.documents(), size, store.limits);
  let wanted = known;
  try {
    if (!known) await open.record.keep(sha256, bytes);
    signal.throwIfAborted();
    const { document, duplicate } = await open.room.add(parsed, { name, sha256, bytes: size }, signal);
    wanted = document.sha256 === sha256;
    return { ...documentObject(document, open.scannedPages(document)), duplicate };
  } finally {
    // Left in between, or the same text as another file.
    if (!wanted) open.record.drop(sha256);
  }
}
