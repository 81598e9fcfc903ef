import type { silentLogger } from '@lucie/ledger';
import type { Context } from 'hono';
import type { AnswerFigures } from '../operate/answer-figures.ts';
import type { RoomDesk } from '../rooms/room-desk.ts';
import type { ActiveGenerations } from './active-generations.ts';
import type { ModelList } from './model-list.ts';

/** What the routes share. */
export interface RouteTools {
  models: ModelList;
  active: ActiveGenerations;
  /** Rooms with documents. */
  rooms: RoomDesk;
  /** Told names, sizes and times; never what people write. */
  log: typeof silentLogger;
  /** The only models that this request may see; undefined: all of them. */
  allowed: (context: Context) => readonly string[] | undefined;
  /** What the engine is told of the room that a request names. */
  roomOf: (context: Context, named: string | null | undefined) => string | undefined;
  /**
   * Sets aside the most tokens that this request may take, until `answered` or `notAnswered`.
   * @throws ApiError 429 `rate_limit_exceeded`
   */
  setAside: (context: Context, tokens: number) => void;
  /** Told of every answer at its end, once, however it ended. */
  answered: (context: Context, figures: AnswerFigures) => void;
  /** Told of a request whose answer never began; harmless after `answered`. */
  notAnswered: (context: Context) => void;
}
