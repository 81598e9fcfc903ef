import koffi from 'koffi';

/** Parameters of glibc's `mallopt` (`malloc.h`). */
const TRIM_THRESHOLD = -1;
const MMAP_THRESHOLD = -3;
const ARENA_MAX = -8;
/** Pieces from this size on go back to the system when they are freed. */
const LARGE = 1 << 20;

/**
 * Tells the C library to give freed memory back. By itself it keeps ever larger pieces for later, in one arena for each
 * thread that ever asked: a server that parks conversations of a megabyte grew by half until it stopped growing.
 * @returns false where the C library is another one, which does as it likes
 */
export function giveFreedMemoryBack(): boolean {
  let mallopt: (parameter: number, value: number) => number;
  try {
    mallopt = koffi.load(null).func('mallopt', 'int', ['int', 'int']) as unknown as typeof mallopt;
  } catch {
    return false;
  }
  return [mallopt(ARENA_MAX, 1), mallopt(MMAP_THRESHOLD, LARGE), mallopt(TRIM_THRESHOLD, LARGE)].every(
    (done) => done === 1,
  );
}
