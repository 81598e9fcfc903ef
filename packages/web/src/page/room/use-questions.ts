import { useCallback, useEffect, useRef, useState } from 'react';
import { type Exchange, historyOf } from './history.ts';
import { askRoom, RoomError } from './room-api.ts';

/** Questions to a room: kept in this tab's memory and nowhere else. */
export function useQuestions(room: string) {
  const [exchanges, setExchanges] = useState<Exchange[]>([]);
  const running = useRef<AbortController>(undefined);
  const nextId = useRef(1);
  const busy = exchanges.at(-1)?.state === 'searching';

  const ask = useCallback(
    async (question: string) => {
      if (running.current) return;
      const controller = new AbortController();
      running.current = controller;
      const id = nextId.current++;
      const update = (change: (exchange: Exchange) => Partial<Exchange>) => {
        if (running.current !== controller) return;
        setExchanges((all) => all.map((each) => (each.id === id ? { ...each, ...change(each) } : each)));
      };
      setExchanges((all) => [...all, { id, question, state: 'searching', sentences: [] }]);
      try {
        const asked = { question, history: historyOf(exchanges), signal: controller.signal };
        const answer = await askRoom(room, asked, (sentence) =>
          update(({ sentences }) => ({ sentences: [...sentences, sentence] })),
        );
        update(() => ({
          state: 'done',
          answer,
          sentences: answer.kind === 'answer' ? answer.sentences : [],
        }));
      } catch (error) {
        if (controller.signal.aborted) update(() => ({ state: 'stopped' }));
        else
          update(() => ({
            state: 'failed',
            error: error instanceof RoomError ? error.sentence : 'unreachable',
          }));
      } finally {
        if (running.current === controller) running.current = undefined;
      }
    },
    [room, exchanges],
  );

  const stop = useCallback(() => running.current?.abort(), []);

  const restart = useCallback(() => {
    const controller = running.current;
    running.current = undefined;
    controller?.abort();
    setExchanges([]);
  }, []);

  // Another room, other questions; who leaves the page wants no answer any more.
  useEffect(() => restart, [restart]);

  return { exchanges, busy, ask, stop, restart };
}
