import { useState } from 'react';
import { useLocale } from '../locale.tsx';
import { ConfirmDialog } from './confirm-dialog.tsx';
import { HiddenTexts } from './hidden-texts.tsx';
import { pageRanges } from './page-ranges.ts';
import type { RoomDocument } from './room-api.ts';
import { useRoomTexts } from './room-texts.ts';

/** The room's documents: what was read of each, what was not, and what hides in it. */
export function DocumentList(props: {
  room: string;
  documents: RoomDocument[];
  onRead: (document: RoomDocument) => void;
  onRemove: (document: RoomDocument) => void;
}) {
  const t = useRoomTexts();
  const { format } = useLocale();
  const [leaving, setLeaving] = useState<RoomDocument>();
  if (props.documents.length === 0) return <p className="hint">{t.noDocuments}</p>;
  return (
    <>
      <ul className="documents">
        {props.documents.map((document) => (
          <li key={document.id}>
            <div className="document-head">
              <div className="document-name">
                <h3>{document.title}</h3>
                <p className="hint">
                  {document.name !== document.title && <span className="file-name">{document.name}</span>}
                  <span>{t.formats[document.format] ?? document.format}</span>
                  <span>{t.pages(format.whole(document.pages), document.pages > 1)}</span>
                  <span>{t.paragraphs(format.whole(document.passages), document.passages > 1)}</span>
                </p>
              </div>
              <div className="actions">
                <button
                  type="button"
                  className="quiet"
                  aria-label={t.readDocument(document.title)}
                  onClick={() => props.onRead(document)}
                >
                  {t.read}
                </button>
                <button
                  type="button"
                  className="quiet"
                  aria-label={t.removeDocument(document.title)}
                  onClick={() => setLeaving(document)}
                >
                  {t.remove}
                </button>
              </div>
            </div>
            {document.scanned_pages.length > 0 && (
              <p className="remark">
                {t.scanned(pageRanges(document.scanned_pages), document.scanned_pages.length > 1)}
              </p>
            )}
            {document.hidden > 0 && <HiddenTexts room={props.room} document={document} />}
            {document.warnings.length > 0 && (
              <details className="remarks">
                <summary>{t.remarks}</summary>
                <ul lang="fr">
                  {document.warnings.map((warning) => (
                    <li key={warning}>{warning}</li>
                  ))}
                </ul>
              </details>
            )}
          </li>
        ))}
      </ul>
      {leaving && (
        <ConfirmDialog
          title={t.removeTitle}
          confirm={t.remove}
          onConfirm={() => props.onRemove(leaving)}
          onClose={() => setLeaving(undefined)}
        >
          <p>{t.removeHelp(leaving.title)}</p>
        </ConfirmDialog>
      )}
    </>
  );
}
