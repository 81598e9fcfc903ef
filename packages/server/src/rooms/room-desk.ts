import type { Context } from 'hono';
import { ApiError } from '../api/api-error.ts';
import type { ServedModel } from '../api/chat-model.ts';
import { isFitForCourses } from '../api/gate.ts';
import type { ModelList } from '../api/model-list.ts';
import type { Access } from '../keys/access.ts';
import type { OpenRoom } from './open-room.ts';
import { Places } from './places.ts';
import { roomModel } from './room-id.ts';
import type { RoomFacts } from './room-record.ts';
import { MAX_QUESTION } from './room-shapes.ts';
import { type RoomStore, type RoomUse, roomNotFound } from './room-store.ts';
import { Turns } from './turns.ts';

/** Uploads in memory at the same time: each may take the size of a file three times over. */
const UPLOADS = 8;
/** Copies of rooms on the disk at the same time, each until it is read. */
const EXPORTS = 4;
/** Documents that are read at the same time, each in a thread of its own. */
const READERS = 2;

/** The rooms as a request may see them. */
export class RoomDesk {
  /** Documents being read, of all rooms. */
  readonly readers = new Turns(READERS);
  /** @throws ApiError 429 `too_many_uploads` */
  readonly uploads = new Places(UPLOADS, () =>
    tooMany('uploads', `No more than ${UPLOADS} files are taken at the same time; send this one again`),
  );
  /** @throws ApiError 429 `too_many_exports` */
  readonly exports = new Places(EXPORTS, () =>
    tooMany('exports', `No more than ${EXPORTS} rooms are exported at the same time; ask again`),
  );
  #store: RoomStore | undefined;
  #access: Access;
  #models: ModelList;

  /** @param store - absent: this server keeps none */
  constructor(store: RoomStore | undefined, access: Access, models: ModelList) {
    this.#store = store;
    this.#access = access;
    this.#models = models;
  }

  /** @throws ApiError 404 `rooms_not_kept` */
  get store(): RoomStore {
    if (this.#store) return this.#store;
    throw new ApiError({
      status: 404,
      code: 'rooms_not_kept',
      message: 'This server keeps no rooms; whoever looks after it names a folder for them (--state).',
    });
  }

  /** What the request's key opens: rooms that it made, and those that it was made for. Without keys: all. */
  opens(context: Context, { id, owner }: RoomFacts): boolean {
    return this.#access.opensRoom(context, { model: roomModel(id), owner });
  }

  async visible(context: Context): Promise<RoomFacts[]> {
    return (await this.store.list()).filter((facts) => this.opens(context, facts));
  }

  /** The rooms as the list of models has them. */
  async models(context: Context): Promise<object[]> {
    if (!this.#store) return [];
    const found = await this.visible(context);
    return found.filter(({ problem }) => problem === undefined).map((facts) => this.#model(facts));
  }

  /** One of these. @throws ApiError 404 `room_not_found` */
  async describe(context: Context, id: string): Promise<object> {
    return this.#model(await this.facts(context, id));
  }

  #model({ id, name, created }: RoomFacts): object {
    const { writer } = this;
    return {
      id: roomModel(id),
      object: 'model',
      created,
      owned_by: 'lucie',
      label: `salle : ${name}`,
      context_length: writer?.contextSize ?? MAX_QUESTION,
      gate: writer?.gate ?? null,
    };
  }

  create(context: Context, name: string): Promise<RoomFacts> {
    return this.store.create(name, this.#access.keyId(context) ?? null);
  }

  /** @throws ApiError 404 `room_not_found`, also for a room that the key does not open */
  async facts(context: Context, id: string): Promise<RoomFacts> {
    const facts = await this.store.facts(id);
    if (facts && this.opens(context, facts)) return facts;
    throw roomNotFound();
  }

  /**
   * Removes a room, also one that cannot be read: whose that was is not known, so that where keys are asked for only one
   * that was made for it (`--models room:…`) removes it.
   * @throws ApiError 404 `room_not_found`
   */
  async erase(context: Context, id: string): Promise<void> {
    const facts = await this.store.look(id);
    if (!facts || !this.opens(context, facts)) throw roomNotFound();
    await this.store.erase(id);
  }

  /**
   * Opens a room for a request; dispose the use at its end.
   * @throws ApiError 404 `room_not_found`; LucieError those of `Room.open`
   */
  async use(context: Context, id: string): Promise<RoomUse> {
    return this.store.use((await this.facts(context, id)).id);
  }

  /** The model that writes answers, if one was found fit for it; else answers are quotes. */
  get writer(): ServedModel | undefined {
    return this.#models.all().find(({ gate }) => isFitForCourses(gate));
  }

  /** What questions in a room are compared with, as far as is known before it is opened. */
  search(id: string): OpenRoom['search'] {
    return this.store.opened(id)?.willSearch ?? (this.store.embedder ? 'words-and-meaning' : 'words');
  }

  get answers(): 'extractive' | 'generative' {
    return this.writer ? 'generative' : 'extractive';
  }
}

function tooMany(what: string, sentence: string): ApiError {
  return new ApiError({ status: 429, code: `too_many_${what}`, message: `${sentence} in a few seconds.` });
}
