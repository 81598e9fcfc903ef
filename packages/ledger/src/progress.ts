/** What a long piece of work tells about itself. Work never prints: it reports here. */
export interface Progress {
  /** Starts a step of `total` units (bytes, documents, steps), or of unknown length. */
  start(label: string, total?: number, unit?: string): void;
  /** `done` units are finished since `start`; `note` is a short live text, e.g. `loss 3.21 · 9,800 tokens/s`. */
  update(done: number, note?: string): void;
  /** Ends the step with a closing remark. */
  end(note?: string): void;
}

/** For callers that want silence. */
export const silent: Progress = { start() {}, update() {}, end() {} };

/** `1 h 05 min`, `4 min 09 s`, `12 s`. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const two = (n: number) => String(n).padStart(2, '0');
  if (whole >= 3600) return `${Math.floor(whole / 3600)} h ${two(Math.floor((whole % 3600) / 60))} min`;
  if (whole >= 60) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`;
  return `${whole} s`;
}

interface Sink {
  write(text: string): unknown;
  isTTY?: boolean;
  columns?: number;
}

/**
 * Progress for people: one line that rewrites itself on a terminal, a line every `everySeconds` elsewhere.
 * The ETA is linear in the units done since `start`.
 */
export function terminalProgress(sink: Sink = process.stderr, everySeconds = 10): Progress {
  let label = '';
  let total: number | undefined;
  let unit = '';
  let began = 0;
  let shown = 0;
  const put = (line: string, final: boolean) => {
    if (sink.isTTY) {
      const width = Math.max(20, (sink.columns ?? 100) - 1);
      sink.write(`\r\u001b[2K${line.slice(0, width)}${final ? '\n' : ''}`);
    } else sink.write(`${line}\n`);
  };
  return {
    start(newLabel, newTotal, newUnit) {
      label = newLabel;
      total = newTotal;
      unit = newUnit ? ` ${newUnit}` : '';
      began = performance.now();
      shown = began;
      put(`  ${label} …`, false);
    },
    update(done, note) {
      const now = performance.now();
      if ((now - shown) / 1000 < (sink.isTTY ? 0.2 : everySeconds)) return;
      shown = now;
      const elapsed = (now - began) / 1000;
      const amount = total ? `${((100 * done) / total).toFixed(0)} % of ${total}${unit}` : `${done}${unit}`;
      const eta = total && done > 0 ? ` · ${formatDuration((elapsed * (total - done)) / done)} left` : '';
      put(`  ${label}: ${amount}${eta}${note ? ` · ${note}` : ''}`, false);
    },
    end(note) {
      const elapsed = formatDuration((performance.now() - began) / 1000);
      put(`  ${label}: ${note ? `${note} · ` : ''}${elapsed}`, true);
    },
  };
}
