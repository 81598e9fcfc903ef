import { useEffect, useRef } from 'react';
import { AnswerView } from './answer-view.tsx';
import { AskForm } from './ask-form.tsx';
import { type Proof, proofOf } from './proof.ts';
import type { RoomDocument } from './room-api.ts';
import { useRoomTexts } from './room-texts.ts';
import { useQuestions } from './use-questions.ts';

/** Questions to the room and their answers, the newest last, above the box to write in. */
export function Questions(props: {
  room: string;
  documents: RoomDocument[];
  onProof: (proof: Proof) => void;
}) {
  const t = useRoomTexts();
  const { exchanges, busy, ask, stop, restart } = useQuestions(props.room);
  const list = useRef<HTMLOListElement>(null);
  const last = exchanges.at(-1);
  const asked = last?.id;

  useEffect(() => {
    if (asked !== undefined) list.current?.lastElementChild?.scrollIntoView({ block: 'nearest' });
  }, [asked]);

  return (
    <section className="card questions" aria-labelledby="ask-title">
      <div className="chat-head">
        <h2 id="ask-title">{t.ask}</h2>
        {exchanges.length > 0 && (
          <button type="button" className="quiet" onClick={restart}>
            {t.restart}
          </button>
        )}
      </div>
      {exchanges.length > 0 && (
        <ol className="exchanges" ref={list} aria-label={t.answers}>
          {exchanges.map((exchange) => (
            <AnswerView
              key={exchange.id}
              exchange={exchange}
              documents={props.documents}
              onProof={(cited) => props.onProof(proofOf(cited))}
              onAgain={ask}
            />
          ))}
        </ol>
      )}
      {/* A voice reads each sentence once, when it comes; where it stands with its proofs is in the list above. */}
      <div className="hidden" role="log" aria-label={t.answer} key={asked}>
        {last?.state === 'searching' && last.sentences.length === 0 && <p>{t.searching}</p>}
        {last?.sentences.map((sentence, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: sentences are only ever added at the end
          <p key={i}>{sentence.text}</p>
        ))}
        {last?.answer?.kind === 'refusal' && <p>{t.refusals[last.answer.reason]}</p>}
      </div>
      <AskForm busy={busy} empty={props.documents.length === 0} onAsk={ask} onStop={stop} />
    </section>
  );
}
