import type { HeaderFields } from './header-fields.ts';
import { noAi } from './no-ai.ts';
import { tdmReserved } from './tdm-reservation.ts';

/** A page's owner keeps it from us: the rule's label in counts, and what was found. */
export interface Reservation {
  rule: 'robots' | 'tdm-reservation' | 'noai';
  why: string;
}

/**
 * The first thing that keeps a page of the web from training, or undefined: its site's robots.txt, the TDM Reservation
 * Protocol, `noai`.
 */
export function pageReservation(page: {
  url: string;
  agents: readonly string[];
  headers?: HeaderFields;
  html?: string;
  tdmrep?: string;
  /** Of `RobotsRules` or `RobotsRecords`: why the page may not be fetched. */
  robots?: (url: string) => string | undefined;
}): Reservation | undefined {
  const robots = page.robots?.(page.url);
  if (robots !== undefined) return { rule: 'robots', why: robots };
  const tdm = tdmReserved(page);
  if (tdm !== undefined) return { rule: 'tdm-reservation', why: tdm };
  const ai = noAi(page);
  return ai === undefined ? undefined : { rule: 'noai', why: ai };
}
