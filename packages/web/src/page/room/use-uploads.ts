import { useCallback, useEffect, useReducer, useRef } from 'react';
import { addDocument } from './add-document.ts';
import { RoomError } from './room-api.ts';
import { nextUpload, refusedUnsent, type Upload, type UploadEvent, uploadsAfter } from './upload-queue.ts';

/**
 * Sends chosen files into a room, one after the other.
 * @param onAdded - once for each file that the room has taken; when it resolves, the file is on no list but the room's
 */
export function useUploads(room: string, onAdded: (name: string) => Promise<void>) {
  const [uploads, dispatch] = useReducer(uploadsAfter, [] as Upload[]);
  const files = useRef(new Map<number, File>());
  const running = useRef<{ id: number; controller: AbortController }>(undefined);
  const nextId = useRef(1);
  const added = useRef(onAdded);
  added.current = onAdded;
  const next = nextUpload(uploads);

  useEffect(() => {
    const file = next && files.current.get(next.id);
    if (!next || !file || running.current) return;
    const { id, name } = next;
    const controller = new AbortController();
    running.current = { id, controller };
    dispatch({ type: 'started', id });
    const onSent = (part: number) => dispatch({ type: 'sent', id, part });
    // The next file's turn comes with the event that ends this one.
    const end = (event: UploadEvent) => {
      files.current.delete(id);
      running.current = undefined;
      dispatch(event);
    };
    addDocument(room, file, { signal: controller.signal, onSent }).then(
      async ({ duplicate }) => {
        end({ type: 'ended', id, state: duplicate ? 'duplicate' : 'added' });
        if (duplicate) return;
        await added.current(name);
        dispatch({ type: 'dismissed', id });
      },
      (error: unknown) => {
        if (controller.signal.aborted) end({ type: 'ended', id, state: 'cancelled' });
        else end({ type: 'failed', id, error: error instanceof RoomError ? error.sentence : 'unreachable' });
      },
    );
  }, [next, room]);

  const choose = useCallback((chosen: File[]) => {
    const listed = chosen.map((file) => {
      const id = nextId.current++;
      const error = refusedUnsent(file);
      if (!error) files.current.set(id, file);
      return { id, name: file.name, ...(error ? { error } : {}) };
    });
    dispatch({ type: 'chosen', files: listed });
  }, []);

  const cancel = useCallback((id: number) => {
    if (running.current?.id === id) return running.current.controller.abort();
    files.current.delete(id);
    dispatch({ type: 'ended', id, state: 'cancelled' });
  }, []);

  const dismiss = useCallback((id: number) => dispatch({ type: 'dismissed', id }), []);

  return { uploads, choose, cancel, dismiss };
}
