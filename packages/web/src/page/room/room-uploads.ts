import { addDocument } from './add-document.ts';
import { RoomError } from './room-api.ts';
import {
  isUnderWay,
  maySucceedLater,
  nextUpload,
  refusedUnsent,
  type Upload,
  type UploadEvent,
  uploadsAfter,
} from './upload-queue.ts';

type Send = typeof addDocument;

/**
 * The files on their way into a room, sent one after the other. It belongs to the tab, not to a view: who looks at another
 * room meanwhile loses none of them. What ended in a way that may not last keeps its file, to be sent again.
 */
export class RoomUploads {
  /** Replaced at every change, never changed. */
  all: readonly Upload[] = [];
  /** Told of each file that the room has taken; when it resolves, the file is on no list but the room's. */
  onAdded: (name: string) => Promise<void> = async () => {};
  #room: string;
  #send: Send;
  #files = new Map<number, File>();
  #running: { id: number; controller: AbortController } | undefined;
  #watching = new Set<() => void>();
  #nextId = 1;

  constructor(room: string, send: Send = addDocument) {
    this.#room = room;
    this.#send = send;
  }

  /** @returns what ends it */
  watch = (changed: () => void): (() => void) => {
    this.#watching.add(changed);
    return () => this.#watching.delete(changed);
  };

  choose = (files: readonly File[]): void => {
    const listed = files.map((file) => {
      const id = this.#nextId++;
      const error = refusedUnsent(file);
      if (!error) this.#files.set(id, file);
      return { id, name: file.name, ...(error ? { error } : {}) };
    });
    this.#happens({ type: 'chosen', files: listed });
  };

  cancel = (id: number): void => {
    if (this.#running?.id === id) this.#running.controller.abort();
    else this.#happens({ type: 'ended', id, state: 'cancelled' });
  };

  retry = (id: number): void => this.#happens({ type: 'retried', id });

  dismiss = (id: number): void => this.#happens({ type: 'dismissed', id });

  #happens(event: UploadEvent): void {
    const wasUnderWay = this.all.some(isUnderWay);
    this.all = uploadsAfter(this.all, event);
    for (const { id, state, error } of this.all)
      if (
        state === 'added' ||
        state === 'duplicate' ||
        state === 'cancelled' ||
        (error && !maySucceedLater(error))
      )
        this.#files.delete(id);
    const underWay = this.all.some(isUnderWay);
    if (underWay && !wasUnderWay) globalThis.addEventListener?.('beforeunload', hold);
    if (!underWay && wasUnderWay) globalThis.removeEventListener?.('beforeunload', hold);
    for (const changed of this.#watching) changed();
    this.#startNext();
  }

  #startNext(): void {
    const next = nextUpload(this.all);
    const file = next && this.#files.get(next.id);
    if (!file || this.#running) return;
    const { id, name } = next;
    const controller = new AbortController();
    this.#running = { id, controller };
    this.#happens({ type: 'started', id });
    const { signal } = controller;
    const onSent = (part: number) => this.#happens({ type: 'sent', id, part });
    const end = (event: UploadEvent) => {
      this.#running = undefined;
      this.#happens(event);
    };
    this.#send(this.#room, file, { signal, onSent }).then(
      async ({ duplicate }) => {
        end({ type: 'ended', id, state: duplicate ? 'duplicate' : 'added' });
        if (duplicate) return;
        await this.onAdded(name);
        this.dismiss(id);
      },
      (error: unknown) => {
        if (signal.aborted) end({ type: 'ended', id, state: 'cancelled' });
        else end({ type: 'failed', id, error: error instanceof RoomError ? error.sentence : 'unreachable' });
      },
    );
  }
}

/** Makes the browser ask before it closes a tab that still sends files. */
function hold(event: Event): void {
  event.preventDefault();
}

const rooms = new Map<string, RoomUploads>();

export function uploadsOf(room: string): RoomUploads {
  let uploads = rooms.get(room);
  if (!uploads) {
    uploads = new RoomUploads(room);
    rooms.set(room, uploads);
  }
  return uploads;
}
