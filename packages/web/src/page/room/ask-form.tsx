import { type FormEvent, type KeyboardEvent, useRef, useState } from 'react';
import { useRoomTexts } from './room-texts.ts';

/** Longest question that the server takes, in characters. */
const LONGEST = 4000;

/** The box for a question. */
export function AskForm(props: {
  busy: boolean;
  empty: boolean;
  onAsk: (question: string) => void;
  onStop: () => void;
}) {
  const t = useRoomTexts();
  const { busy, empty } = props;
  const [draft, setDraft] = useState('');
  const box = useRef<HTMLTextAreaElement>(null);
  const ask = () => {
    if (busy || empty || draft.trim() === '') return;
    props.onAsk(draft.trim());
    setDraft('');
    box.current?.focus();
  };
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    ask();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape' && busy) props.onStop();
    // While an input method composes a character, Enter belongs to it.
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    ask();
  };
  return (
    <form onSubmit={onSubmit}>
      <label htmlFor="question">{t.question}</label>
      <textarea
        id="question"
        ref={box}
        rows={2}
        maxLength={LONGEST}
        value={draft}
        aria-describedby="question-hint"
        onChange={(event) => setDraft(event.target.value)}
        onKeyDown={onKeyDown}
      />
      {busy ? (
        <button
          type="button"
          className="stop"
          onClick={() => {
            props.onStop();
            box.current?.focus();
          }}
        >
          {t.stop}
        </button>
      ) : (
        <button type="submit" className="send" disabled={empty || draft.trim() === ''}>
          {t.send}
        </button>
      )}
      <p id="question-hint" className="hint">
        {empty ? t.askFirst : t.questionHint}
      </p>
    </form>
  );
}
