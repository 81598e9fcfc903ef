import type { ReactNode } from 'react';
import { useRoomTexts } from './room-texts.ts';

/** Holds a table that may be wider than its place: it scrolls by itself, also by keyboard. */
export function TableBox({ children }: { children: ReactNode }) {
  const t = useRoomTexts();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className="page-table" aria-label={t.table} tabIndex={0}>
      <table>{children}</table>
    </section>
  );
}
