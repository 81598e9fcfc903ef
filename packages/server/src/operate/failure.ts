import type { ApiError } from '../api/api-error.ts';

/** Ends that are nobody's failure. */
const EXPECTED = new Set(['cancelled', 'stopping', 'deadline_exceeded']);
const FRAMES = 8;

/**
 * What the log may tell of a failed request: which error it was and where in the code it was thrown. Its text it may not,
 * since that may quote what somebody wrote.
 * @returns undefined for what is not worth a line: a refusal, a deadline, a stop
 */
export function failureFacts(error: ApiError): Record<string, unknown> | undefined {
  if (error.status < 500 || EXPECTED.has(error.code)) return undefined;
  const cause = error.cause instanceof Error ? error.cause : error;
  const code = (cause as { code?: unknown }).code;
  return {
    status: error.status,
    code: error.code,
    name: cause.name,
    ...(typeof code === 'string' && /^[A-Z_0-9]{1,40}$/.test(code) ? { thrown: code } : {}),
    frames: frames(cause),
  };
}

/** The stack's places without the message, which comes first and may itself look like one. */
function frames({ stack = '', message }: Error): string[] {
  const at = stack.indexOf(message);
  if (at < 0) return [];
  const lines = stack.slice(at + message.length).split('\n');
  return lines
    .filter((line) => /^ {4}at /.test(line))
    .slice(0, FRAMES)
    .map((line) => line.trim().slice(0, 300));
}
