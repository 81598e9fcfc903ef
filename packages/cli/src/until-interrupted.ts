/**
 * A signal that Ctrl-C or a plain `kill` aborts, so that work can stop at a point from which it resumes. A second
 * Ctrl-C ends the process at once. Dispose to stop listening.
 */
export function untilInterrupted(): { signal: AbortSignal } & Disposable {
  const controller = new AbortController();
  const stop = () => {
    if (controller.signal.aborted) process.exit(1);
    process.stderr.write('\nlucie: stopping at the next safe point (Ctrl-C again to stop at once) …\n');
    controller.abort();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  return {
    signal: controller.signal,
    [Symbol.dispose]() {
      process.off('SIGINT', stop);
      process.off('SIGTERM', stop);
    },
  };
}
