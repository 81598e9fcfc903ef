import { Languages } from '../languages.tsx';
import { RoomPage } from './room-page.tsx';
import { useRoomTexts } from './room-texts.ts';
import { RoomsPage } from './rooms-page.tsx';
import { ROOMS_HASH, type Route } from './route.ts';

/** The pages of rooms, below a header of their own. */
export function Rooms({ route }: { route: Exclude<Route, { page: 'first' }> }) {
  const t = useRoomTexts();
  return (
    <>
      {/* biome-ignore lint/a11y/useValidAnchor: it leads to a place in the page, which the address cannot name beside the room */}
      <a
        className="skip"
        href="#contents"
        onClick={(event) => {
          event.preventDefault();
          document.getElementById('contents')?.focus();
        }}
      >
        {t.skip}
      </a>
      <header>
        <h1>
          <img src="./favicon.svg" alt="" width="32" height="32" />
          LUCIE
        </h1>
        <nav aria-label={t.nav}>
          <a href="#talk">{t.navFirst}</a>
          <a href={ROOMS_HASH} aria-current={route.page === 'rooms' ? 'page' : undefined}>
            {t.rooms}
          </a>
        </nav>
        <Languages />
      </header>
      {route.page === 'room' ? <RoomPage key={route.room} id={route.room} /> : <RoomsPage />}
    </>
  );
}
