import { type FormEvent, useEffect, useState } from 'react';
import { useLocale } from '../locale.tsx';
import { errorSentence, fetchRooms, makeRoom, type RoomInfo } from './room-api.ts';
import { useRoomTexts } from './room-texts.ts';
import { roomHash } from './route.ts';
import { usePageTitle } from './use-page-title.ts';

/** Every room of this computer, and the way to a new one. */
export function RoomsPage() {
  const t = useRoomTexts();
  const { format } = useLocale();
  const [rooms, setRooms] = useState<RoomInfo[]>();
  const [name, setName] = useState('');
  const [making, setMaking] = useState(false);
  const [problem, setProblem] = useState<unknown>();
  usePageTitle(t.title);
  useEffect(() => {
    fetchRooms().then(setRooms, setProblem);
  }, []);

  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    if (making || name.trim() === '') return;
    setMaking(true);
    setProblem(undefined);
    makeRoom(name.trim())
      .then(
        ({ id }) => {
          location.hash = roomHash(id);
        },
        (error) => setProblem(error),
      )
      .finally(() => setMaking(false));
  };

  return (
    <main className="rooms">
      <h2 id="contents" tabIndex={-1}>
        {t.rooms}
      </h2>
      <p className="lead">{t.roomsLead}</p>
      {problem !== undefined && (
        <p className="problem" role="alert">
          {errorSentence(problem, t)}
        </p>
      )}
      <div className="room">
        <section className="card" aria-labelledby="new-title">
          <h2 id="new-title">{t.newRoom}</h2>
          <form onSubmit={onSubmit}>
            <label htmlFor="room-name">{t.roomName}</label>
            <input
              id="room-name"
              type="text"
              maxLength={200}
              autoComplete="off"
              value={name}
              aria-describedby="room-name-hint"
              onChange={(event) => setName(event.target.value)}
            />
            <button type="submit" className="send" disabled={making || name.trim() === ''}>
              {t.makeRoom}
            </button>
            <p id="room-name-hint" className="hint">
              {t.roomNameHint}
            </p>
          </form>
        </section>
        <section className="card" aria-labelledby="list-title">
          <h2 id="list-title">{t.yourRooms}</h2>
          {rooms?.length === 0 && <p className="hint">{t.noRooms}</p>}
          {!rooms && problem === undefined && <p className="hint">{t.loading}</p>}
          {rooms && rooms.length > 0 && (
            <ul className="room-list">
              {rooms.map((room) => (
                <li key={room.id}>
                  <a href={roomHash(room.id)}>
                    {room.problem ? t.damagedRoom : room.name}
                    <span className="hint">
                      {room.problem ? room.name : t.made(format.day(room.created))}
                    </span>
                  </a>
                </li>
              ))}
            </ul>
          )}
        </section>
      </div>
      <p className="hint">{t.local}</p>
    </main>
  );
}
