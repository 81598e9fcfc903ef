import { useLocale } from '../locale.tsx';
import { useRoomTexts } from './room-texts.ts';
import { isUnderWay, maySucceedLater, type Upload } from './upload-queue.ts';

/** Files on their way into the room, each with how far it is or what is wrong with it. */
export function UploadList(props: {
  uploads: readonly Upload[];
  onCancel: (id: number) => void;
  onRetry: (id: number) => void;
  onDismiss: (id: number) => void;
}) {
  const t = useRoomTexts();
  if (props.uploads.length === 0) return null;
  return (
    <ul className="uploads" aria-label={t.uploads}>
      {props.uploads.map((upload) => (
        <li key={upload.id} data-state={upload.state}>
          <div className="upload-said">
            <span className="upload-name">{upload.name}</span>
            <UploadState upload={upload} />
          </div>
          <span className="actions">
            {upload.error && maySucceedLater(upload.error) && (
              <UploadButton
                label={t.retryUpload(upload.name)}
                text={t.retry}
                onClick={() => props.onRetry(upload.id)}
              />
            )}
            {isUnderWay(upload) ? (
              <UploadButton
                label={t.cancelUpload(upload.name)}
                text={t.cancel}
                onClick={() => props.onCancel(upload.id)}
              />
            ) : (
              <UploadButton
                label={t.dismissUpload(upload.name)}
                text={t.dismiss}
                onClick={() => props.onDismiss(upload.id)}
              />
            )}
          </span>
        </li>
      ))}
    </ul>
  );
}

/** @param props.label - names the file too, for who hears the page */
function UploadButton(props: { label: string; text: string; onClick: () => void }) {
  return (
    <button type="button" className="quiet" aria-label={props.label} onClick={props.onClick}>
      {props.text}
    </button>
  );
}

function UploadState({ upload }: { upload: Upload }) {
  const t = useRoomTexts();
  const { format } = useLocale();
  if (upload.state === 'failed')
    return (
      <span className="upload-state problem" role="alert">
        {t.errors[upload.error ?? 'failed']}
      </span>
    );
  const said = {
    waiting: t.waiting,
    sending: t.sending(format.percent(Math.floor(upload.sent * 100) / 100)),
    reading: t.reading,
    added: t.added,
    duplicate: t.duplicate,
    cancelled: t.cancelled,
  }[upload.state];
  return (
    <span className="upload-state">
      {said}
      {(upload.state === 'sending' || upload.state === 'reading') && (
        <progress
          aria-label={upload.name}
          {...(upload.state === 'sending' ? { value: upload.sent, max: 1 } : {})}
        />
      )}
    </span>
  );
}
