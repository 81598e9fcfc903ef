import { setImmediate } from 'node:timers/promises';

/** Work that may rest at each `yield`; what it holds it gives back in `finally`, for it may not be taken up again. */
export type Steps<T> = Generator<undefined, T, undefined>;

/** So long a process may be busy before somebody notices, in milliseconds. */
const SLICE = 10;

/** All of it now. */
export function atOnce<T>(steps: Steps<T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/**
 * A little at a time, so that whatever else the process does has its turn in between.
 * @param check - is asked after each rest; what it throws ends the work
 */
export async function inSlices<T>(steps: Steps<T>, check: () => void = () => {}): Promise<T> {
  try {
    check();
    let until = performance.now() + SLICE;
    for (;;) {
      const { done, value } = steps.next();
      if (done) return value;
      if (performance.now() < until) continue;
      await setImmediate();
      check();
      until = performance.now() + SLICE;
    }
  } finally {
    steps.return(undefined as T);
  }
}
