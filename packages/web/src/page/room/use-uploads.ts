import { useCallback, useEffect, useReducer, useRef } from 'react';
import { addDocument } from './add-document.ts';
import { RoomError } from './room-api.ts';
import { nextUpload, refusedUnsent, type Upload, uploadsAfter } from './upload-queue.ts';

/**
 * Sends chosen files into a room, one after the other.
 * @param onAdded - once for each file that the room has taken
 */
export function useUploads(room: string, onAdded: (name: string) => void) {
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
    addDocument(room, file, { signal: controller.signal, onSent })
      .then(
        ({ duplicate }) => {
          dispatch({ type: 'ended', id, state: duplicate ? 'duplicate' : 'added' });
          if (!duplicate) added.current(name);
        },
        (error: unknown) => {
          if (controller.signal.aborted) dispatch({ type: 'ended', id, state: 'cancelled' });
          else
            dispatch({
              type: 'failed',
              id,
              error: error instanceof RoomError ? error.sentence : 'unreachable',
            });
        },
      )
      .finally(() => {
        files.current.delete(id);
        running.current = undefined;
      });
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
