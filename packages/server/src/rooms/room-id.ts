import { randomBytes } from 'node:crypto';

/** What a room is called as a model. */
const MODEL_PREFIX = 'room:';

/** 96 random bits: nobody finds a room by guessing. */
export function newRoomId(): string {
  return randomBytes(12).toString('hex');
}

/** Ids become file names: whatever else might be a path is none. */
export function isRoomId(text: string): boolean {
  return /^[A-Za-z0-9_-]{1,64}$/.test(text);
}

export function roomModel(id: string): string {
  return MODEL_PREFIX + id;
}

/** The id of the room that a model's name stands for; undefined for a model that is none. */
export function roomOfModel(model: string): string | undefined {
  return model.startsWith(MODEL_PREFIX) ? model.slice(MODEL_PREFIX.length) : undefined;
}
