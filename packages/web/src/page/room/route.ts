/** What the address asks for. Anything that is no room is the first page, whose own anchors stand there too. */
export type Route = { page: 'first' } | { page: 'rooms' } | { page: 'room'; room: string };

/**
 * @param hash - `location.hash`: `#/salles`, `#/salles/<room>`, or anything else
 */
export function parseRoute(hash: string): Route {
  const [, part, room, ...more] = hash.replace(/^#/, '').split('/');
  if (!hash.startsWith('#/') || part !== 'salles' || more.length > 0) return { page: 'first' };
  if (!room) return { page: 'rooms' };
  try {
    return { page: 'room', room: decodeURIComponent(room) };
  } catch {
    // A lone percent sign: no room has such a name.
    return { page: 'rooms' };
  }
}

export const ROOMS_HASH = '#/salles';

export function roomHash(room: string): string {
  return `${ROOMS_HASH}/${encodeURIComponent(room)}`;
}
