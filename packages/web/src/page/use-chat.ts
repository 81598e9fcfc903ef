import { useCallback, useRef, useState } from 'react';
import { type Message, RefusedError, streamChat } from './api.ts';
import { askWithinContext } from './within-context.ts';

/** One message on the page. */
export interface Turn extends Message {
  id: number;
  /** How an answer stands; a question is `done`. */
  state: 'writing' | 'done' | 'cut' | 'stopped' | 'failed';
  tokens?: number;
  /** Stable code of what went wrong. */
  error?: string;
}

export interface ChatSettings {
  model: string;
  temperature: number;
  maxTokens: number;
}

/** A conversation: kept in this tab's memory and nowhere else. */
export function useChat(settings: ChatSettings) {
  const [turns, setTurns] = useState<Turn[]>([]);
  const [forgotten, setForgotten] = useState(0);
  const running = useRef<AbortController>(undefined);
  const nextId = useRef(1);
  const busy = turns.at(-1)?.state === 'writing';

  const send = useCallback(
    async (question: string) => {
      if (running.current) return;
      const controller = new AbortController();
      running.current = controller;
      const asked: Turn = { id: nextId.current++, role: 'user', content: question, state: 'done' };
      const id = nextId.current++;
      // An answer that failed is no part of what was said, nor is the question it belonged to.
      const said = turns.filter((turn, i) => turn.state !== 'failed' && turns[i + 1]?.state !== 'failed');
      const update = (change: (turn: Turn) => Partial<Turn>) => {
        if (running.current !== controller) return;
        setTurns((all) => all.map((turn) => (turn.id === id ? { ...turn, ...change(turn) } : turn)));
      };
      setTurns((all) => [...all, asked, { id, role: 'assistant', content: '', state: 'writing' }]);
      try {
        const messages = [...said, asked].map(({ role, content }) => ({ role, content }));
        const { answer, left } = await askWithinContext(messages, (part) =>
          streamChat({ ...settings, messages: part, signal: controller.signal }, (text) =>
            update((turn) => ({ content: turn.content + text })),
          ),
        );
        if (running.current === controller) setForgotten(left);
        update(() => ({
          state: answer.finishReason === 'length' ? 'cut' : 'done',
          tokens: answer.completionTokens,
        }));
      } catch (error) {
        if (controller.signal.aborted) update(() => ({ state: 'stopped' }));
        else
          update(() => ({
            state: 'failed',
            error: error instanceof RefusedError ? error.code : 'unreachable',
          }));
      } finally {
        if (running.current === controller) running.current = undefined;
      }
    },
    [turns, settings],
  );

  const stop = useCallback(() => running.current?.abort(), []);

  const restart = useCallback(() => {
    const controller = running.current;
    running.current = undefined;
    controller?.abort();
    setTurns([]);
    setForgotten(0);
  }, []);

  return { turns, forgotten, busy, send, stop, restart };
}
