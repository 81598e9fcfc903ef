import { type FormEvent, type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react';
import type { ModelInfo } from './api.ts';
import { ChatTurn } from './chat-turn.tsx';
import { useLocale } from './locale.tsx';
import { Settings } from './settings.tsx';
import { type ChatSettings, useChat } from './use-chat.ts';

/** The conversation: messages, the box to write in, settings. */
export function Chat(props: { models: ModelInfo[] }) {
  const { t } = useLocale();
  const [chosen, setChosen] = useState<Partial<ChatSettings>>({});
  const model = props.models.find((each) => each.id === chosen.model) ?? props.models[0];
  const settings = useMemo<ChatSettings>(
    () => ({ temperature: 0, maxTokens: 128, ...chosen, model: model?.id ?? '' }),
    [chosen, model],
  );
  const { turns, forgotten, busy, send, stop, restart } = useChat(settings);
  const [draft, setDraft] = useState('');
  const box = useRef<HTMLTextAreaElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const follows = useRef(true);

  // biome-ignore lint/correctness/useExhaustiveDependencies: follows the text as it grows, whatever grew
  useEffect(() => {
    const element = list.current;
    if (element && follows.current) element.scrollTop = element.scrollHeight;
  }, [turns]);

  const ask = (question: string) => {
    if (busy || !model || question.trim() === '') return;
    follows.current = true;
    setDraft('');
    void send(question.trim());
    box.current?.focus();
  };
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    ask(draft);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape' && busy) stop();
    // While an input method composes a character, Enter belongs to it.
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    ask(draft);
  };
  const last = turns.at(-1);

  return (
    <section className="card chat" id="talk" aria-labelledby="talk-title">
      <div className="chat-head">
        <h2 id="talk-title">{t.talk}</h2>
        {turns.length > 0 && (
          <button
            type="button"
            className="quiet"
            onClick={() => {
              restart();
              box.current?.focus();
            }}
          >
            {t.restart}
          </button>
        )}
      </div>
      <section
        className="turns"
        ref={list}
        aria-label={t.messages}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        onScroll={(event) => {
          const { scrollTop, scrollHeight, clientHeight } = event.currentTarget;
          follows.current = scrollHeight - scrollTop - clientHeight < 40;
        }}
      >
        {turns.length === 0 ? (
          <div className="empty">
            <p className="empty-title">{t.emptyTitle}</p>
            <p>{t.empty}</p>
            <ul>
              {t.examples.map((example) => (
                <li key={example}>
                  <button type="button" lang="fr" onClick={() => ask(example)}>
                    {example.replace(' ?', '\u00a0?')}
                  </button>
                </li>
              ))}
            </ul>
          </div>
        ) : (
          <ol>
            {turns.map((turn) => (
              <ChatTurn key={turn.id} turn={turn} contextSize={model?.context_length} />
            ))}
          </ol>
        )}
      </section>
      {forgotten > 0 && <p className="remark">{t.forgotten(forgotten)}</p>}
      {/* Told once when writing begins and once when it has ended: a voice must not read every piece. */}
      <p className="hidden" role="status">
        {last?.role !== 'assistant' ? '' : busy ? t.writing : t.answered(last.content || t.noAnswer)}
      </p>
      <form onSubmit={onSubmit}>
        <label htmlFor="message">{t.yourMessage}</label>
        <textarea
          id="message"
          ref={box}
          rows={2}
          value={draft}
          placeholder={t.placeholder}
          aria-describedby="message-hint"
          onChange={(event) => setDraft(event.target.value)}
          onKeyDown={onKeyDown}
        />
        {busy ? (
          <button
            type="button"
            className="stop"
            onClick={() => {
              stop();
              box.current?.focus();
            }}
          >
            {t.stop}
          </button>
        ) : (
          <button type="submit" className="send" disabled={!model || draft.trim() === ''}>
            {t.send}
          </button>
        )}
        <p id="message-hint" className="hint">
          {t.hint}
        </p>
      </form>
      <Settings settings={settings} models={props.models} onChange={setChosen} />
    </section>
  );
}
