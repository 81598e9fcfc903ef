import { useCallback, useEffect, useState } from 'react';
import { fetchDocuments, fetchRoom, type RoomDocument, RoomError, type RoomInfo } from './room-api.ts';
import type { ErrorName } from './room-texts.ts';

/** A room and its documents, fetched again by `refresh`. */
export function useRoom(id: string) {
  const [room, setRoom] = useState<RoomInfo>();
  const [documents, setDocuments] = useState<RoomDocument[]>();
  const [problem, setProblem] = useState<ErrorName>();

  const refresh = useCallback(async () => {
    try {
      const [info, list] = await Promise.all([fetchRoom(id), fetchDocuments(id)]);
      setRoom(info);
      setDocuments(list);
      setProblem(undefined);
    } catch (error) {
      setProblem(error instanceof RoomError ? error.sentence : 'failed');
    }
  }, [id]);

  useEffect(() => void refresh(), [refresh]);

  return { room, documents, problem, refresh };
}
