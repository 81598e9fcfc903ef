import { useEffect, useSyncExternalStore } from 'react';
import { uploadsOf } from './room-uploads.ts';

/**
 * The files on their way into a room, also those that were chosen before this view of it was opened.
 * @param onAdded - once for each file that the room has taken
 */
export function useUploads(room: string, onAdded: (name: string) => Promise<void>) {
  const queue = uploadsOf(room);
  const uploads = useSyncExternalStore(queue.watch, () => queue.all);
  useEffect(() => {
    queue.onAdded = onAdded;
    return () => {
      queue.onAdded = async () => {};
    };
  }, [queue, onAdded]);
  const { choose, cancel, retry, dismiss } = queue;
  return { uploads, choose, cancel, retry, dismiss };
}
