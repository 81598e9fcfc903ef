import { useEffect, useId, useRef, useState } from 'react';
import { DrawnPage } from './drawn-page.tsx';
import { PageText } from './page-text.tsx';
import { citedOn, type Proof } from './proof.ts';
import { type DocumentContent, errorSentence, fetchDocument, fileAddress } from './room-api.ts';
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
  const [document, setDocument] = useState<DocumentContent>();
  const [problem, setProblem] = useState<string>();
  const [page, setPage] = useState(proof.page);

  useEffect(() => {
    dialog.current?.showModal();
    heading.current?.focus();
  }, []);
  useEffect(() => {
    let current = true;
    fetchDocument(room, proof.document).then(
      (whole) => current && setDocument(whole),
      (error) => current && setProblem(errorSentence(error, t)),
    );
    return () => {
      current = false;
    };
  }, [room, proof.document, t]);

  const pages = document?.content.pages ?? [];
  const shown = pages.find((each) => each.page === page);
  const cited = citedOn(proof, page);
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
            {pages.length > 1 && <span className="hint">{t.pageOf(page, pages.length)}</span>}
          </h2>
          <button type="button" className="quiet" onClick={() => dialog.current?.close()}>
            {t.close}
          </button>
        </div>
        {cited && (
          <blockquote className="cited">
            <mark>{cited.quote}</mark>
          </blockquote>
        )}
        {problem && (
          <p className="problem" role="alert">
            {problem}
          </p>
        )}
        {!document && !problem && <p className="hint">{t.loading}</p>}
        {shown && (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
          <section className="proof-page" aria-label={t.onPage(page)} tabIndex={0}>
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
        {document && (
          <div className="actions turning">
            <a className="button quiet" href={fileAddress(room, document.id)} download>
              {t.download}
            </a>
            {pages.length > 1 && (
              <div className="actions">
                <button
                  type="button"
                  className="quiet"
                  disabled={page <= 1}
                  onClick={() => setPage(page - 1)}
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
                  disabled={page >= pages.length}
                  onClick={() => setPage(page + 1)}
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
