import type { Citation } from '@lucie/retrieval';
import type { Exchange } from './history.ts';
import { numberCitations } from './number-citations.ts';
import { shownQuote } from './pieces.ts';
import { placeName } from './place-name.ts';
import { hitCitation, type RoomAnswer, type RoomDocument } from './room-api.ts';
import { useRoomTexts } from './room-texts.ts';
import { SentenceText } from './sentence-text.tsx';
import { Superseded } from './superseded.tsx';

/** A question and its answer with proofs, or the refusal with what was nearest. */
export function AnswerView(props: {
  exchange: Exchange;
  documents: readonly RoomDocument[];
  onProof: (cited: Citation) => void;
  onAgain: (question: string) => void;
}) {
  const t = useRoomTexts();
  const { exchange, documents, onProof } = props;
  const { answer, state } = exchange;
  const placeOf: PlaceOf = (cited) => placeName(cited, documents, t);
  return (
    <li className="exchange" data-state={state}>
      <h3 className="asked">
        <span className="hidden">
          {t.you}
          {'\u00a0: '}
        </span>
        {exchange.question}
      </h3>
      {state === 'searching' && exchange.sentences.length === 0 && <p className="hint">{t.searching}</p>}
      {exchange.sentences.length > 0 && <Sentences exchange={exchange} placeOf={placeOf} onProof={onProof} />}
      {answer?.kind === 'answer' && <Superseded superseded={answer.superseded} documents={documents} />}
      {answer?.kind === 'refusal' && <Refusal refusal={answer} placeOf={placeOf} onProof={onProof} />}
      {state === 'stopped' && <p className="hint">{t.stopped}</p>}
      {state === 'failed' && (
        <p className="problem" role="alert">
          {t.errors[exchange.error ?? 'failed']}
        </p>
      )}
      {(state === 'failed' || state === 'stopped') && (
        <div className="actions">
          <button type="button" className="quiet" onClick={() => props.onAgain(exchange.question)}>
            {t.askAgain}
          </button>
        </div>
      )}
    </li>
  );
}

type PlaceOf = (cited: Citation) => string;

function Sentences(props: { exchange: Exchange; placeOf: PlaceOf; onProof: (cited: Citation) => void }) {
  const t = useRoomTexts();
  const { exchange, placeOf, onProof } = props;
  const { sentences, proofs } = numberCitations(exchange.sentences);
  const { answer } = exchange;
  return (
    <div className="answer">
      <div className="answer-text">
        {sentences.map((sentence, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: sentences are only ever added at the end
          <div key={i} className="sentence">
            <SentenceText text={sentence.text} />
            {sentence.numbers.map((number) => {
              const cited = proofs[number - 1]!;
              return (
                <button
                  key={number}
                  type="button"
                  className="cite"
                  aria-label={t.proof(number, cited.title, placeOf(cited))}
                  aria-haspopup="dialog"
                  onClick={() => onProof(cited)}
                >
                  {number}
                </button>
              );
            })}
          </div>
        ))}
      </div>
      {answer?.kind === 'answer' && (
        <p className="hint">{answer.method === 'generative' ? t.byModel : t.byQuotes}</p>
      )}
      <h4>{t.proofs}</h4>
      <ol className="proofs">
        {proofs.map((cited) => (
          <li key={`${cited.document} ${cited.page} ${cited.paragraph} ${cited.start}`}>
            <span className="proof-place">
              {cited.title}, {placeOf(cited)}
            </span>
            <span className="proof-quote">{t.quoted(shownQuote(cited.quote))}</span>
          </li>
        ))}
      </ol>
    </div>
  );
}

function Refusal(props: {
  refusal: Extract<RoomAnswer, { kind: 'refusal' }>;
  placeOf: PlaceOf;
  onProof: (cited: Citation) => void;
}) {
  const t = useRoomTexts();
  const { refusal, placeOf, onProof } = props;
  return (
    <div className="refusal">
      <p className="refusal-text">{t.refusals[refusal.reason] ?? t.refusals.silent}</p>
      {refusal.looked_for.length > 0 && (
        <p>
          {t.lookedFor}
          {'\u00a0: '}
          {refusal.looked_for.map((word, i) => (
            <span key={word}>
              {i > 0 && ', '}
              <strong>{word}</strong>
            </span>
          ))}
        </p>
      )}
      {refusal.nearest.length === 0 ? (
        <p className="hint">{t.noNearest}</p>
      ) : (
        <>
          <h4>{t.nearest}</h4>
          <ul className="nearest">
            {refusal.nearest.map((hit) => (
              <li key={hit.id}>
                <button
                  type="button"
                  className="quiet"
                  aria-haspopup="dialog"
                  onClick={() => onProof(hitCitation(hit))}
                >
                  {t.seePassage(hit.title, placeOf(hitCitation(hit)))}
                </button>
                <span className="nearest-text">{hit.text}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}
