import { useEffect, useId, useRef, useState } from 'react';
import { DrawnPage } from './drawn-page.tsx';
import { PageText } from './page-text.tsx';
import { shownQuote } from './pieces.ts';
import { citedOn, type Proof } from './proof.ts';
import { type DocumentPage, errorSentence, fetchPage, fileAddress } from './room-api.ts';
import { useRoomTexts } from './room-texts.ts';

/**
 * The document open at the cited page, the passage marked. A modal dialog of the browser's own: focus goes in, stays in,
 * and returns to what opened it; Escape closes.
 */
export function ProofDialog(props: { room: string; proof: Proof; onClose: () => void }) {
  const t = useRoomTexts();
  const { room, proof } = props;
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const title = useId();
  const [shown, setShown] = useState<DocumentPage>();
  const [problem, setProblem] = useState<string>();
  const [page, setPage] = useState(proof.page);

  useEffect(() => {
    dialog.current?.showModal();
    heading.current?.focus();
  }, []);
  useEffect(() => {
    let current = true;
    setProblem(undefined);
    fetchPage(room, proof.document, page).then(
      (found) => current && setShown(found),
      (error) => current && setProblem(errorSentence(error, t)),
    );
    return () => {
      current = false;
    };
  }, [room, proof.document, page, t]);

  const pages = shown?.pages ?? 1;
  const turn = (to: number) => to >= 1 && to <= pages && setPage(to);
  // Until the next page has come, the one before is shown, and called so.
  const cited = shown && citedOn(proof, shown.page);
  const drawn = shown?.blocks.some((block) => (block.boxes?.length ?? 0) > 0) ?? false;

  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: a click beside the dialog closes it, as its button and Escape do
    <dialog
      ref={dialog}
      className="proof"
      aria-labelledby={title}
      onClose={props.onClose}
      onClick={(event) => event.target === dialog.current && dialog.current.close()}
    >
      <div className="proof-inside">
        <div className="proof-head">
          <h2 id={title} ref={heading} tabIndex={-1}>
            {proof.title}
            {shown && pages > 1 && (
              <span className="hint" aria-live="polite">
                {t.pageOf(shown.page, pages)}
              </span>
            )}
          </h2>
          <button type="button" className="quiet" onClick={() => dialog.current?.close()}>
            {t.close}
          </button>
        </div>
        {cited && (
          <blockquote className="cited">
            <mark>{shownQuote(cited.quote)}</mark>
          </blockquote>
        )}
        {problem && (
          <p className="problem" role="alert">
            {problem}
          </p>
        )}
        {!shown && !problem && <p className="hint">{t.loading}</p>}
        {shown && (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
          <section className="proof-page" aria-label={t.onPage(shown.page)} tabIndex={0}>
            {drawn && <DrawnPage page={shown} cited={cited} />}
            {drawn ? (
              <details className="as-text">
                <summary>{t.asText}</summary>
                <PageText page={shown} cited={cited} scroll={false} />
              </details>
            ) : (
              <PageText page={shown} cited={cited} scroll />
            )}
          </section>
        )}
        {shown && (
          <div className="actions turning">
            <a className="button quiet" href={fileAddress(room, proof.document)} download>
              {t.download}
            </a>
            {pages > 1 && (
              <div className="actions">
                <button
                  type="button"
                  className="quiet"
                  aria-disabled={page <= 1}
                  onClick={() => turn(page - 1)}
                >
                  {t.previousPage}
                </button>
                {proof.cited && page !== proof.page && (
                  <button type="button" className="quiet" onClick={() => setPage(proof.page)}>
                    {t.citedPage}
                  </button>
                )}
                <button
                  type="button"
                  className="quiet"
                  aria-disabled={page >= pages}
                  onClick={() => turn(page + 1)}
                >
                  {t.nextPage}
                </button>
              </div>
            )}
          </div>
        )}
      </div>
    </dialog>
  );
}
