import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { isLucieError, LucieError, type silentLogger } from '@lucie/ledger';
import type { Embedder, Reader } from '@lucie/retrieval';
import { ApiError } from '../api/api-error.ts';
import { OpenRoom } from './open-room.ts';
import { type Grounding, loadGrounding } from './retrieval.ts';
import { isRoomId, newRoomId } from './room-id.ts';
import { DEFAULT_ROOM_LIMITS, demandRoom, type RoomLimits } from './room-limits.ts';
import type { RoomFacts } from './room-record.ts';

const SUFFIX = '.sqlite';
/** What is being exported has this name for a moment. */
const EXPORT_SUFFIX = '.export';
/** So many rooms may stay open without being used: each costs a few file handles. */
const KEPT_OPEN = 16;
/** What is wrong with a file, rather than with the machine just now. */
const UNREADABLE = ['ROOM_BROKEN', 'ROOM_NOT_A_ROOM', 'ROOM_TOO_NEW'];

export interface RoomStoreOptions {
  /** Where each room is one file: made with the first. */
  dir: string;
  /** Makes vectors of passages and questions; absent: search goes by words alone. */
  embedder?: Embedder | undefined;
  /** Chooses and refuses answers by reading; absent: words and vectors decide. */
  reader?: Reader | undefined;
  log: typeof silentLogger;
  limits?: Partial<RoomLimits> | undefined;
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
  readonly reader: Reader | undefined;
  readonly limits: RoomLimits;
  #log: typeof silentLogger;
  #load: () => Promise<Grounding>;
  #facts = new Map<string, RoomFacts>();
  /** The most recently used last. */
  #open = new Map<string, OpenRoom>();
  #erasing = new Set<string>();

  /** @throws LucieError `ROOMS_FOLDER` when the folder is none */
  constructor(opts: RoomStoreOptions) {
    this.dir = opts.dir;
    this.embedder = opts.embedder;
    this.reader = opts.reader;
    this.limits = { ...DEFAULT_ROOM_LIMITS, ...opts.limits };
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

  /** Every room in the order in which they were made, those that cannot be read with their `problem`. */
  async list(): Promise<RoomFacts[]> {
    const ids = this.#ids();
    for (const id of this.#facts.keys()) if (!ids.includes(id)) this.#facts.delete(id);
    const found: RoomFacts[] = [];
    for (const id of ids) {
      // Opening is not waiting: who asks meanwhile has a turn after each.
      if (!this.#facts.has(id)) await nextTurn();
      try {
        const facts = await this.look(id);
        if (facts) found.push(facts);
      } catch (error) {
        // Erased meanwhile.
        if (error instanceof ApiError) continue;
        // One room does not hide the others; its id is not for the log.
        this.#log.error({ code: codeOf(error) }, 'a room cannot be read');
      }
    }
    return found.sort((a, b) => a.created - b.created || (a.id < b.id ? -1 : 1));
  }

  /** Undefined for a room that is not there; a file that is none fails as `use` does. */
  async facts(id: string): Promise<RoomFacts | undefined> {
    return this.#ids().includes(id) ? this.#factsOf(id) : undefined;
  }

  /** The same, and of a file that cannot be read what the folder tells. */
  async look(id: string): Promise<RoomFacts | undefined> {
    try {
      return await this.facts(id);
    } catch (error) {
      const problem = codeOf(error);
      if (!UNREADABLE.includes(problem)) throw error;
      this.#log.error({ code: problem }, 'a room cannot be read');
      return { id, name: id, created: this.#changed(id), owner: null, problem: problem.toLowerCase() };
    }
  }

  /** @throws ApiError 409 `too_many_rooms` */
  async create(name: string, owner: string | null): Promise<RoomFacts> {
    const grounding = await this.#load();
    demandRoom(this.#ids().length, this.limits);
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
      facts = open.record.facts(id) ?? { id, name: id, created: this.#changed(id), owner: null };
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
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT') return [];
      throw new LucieError({
        code: 'ROOMS_FOLDER',
        found: `${this.dir}, which cannot be listed (${code})`,
        expected: 'a folder that this account may read and write',
        todo: 'name another with --state, or correct its rights',
        cause: error,
      });
    }
  }

  /** When its file was last written to, in seconds since 1970. */
  #changed(id: string): number {
    return Math.floor((statSync(this.#path(id), { throwIfNoEntry: false })?.mtimeMs ?? 0) / 1000);
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
