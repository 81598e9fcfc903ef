import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { isLucieError, type silentLogger } from '@lucie/ledger';
import type { Embedder } from '@lucie/retrieval';
import { ApiError } from '../api/api-error.ts';
import { OpenRoom } from './open-room.ts';
import { type Grounding, loadGrounding } from './retrieval.ts';
import { isRoomId, newRoomId } from './room-id.ts';
import type { RoomFacts } from './room-record.ts';

const SUFFIX = '.sqlite';
/** What is being exported has this name for a moment. */
const EXPORT_SUFFIX = '.export';
/** So many rooms may stay open without being used: each costs a few file handles. */
const KEPT_OPEN = 16;

export interface RoomStoreOptions {
  /** Where each room is one file: made with the first. */
  dir: string;
  /** Makes vectors of passages and questions; absent: search goes by words alone. */
  embedder?: Embedder | undefined;
  log: typeof silentLogger;
  /** For tests. */
  load?: (() => Promise<Grounding>) | undefined;
}

/** A room for the time of a request. */
export interface RoomUse extends Disposable {
  facts: RoomFacts;
  open: OpenRoom;
}

/** All rooms of a server: a folder of SQLite files, which may be copied and put there while the server runs. */
export class RoomStore {
  readonly dir: string;
  /** Takes its turns by itself. */
  readonly embedder: Embedder | undefined;
  #log: typeof silentLogger;
  #load: () => Promise<Grounding>;
  #facts = new Map<string, RoomFacts>();
  /** The most recently used last. */
  #open = new Map<string, OpenRoom>();
  #erasing = new Set<string>();

  constructor(opts: RoomStoreOptions) {
    this.dir = opts.dir;
    this.embedder = opts.embedder;
    this.#log = opts.log;
    this.#load = opts.load ?? loadGrounding;
    // A killed server's.
    for (const name of this.#names()) {
      if (name.includes(`${EXPORT_SUFFIX}.`) || name.endsWith(EXPORT_SUFFIX))
        rmSync(join(this.dir, name), { force: true });
    }
  }

  grounding(): Promise<Grounding> {
    return this.#load();
  }

  /** Every room that can be read, in the order in which they were made. */
  async list(): Promise<RoomFacts[]> {
    const ids = this.#ids();
    for (const id of this.#facts.keys()) if (!ids.includes(id)) this.#facts.delete(id);
    const found: RoomFacts[] = [];
    for (const id of ids) {
      try {
        found.push(await this.#factsOf(id));
      } catch (error) {
        // Erased meanwhile.
        if (error instanceof ApiError) continue;
        // One damaged file does not hide the others; its id is not for the log.
        this.#log.error({ code: codeOf(error) }, 'a room cannot be read');
      }
    }
    return found.sort((a, b) => a.created - b.created || (a.id < b.id ? -1 : 1));
  }

  /** Undefined for a room that is not there; a file that is none fails as `use` does. */
  async facts(id: string): Promise<RoomFacts | undefined> {
    return this.#ids().includes(id) ? this.#factsOf(id) : undefined;
  }

  async create(name: string, owner: string | null): Promise<RoomFacts> {
    const grounding = await this.#load();
    mkdirSync(this.dir, { recursive: true, mode: 0o700 });
    const facts = { id: newRoomId(), name, created: Math.floor(Date.now() / 1000), owner };
    const open = this.#openNow(facts.id, grounding);
    open.record.setFacts(facts);
    this.#facts.set(facts.id, facts);
    return facts;
  }

  /**
   * Opens a room; it stays open until the use is disposed.
   * @throws ApiError 404 `room_not_found`; LucieError those of `Room.open`
   */
  async use(id: string): Promise<RoomUse> {
    const grounding = await this.#load();
    if (!this.#ids().includes(id)) throw roomNotFound();
    const open = this.#openNow(id, grounding);
    const use = open.use();
    this.#closeUnused();
    return { open, facts: this.#remember(id, open), [Symbol.dispose]: () => use[Symbol.dispose]() };
  }

  /**
   * Removes a room and all that was in it; whoever is at work in it ends first.
   * @throws ApiError 404 `room_not_found`
   */
  async erase(id: string): Promise<void> {
    const grounding = await this.#load();
    if (!this.#ids().includes(id)) throw roomNotFound();
    this.#erasing.add(id);
    try {
      const open = this.#open.get(id);
      if (open) {
        open.erased.abort(roomNotFound());
        await open.idle();
        this.#open.delete(id);
        open[Symbol.dispose]();
      }
      grounding.Room.erase(this.#path(id));
      this.#facts.delete(id);
    } finally {
      this.#erasing.delete(id);
    }
  }

  /** A room that is open just now; nothing is opened for this. */
  opened(id: string): OpenRoom | undefined {
    return this.#open.get(id);
  }

  /** A name in the folder for a room's copy, for a moment. */
  exportPath(): string {
    return join(this.dir, `${newRoomId()}${EXPORT_SUFFIX}`);
  }

  /** Ends whatever is at work, and closes every file. */
  async close(): Promise<void> {
    for (const [id, open] of this.#open) {
      open.erased.abort(new ApiError({ status: 503, code: 'stopping', message: 'The server is stopping.' }));
      await open.idle();
      this.#open.delete(id);
      open[Symbol.dispose]();
    }
  }

  async #factsOf(id: string): Promise<RoomFacts> {
    const known = this.#facts.get(id);
    if (known) return known;
    using use = await this.use(id);
    return use.facts;
  }

  #remember(id: string, open: OpenRoom): RoomFacts {
    let facts = this.#facts.get(id);
    if (!facts) {
      // A room that was made elsewhere has no name yet.
      const created = Math.floor(statSync(this.#path(id)).mtimeMs / 1000);
      facts = open.record.facts(id) ?? { id, name: id, created, owner: null };
      this.#facts.set(id, facts);
    }
    return facts;
  }

  #openNow(id: string, grounding: Grounding): OpenRoom {
    let open = this.#open.get(id);
    if (!open) {
      open = OpenRoom.open(grounding, this.#path(id), this.embedder);
      void open.catchUp((error) => this.#log.error({ code: codeOf(error) }, 'a room gets no vectors'));
    }
    this.#open.delete(id);
    this.#open.set(id, open);
    return open;
  }

  #closeUnused(): void {
    for (const [id, open] of this.#open) {
      if (this.#open.size <= KEPT_OPEN) return;
      if (open.inUse) continue;
      this.#open.delete(id);
      open[Symbol.dispose]();
    }
  }

  #ids(): string[] {
    return this.#names()
      .filter((name) => name.endsWith(SUFFIX))
      .map((name) => basename(name, SUFFIX))
      .filter((id) => isRoomId(id) && !this.#erasing.has(id));
  }

  #names(): string[] {
    try {
      return readdirSync(this.dir).sort();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    }
  }

  #path(id: string): string {
    return join(this.dir, id + SUFFIX);
  }
}

function codeOf(error: unknown): string {
  return isLucieError(error) ? error.code : 'internal_error';
}

/** The same for a room that is not there and for one of somebody else's: nobody learns which rooms there are. */
export function roomNotFound(): ApiError {
  return new ApiError({
    status: 404,
    code: 'room_not_found',
    param: 'room',
    message: 'No room of this name opens here; GET /v1/rooms lists those that do.',
  });
}
