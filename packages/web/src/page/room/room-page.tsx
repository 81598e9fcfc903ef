import { useState } from 'react';
import { ManageRoom } from './manage-room.tsx';
import { Methods } from './methods.tsx';
import type { Proof } from './proof.ts';
import { ProofDialog } from './proof-dialog.tsx';
import { Questions } from './questions.tsx';
import { RoomDocuments } from './room-documents.tsx';
import { useRoomTexts } from './room-texts.ts';
import { ROOMS_HASH } from './route.ts';
import { usePageTitle } from './use-page-title.ts';
import { useRoom } from './use-room.ts';

/** One room: its documents, questions to them, and the room as a whole. */
export function RoomPage({ id }: { id: string }) {
  const t = useRoomTexts();
  const { room, documents, problem, refresh } = useRoom(id);
  const [proof, setProof] = useState<Proof>();
  usePageTitle(room ? `${room.name} – LUCIE` : t.title);
  return (
    <main className="rooms">
      <p className="back">
        <a href={ROOMS_HASH}>{t.back}</a>
      </p>
      <h2 className="room-name" id="contents" tabIndex={-1}>
        {room?.name ?? (problem ? t.rooms : t.loading)}
      </h2>
      {problem && (
        <p className="problem" role="alert">
          {t.errors[problem]}
        </p>
      )}
      {(problem === 'room_damaged' || problem === 'room_too_new') && <ManageRoom room={{ id, name: id }} />}
      {room && documents && (
        <>
          <Methods room={room} />
          <div className="room">
            <RoomDocuments room={id} documents={documents} refresh={refresh} onRead={setProof} />
            <Questions room={id} documents={documents} onProof={setProof} />
          </div>
          <ManageRoom room={room} documents={documents.length} />
        </>
      )}
      {proof && <ProofDialog room={id} proof={proof} onClose={() => setProof(undefined)} />}
    </main>
  );
}
