import { ApiError } from '../api/api-error.ts';

/** How much rooms may take of a server. */
export interface RoomLimits {
  /** Rooms of the server, all together. */
  rooms: number;
  /** Documents in a room. */
  documents: number;
  /** The files of a room's documents, all together. */
  bytes: number;
  /** Milliseconds in which nothing comes of an upload, or nothing is taken of a download: then it is broken off. */
  stallMs: number;
}

/** A school's year: search stays quick in rooms of this size, and a copy of one fits on any key. */
export const DEFAULT_ROOM_LIMITS: RoomLimits = {
  rooms: 200,
  documents: 300,
  bytes: 1 << 30,
  stallMs: 30_000,
};

/**
 * Whether a room takes one more document.
 * @param bytes - of its file; 0 while it is not known
 * @throws ApiError 409 `room_full`
 */
export function demandPlace(
  documents: readonly { bytes: number }[],
  bytes: number,
  limits: Pick<RoomLimits, 'documents' | 'bytes'>,
): void {
  if (documents.length >= limits.documents) throw roomFull(`${limits.documents} documents`);
  const held = documents.reduce((sum, document) => sum + document.bytes, 0);
  if (held + bytes > limits.bytes) throw roomFull(`${Math.floor(limits.bytes / 2 ** 20)} MiB of files`);
}

function roomFull(limit: string): ApiError {
  return new ApiError({
    status: 409,
    code: 'room_full',
    param: 'file',
    message: `This room holds at most ${limit}; remove a document, or make another room.`,
  });
}

/** @throws ApiError 409 `too_many_rooms` */
export function demandRoom(rooms: number, limits: Pick<RoomLimits, 'rooms'>): void {
  if (rooms < limits.rooms) return;
  throw new ApiError({
    status: 409,
    code: 'too_many_rooms',
    message: `This server holds at most ${limits.rooms} rooms; erase one that is no longer needed.`,
  });
}
