/** Characters of a text, `end` not included. */
export interface Span {
  start: number;
  end: number;
}

export interface Segment extends Span {
  text: string;
  marked: boolean;
}

/**
 * A text cut where marks begin and end; the segments together are the text again. Marks may touch, overlap, come in any
 * order or reach beyond the text.
 */
export function markSegments(text: string, spans: readonly Span[]): Segment[] {
  const segments: Segment[] = [];
  const put = (start: number, end: number, marked: boolean) => {
    if (start >= end) return;
    const last = segments.at(-1);
    if (last?.marked === marked) {
      last.end = end;
      last.text = text.slice(last.start, end);
    } else segments.push({ start, end, text: text.slice(start, end), marked });
  };
  let at = 0;
  for (const span of spans.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
    const start = Math.max(at, Math.min(span.start, text.length));
    const end = Math.max(start, Math.min(span.end, text.length));
    put(at, start, false);
    put(start, end, true);
    at = end;
  }
  put(at, text.length, false);
  return segments;
}

/** The marks that fall into a part of the text, counted from the part's beginning. */
export function spansWithin(spans: readonly Span[], part: Span): Span[] {
  return spans
    .map(({ start, end }) => ({
      start: Math.max(start, part.start) - part.start,
      end: Math.min(end, part.end) - part.start,
    }))
    .filter(({ start, end }) => start < end);
}
