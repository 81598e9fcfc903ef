import { type FileHandle, open, rm } from 'node:fs/promises';
import type { Context } from 'hono';
import { readBody } from '../api/request-body.ts';
import type { RouteTools } from '../api/route-tools.ts';
import { attachment, documentName } from './document-name.ts';
import { fileResponse } from './file-response.ts';
import { roomObject } from './room-objects.ts';
import { roomRequest } from './room-shapes.ts';
import type { RoomUse } from './room-store.ts';

export function roomParam(context: Context): string {
  return context.req.param('room') ?? '';
}

/** `GET /v1/rooms`. */
export async function listRooms(context: Context, { rooms }: RouteTools): Promise<Response> {
  const found = await rooms.visible(context);
  return context.json({ object: 'list', data: found.map((facts) => roomObject(facts, rooms)) });
}

/** `POST /v1/rooms`. */
export async function createRoom(context: Context, { rooms }: RouteTools): Promise<Response> {
  const { name } = await readBody(context, roomRequest);
  return context.json(roomObject(await rooms.create(context, name), rooms));
}

/** `GET /v1/rooms/{room}`. */
export async function showRoom(context: Context, { rooms }: RouteTools): Promise<Response> {
  using use = await rooms.use(context, roomParam(context));
  return context.json(roomObject(use.facts, rooms));
}

/** `DELETE /v1/rooms/{room}`: the room's files are gone when this answers. */
export async function eraseRoom(context: Context, { rooms }: RouteTools): Promise<Response> {
  const id = roomParam(context);
  await rooms.erase(context, id);
  return context.json({ id, object: 'room.deleted', deleted: true });
}

/** `GET /v1/rooms/{room}/export`: the whole room as one SQLite file, without what was removed from it. */
export async function exportRoom(context: Context, { rooms }: RouteTools): Promise<Response> {
  using use = await rooms.use(context, roomParam(context));
  const signal = AbortSignal.any([context.req.raw.signal, use.open.erased.signal]);
  await using held = new AsyncDisposableStack();
  held.use(rooms.exports.take());
  const copy = held.use(await exportedCopy(use, rooms.store.exportPath(), signal));
  const { size } = await copy.stat();
  const untilRead = held.move();
  return fileResponse(context, copy.createReadStream({ autoClose: false }), {
    type: 'application/vnd.sqlite3',
    disposition: attachment(`${documentName(use.facts.name.replace(/[/\\]/g, '-'))}.sqlite`),
    bytes: size,
    stallMs: rooms.store.limits.stallMs,
    release: () => void untilRead.disposeAsync(),
  });
}

/** A copy that lives as long as it is being read, and has no name by which it could stay behind. */
async function exportedCopy(use: RoomUse, path: string, signal: AbortSignal): Promise<FileHandle> {
  try {
    using _alone = await use.open.change(signal);
    await use.open.room.copyTo(path, signal);
    return await open(path);
  } finally {
    await rm(path, { force: true });
  }
}
