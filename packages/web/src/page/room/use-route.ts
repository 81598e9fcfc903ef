import { useSyncExternalStore } from 'react';
import { parseRoute, type Route } from './route.ts';

/** The address as people and links change it. */
export function useRoute(): Route {
  const hash = useSyncExternalStore(follow, () => location.hash);
  return parseRoute(hash);
}

function follow(changed: () => void): () => void {
  addEventListener('hashchange', changed);
  return () => removeEventListener('hashchange', changed);
}
