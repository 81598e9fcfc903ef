import { useState } from 'react';
import { ConfirmDialog } from './confirm-dialog.tsx';
import { eraseRoom, errorSentence, exportAddress, type RoomInfo } from './room-api.ts';
import { useRoomTexts } from './room-texts.ts';
import { ROOMS_HASH } from './route.ts';

/** The room as a whole: taken away as a file, or erased. */
export function ManageRoom(props: { room: RoomInfo; documents: number }) {
  const t = useRoomTexts();
  const { room } = props;
  const [sure, setSure] = useState(false);
  const [problem, setProblem] = useState<string>();
  const erase = () => {
    setProblem(undefined);
    eraseRoom(room.id).then(
      () => {
        location.hash = ROOMS_HASH;
      },
      (error) => setProblem(errorSentence(error, t)),
    );
  };
  return (
    <section className="card manage" aria-labelledby="manage-title">
      <h2 id="manage-title">{t.manage}</h2>
      <div className="manage-ways">
        <div>
          <a className="button quiet" href={exportAddress(room.id)} download>
            {t.export}
          </a>
          <p className="hint">{t.exportHelp}</p>
        </div>
        <div>
          <button type="button" className="quiet danger" onClick={() => setSure(true)}>
            {t.erase}
          </button>
          <p className="hint">{t.eraseHelp}</p>
        </div>
      </div>
      {problem && (
        <p className="problem" role="alert">
          {problem}
        </p>
      )}
      {sure && (
        <ConfirmDialog
          title={t.eraseTitle}
          confirm={t.erase}
          onConfirm={erase}
          onClose={() => setSure(false)}
        >
          <p>{t.eraseSure(room.name, t.documents(props.documents))}</p>
        </ConfirmDialog>
      )}
    </section>
  );
}
