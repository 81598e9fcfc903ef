import { useState } from 'react';
import { ConfirmDialog } from './confirm-dialog.tsx';
import { eraseRoom, errorSentence, exportAddress, type RoomInfo } from './room-api.ts';
import { useRoomTexts } from './room-texts.ts';
import { ROOMS_HASH } from './route.ts';

/**
 * The room as a whole: taken away as a file, or erased.
 * @param props.documents - how many; absent for a room that cannot be read, which is no more than a file to erase
 */
export function ManageRoom(props: { room: Pick<RoomInfo, 'id' | 'name'>; documents?: number }) {
  const t = useRoomTexts();
  const { room, documents } = props;
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
        {documents !== undefined && (
          <div>
            <a className="button quiet" href={exportAddress(room.id)} download>
              {t.export}
            </a>
            <p className="hint">{t.exportHelp}</p>
          </div>
        )}
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
          <p>{documents === undefined ? t.eraseDamaged : t.eraseSure(room.name, t.documents(documents))}</p>
        </ConfirmDialog>
      )}
    </section>
  );
}
