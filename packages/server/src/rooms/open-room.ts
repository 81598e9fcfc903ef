import type { Embedder, Room, RoomDocument } from '@lucie/retrieval';
import type { Grounding } from './retrieval.ts';
import { RoomRecord } from './room-record.ts';
import { Turns } from './turns.ts';

/** A room whose file is open. */
export class OpenRoom implements Disposable {
  readonly room: Room;
  readonly record: RoomRecord;
  /** Whoever has a document read: one at a time, while others ask, remove and export. */
  readonly readings = new Turns(1);
  #changes = new Turns(1);
  /** By document: pages that are pictures. */
  #scanned = new Map<string, number[]>();
  #embedder: Embedder | undefined;
  /** The making of missing vectors; undefined when none is made. */
  #catchingUp: { stop: AbortController; done: Promise<void> } | undefined;
  /** Fires when the room is being erased: whoever is at work in it ends. */
  readonly erased = new AbortController();
  #uses = 0;
  #idle: (() => void)[] = [];

  /** @throws LucieError those of `Room.open` */
  constructor(path: string, room: Room, embedder: Embedder | undefined) {
    this.room = room;
    this.#embedder = embedder;
    this.record = new RoomRecord(path);
    // What a cut-off upload left.
    this.record.keepOnly(room.documents().map(({ sha256 }) => sha256));
  }

  static open(grounding: Grounding, path: string, embedder: Embedder | undefined): OpenRoom {
    const room = grounding.Room.open(path, embedder ? { embedder } : {});
    try {
      return new OpenRoom(path, room, embedder);
    } catch (error) {
      room[Symbol.dispose]();
      throw error;
    }
  }

  /** What questions are compared with just now. */
  get search(): 'words' | 'words-and-meaning' {
    return this.room.searching.method === 'hybrid' ? 'words-and-meaning' : 'words';
  }

  /** The same, once its vectors are made. */
  get willSearch(): 'words' | 'words-and-meaning' {
    return this.#embedder && this.room.searching.why === undefined ? 'words-and-meaning' : this.search;
  }

  /**
   * Whoever changes the documents does so alone, until the returned thing is disposed.
   * @throws the signal's reason, once it fires while waiting
   */
  async change(signal: AbortSignal): Promise<Disposable> {
    const interrupted = this.#catchingUp;
    interrupted?.stop.abort();
    const resume = () => void interrupted?.done.then(() => this.catchUp(() => {}));
    try {
      const turn = await this.#changes.take(signal);
      return {
        [Symbol.dispose]: () => {
          turn[Symbol.dispose]();
          resume();
        },
      };
    } catch (error) {
      resume();
      throw error;
    }
  }

  /** Pages of a document that are pictures: looked for once, since that takes the whole of it. */
  scannedPages({ document, sha256, scannedPages }: RoomDocument): readonly number[] {
    if (scannedPages === 0) return [];
    let pages = this.#scanned.get(sha256);
    if (!pages) {
      const parsed = this.room.document(document)?.parsed.pages ?? [];
      pages = parsed.filter(({ scanned }) => scanned).map(({ page }) => page);
      this.#scanned.set(sha256, pages);
    }
    return pages;
  }

  /**
   * Makes the vectors that passages lack, as in a room from a server without an embedder; a change goes first.
   * @param failed - is told why it could not; the room is then searched by words
   */
  async catchUp(failed: (error: unknown) => void): Promise<void> {
    const embedder = this.#embedder;
    if (!embedder || this.#catchingUp || this.erased.signal.aborted) return;
    const stop = new AbortController();
    const done = this.#embedMissing(embedder, AbortSignal.any([stop.signal, this.erased.signal]), failed);
    this.#catchingUp = { stop, done };
    await done;
  }

  async #embedMissing(
    embedder: Embedder,
    signal: AbortSignal,
    failed: (error: unknown) => void,
  ): Promise<void> {
    using _use = this.use();
    try {
      using _alone = await this.#changes.take(signal);
      await this.room.embedMissing(embedder, { signal });
    } catch (error) {
      if (!signal.aborted) failed(error);
    } finally {
      this.#catchingUp = undefined;
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
