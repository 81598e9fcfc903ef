import { useCallback, useEffect, useRef, useState } from 'react';
import { fetchDocuments, fetchRoom, type RoomDocument, RoomError, type RoomInfo } from './room-api.ts';
import type { ErrorName } from './room-texts.ts';

/** A room and its documents, fetched again by `refresh` and whenever somebody comes back to the tab: others change it too. */
export function useRoom(id: string) {
  const [room, setRoom] = useState<RoomInfo>();
  const [documents, setDocuments] = useState<RoomDocument[]>();
  const [problem, setProblem] = useState<ErrorName>();

  const asked = useRef(0);

  const refresh = useCallback(async () => {
    const mine = ++asked.current;
    try {
      const [info, list] = await Promise.all([fetchRoom(id), fetchDocuments(id)]);
      // An older answer that comes late tells nothing new.
      if (mine !== asked.current) return;
      setRoom(info);
      setDocuments(list);
      setProblem(undefined);
    } catch (error) {
      if (mine !== asked.current) return;
      const sentence = error instanceof RoomError ? error.sentence : 'failed';
      setProblem(sentence);
      if (sentence === 'room_missing') setRoom(undefined);
    }
  }, [id]);

  useEffect(() => {
    void refresh();
    const seen = () => void (document.visibilityState === 'visible' && refresh());
    document.addEventListener('visibilitychange', seen);
    addEventListener('focus', seen);
    return () => {
      document.removeEventListener('visibilitychange', seen);
      removeEventListener('focus', seen);
    };
  }, [refresh]);

  return { room, documents, problem, refresh };
}
