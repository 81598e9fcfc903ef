/** A document that asks for room, and its place in the order in which documents ask. */
export interface Asking {
  place: number;
  bytes: number;
}

/** The documents that stay: those placed before `end` less the ones in `left`. */
export interface WithinCap {
  end: number;
  left: number[];
}

/**
 * Who stays within a cap. Documents are taken in the order given, but one larger than all that was taken before waits
 * until that is no longer so, or comes at the end; the first one taken that does not fit ends it. The cap has no part in
 * the order, so a larger cap holds what a smaller one does, and as long as the smallest document is asked first a
 * document that fills the cap alone keeps nobody else out. What stays is more than half of the cap, unless none of those
 * left would have fitted.
 * @param asking - by place, counted from 1; those that wait are held in memory
 */
export async function withinCap(asking: AsyncIterable<Asking>, maxBytes: number): Promise<WithinCap> {
  const waiting = new SmallestFirst();
  let filled = 0;
  let last = 0;
  for await (const document of asking) {
    last = document.place;
    if (filled > 0 && document.bytes > filled) {
      waiting.add(document);
      continue;
    }
    if (filled + document.bytes > maxBytes) return { end: last, left: waiting.places() };
    filled += document.bytes;
    for (let next = waiting.first(); next && next.bytes <= filled; next = waiting.first()) {
      if (filled + next.bytes > maxBytes) return { end: last + 1, left: waiting.places() };
      filled += waiting.take().bytes;
    }
  }
  for (let next = waiting.first(); next && filled + next.bytes <= maxBytes; next = waiting.first())
    filled += waiting.take().bytes;
  return { end: last + 1, left: waiting.places() };
}

/** A heap: the smallest first, of equal ones the first that asked. */
class SmallestFirst {
  #heap: Asking[] = [];

  first(): Asking | undefined {
    return this.#heap[0];
  }

  places(): number[] {
    return this.#heap.map(({ place }) => place);
  }

  add(document: Asking): void {
    const heap = this.#heap;
    let at = heap.length;
    for (let up = (at - 1) >> 1; at > 0 && before(document, heap[up]!); up = (at - 1) >> 1) {
      heap[at] = heap[up]!;
      at = up;
    }
    heap[at] = document;
  }

  /** Takes the first out; there must be one. */
  take(): Asking {
    const heap = this.#heap;
    const first = heap[0]!;
    const moved = heap.pop()!;
    if (heap.length === 0) return first;
    let at = 0;
    for (;;) {
      let down = 2 * at + 1;
      if (down >= heap.length) break;
      if (down + 1 < heap.length && before(heap[down + 1]!, heap[down]!)) down++;
      if (!before(heap[down]!, moved)) break;
      heap[at] = heap[down]!;
      at = down;
    }
    heap[at] = moved;
    return first;
  }
}

function before(a: Asking, b: Asking): boolean {
  return a.bytes - b.bytes < 0 || (a.bytes === b.bytes && a.place < b.place);
}
