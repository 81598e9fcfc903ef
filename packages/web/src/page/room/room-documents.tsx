import { useCallback, useRef, useState } from 'react';
import { DocumentList } from './document-list.tsx';
import { DropZone } from './drop-zone.tsx';
import type { Proof } from './proof.ts';
import { errorSentence, type RoomDocument, removeDocument } from './room-api.ts';
import { useRoomTexts } from './room-texts.ts';
import { UploadList } from './upload-list.tsx';
import { useUploads } from './use-uploads.ts';

/** What the room holds, and the ways in and out of it. */
export function RoomDocuments(props: {
  room: string;
  documents: RoomDocument[];
  refresh: () => Promise<void>;
  onRead: (proof: Proof) => void;
}) {
  const t = useRoomTexts();
  const { room, documents, refresh, onRead } = props;
  const heading = useRef<HTMLHeadingElement>(null);
  const [said, setSaid] = useState('');
  const [problem, setProblem] = useState<string>();
  const onAdded = useCallback(
    (name: string) => {
      setSaid(t.addedSaid(name));
      return refresh();
    },
    [t, refresh],
  );
  const { uploads, choose, cancel, retry, dismiss } = useUploads(room, onAdded);

  const remove = async (document: RoomDocument) => {
    setProblem(undefined);
    try {
      await removeDocument(room, document.id);
      setSaid(t.removed(document.title));
    } catch (error) {
      setProblem(errorSentence(error, t));
    }
    await refresh();
    // The button that was pressed is gone with its document.
    heading.current?.focus();
  };

  return (
    <section className="card" aria-labelledby="documents-title">
      <h2 id="documents-title" ref={heading} tabIndex={-1}>
        {t.documentsTitle}
      </h2>
      <DropZone onFiles={choose} />
      {/* Told when a document has come or gone: a voice must not hunt for it. */}
      <p className="hidden" role="status">
        {said}
      </p>
      <UploadList
        uploads={uploads}
        onCancel={cancel}
        onRetry={(id) => {
          retry(id);
          heading.current?.focus();
        }}
        onDismiss={(id) => {
          dismiss(id);
          heading.current?.focus();
        }}
      />
      {problem && (
        <p className="problem" role="alert">
          {problem}
        </p>
      )}
      <DocumentList
        room={room}
        documents={documents}
        onRead={(document) => onRead({ document: document.id, title: document.title, page: 1 })}
        onRemove={remove}
      />
    </section>
  );
}
