import type { HiddenText } from '@lucie/retrieval';
import { useState } from 'react';
import { useLocale } from '../locale.tsx';
import { errorSentence, fetchDocument, type RoomDocument } from './room-api.ts';
import { useRoomTexts } from './room-texts.ts';

/** A warning that opens: the texts of a document that no reader sees, fetched only when somebody asks. */
export function HiddenTexts(props: { room: string; document: RoomDocument }) {
  const t = useRoomTexts();
  const { format } = useLocale();
  const { room, document } = props;
  const [texts, setTexts] = useState<HiddenText[]>();
  const [problem, setProblem] = useState<string>();
  const open = () => {
    if (texts) return;
    setProblem(undefined);
    fetchDocument(room, document.id).then(
      (whole) => setTexts(whole.content.hidden),
      (error) => setProblem(errorSentence(error, t)),
    );
  };
  return (
    <details className="hidden-texts" onToggle={(event) => event.currentTarget.open && open()}>
      <summary>{t.hidden(format.whole(document.hidden), document.hidden > 1)}</summary>
      <p>{t.hiddenHelp}</p>
      {problem && <p role="alert">{problem}</p>}
      {!texts && !problem && <p>{t.loading}</p>}
      {texts && (
        <ul>
          {texts.map((hidden, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the list never changes, and texts may be equal
            <li key={i}>
              <span className="why">
                {t.hidings[hidden.why] ?? hidden.why}
                {hidden.page !== undefined && `, ${t.onPage(hidden.page)}`}
              </span>
              <span className="hidden-text">{hidden.text}</span>
            </li>
          ))}
        </ul>
      )}
    </details>
  );
}
