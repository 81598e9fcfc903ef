/** ggml's levels; 5 continues the line before. */
const LEVELS = ['none', 'debug', 'info', 'warn', 'error'] as const;
const CONTINUE = 5;

/** What llama.cpp wants to tell. `level` is one of ggml's: debug, info, warn, error. */
export type LogSink = (level: 'none' | 'debug' | 'info' | 'warn' | 'error', line: string) => void;

let sink: LogSink = () => {};
let level: (typeof LEVELS)[number] = 'info';
let pending = '';
let firstError = '';

/** Sends llama.cpp's own lines to `next` instead of nowhere. One sink per process, as llama.cpp has one log. */
export function setNativeLog(next: LogSink): void {
  sink = next;
}

/** The first error that llama.cpp has logged since the last call: what went wrong; later ones say what came of it. */
export function takeNativeError(): string {
  const error = firstError;
  firstError = '';
  return error;
}

/** Receives pieces of lines from llama.cpp; registered once by `libllama`. */
export function takeLine(code: number, text: string): void {
  if (code !== CONTINUE) level = LEVELS[code] ?? 'info';
  pending += text;
  for (let end = pending.indexOf('\n'); end >= 0; end = pending.indexOf('\n')) {
    const line = pending.slice(0, end).trimEnd();
    pending = pending.slice(end + 1);
    if (level === 'error') firstError ||= line;
    if (line) sink(level, line);
  }
}
