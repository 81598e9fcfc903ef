import type { Room } from '@lucie/retrieval';
import type { Grounding } from './retrieval.ts';
import { RoomRecord } from './room-record.ts';
import { Turns } from './turns.ts';

/** A room whose file is open. */
export class OpenRoom implements Disposable {
  readonly room: Room;
  readonly record: RoomRecord;
  /** Whoever changes its documents does so alone. */
  readonly changes = new Turns(1);
  /** Fires when the room is being erased: whoever is at work in it ends. */
  readonly erased = new AbortController();
  #uses = 0;
  #idle: (() => void)[] = [];

  /** @throws LucieError those of `Room.open` */
  constructor(path: string, room: Room) {
    this.room = room;
    this.record = new RoomRecord(path);
    // What a cut-off upload left.
    this.record.keepOnly(room.documents().map(({ sha256 }) => sha256));
  }

  static open(grounding: Grounding, path: string, opts: Parameters<Grounding['Room']['open']>[1]): OpenRoom {
    const room = grounding.Room.open(path, opts);
    try {
      return new OpenRoom(path, room);
    } catch (error) {
      room[Symbol.dispose]();
      throw error;
    }
  }

  get inUse(): boolean {
    return this.#uses > 0;
  }

  /** Keeps it open until the returned thing is disposed. */
  use(): Disposable {
    this.#uses++;
    let held = true;
    return {
      [Symbol.dispose]: () => {
        if (!held) return;
        held = false;
        if (--this.#uses === 0) for (const wake of this.#idle.splice(0)) wake();
      },
    };
  }

  /** Resolves once nobody uses it. */
  async idle(): Promise<void> {
    while (this.#uses > 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  [Symbol.dispose](): void {
    this.record[Symbol.dispose]();
    this.room[Symbol.dispose]();
  }
}
