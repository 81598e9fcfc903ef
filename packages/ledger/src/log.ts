import pino, { type Logger } from 'pino';

/** JSON lines into a file; synchronous, so that nothing is lost by a kill. Never holds prompts or secrets. */
export function fileLogger(path: string): Logger {
  return pino({ base: null }, pino.destination({ dest: path, mkdir: true, sync: true }));
}

/** JSON lines to standard error, for programs that a supervisor such as systemd collects. Never holds prompts or secrets. */
export function stderrLogger(): Logger {
  return pino({ base: null }, pino.destination({ dest: 2, sync: true }));
}

/** For callers that want silence. */
export const silentLogger: Logger = pino({ level: 'silent' });
